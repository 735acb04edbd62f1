declare module 'ncalayer-js-client' {
  type Params = Record<string, unknown>;
  export class NCALayerClient {
    static readonly basicsStorageAll: string[] | null;
    static readonly basicsCMSParamsDetachedNoTSP: Params;
    static readonly basicsSignerAny: Params;
    static readonly basicsSignerSignAny: Params;
    static readonly basicsSignerTestAny: Params;
    constructor(url?: string, allowKmdHttpApi?: boolean);
    wsConnection: WebSocket | null;
    kmdHttpApiUrl: string;
    connect(): Promise<string>;
    basicsSignCMS(
      storages: string[] | null,
      data: string,
      params: Params,
      signer: Params,
      locale?: string,
    ): Promise<string>;
  }
}
