import type { SigningFailureCode } from './signer';

export type KeyFileRequest = { p12: Uint8Array; password: string; content: Uint8Array; signingTime: boolean };
export type KeyFileReply = { cms: Uint8Array } | { failure: SigningFailureCode; said?: string };

/** What signing/wasm puts into the global scope. */
type WasmSigner = {
  open(p12: Uint8Array, password: string): unknown;
  sign(handle: unknown, content: Uint8Array, options: { signingTime: boolean }): unknown;
  close(handle: unknown): unknown;
};
type Scope = {
  Go: new () => { importObject: WebAssembly.Imports; run(instance: WebAssembly.Instance): Promise<void> };
  elicensingSigner?: WasmSigner;
};

const scope = globalThis as unknown as Scope;

async function load(): Promise<WasmSigner> {
  // Both files are made by `make` beside the pages and are fetched only here. wasm_exec.js puts Go into the global scope.
  const runtime = '/wasm_exec.js';
  await import(/* @vite-ignore */ runtime);
  const go = new scope.Go();
  const { instance } = await WebAssembly.instantiateStreaming(fetch('/signer.wasm'), go.importObject);
  void go.run(instance);
  if (!scope.elicensingSigner) throw new Error('the signer did not start');
  return scope.elicensingSigner;
}

// Codes of signing/pkcs12 and signing/wasm as they are told to a person.
const failures: Record<string, SigningFailureCode> = {
  wrong_password: 'wrong_password',
  unreadable: 'key_file_unreadable',
  unsupported: 'key_file_unsupported',
  unsupported_algorithm: 'key_file_unsupported',
  no_key: 'no_signing_key',
};

function failureOf(error: unknown): KeyFileReply {
  const code = (error as { code?: unknown } | undefined)?.code;
  const known = typeof code === 'string' ? failures[code] : undefined;
  return known
    ? { failure: known }
    : { failure: 'key_file_unreadable', said: typeof code === 'string' ? code : undefined };
}

globalThis.onmessage = async ({ data }: MessageEvent<KeyFileRequest>) => {
  let signer: WasmSigner;
  try {
    signer = await load();
  } catch {
    globalThis.postMessage({ failure: 'signer_not_loaded' } satisfies KeyFileReply);
    return;
  }
  try {
    const handle = await signer.open(data.p12, data.password);
    try {
      const cms = (await signer.sign(handle, data.content, { signingTime: data.signingTime })) as Uint8Array;
      globalThis.postMessage({ cms } satisfies KeyFileReply);
    } finally {
      await signer.close(handle);
    }
  } catch (error) {
    globalThis.postMessage(failureOf(error));
  }
};
