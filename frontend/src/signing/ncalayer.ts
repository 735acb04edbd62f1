import type { NCALayerClient } from 'ncalayer-js-client';
import type { Language } from '@/i18n/language';
import { plainBase64, toBase64 } from './base64';
import { type Signer, SigningError, type SignOptions, throwIfStopped } from './signer';

export type NCALayerSettings = {
  /** wss://127.0.0.1:13579 in life; tests and the demo may name another. */
  url: string;
  language: Language;
  /** signature: only keys meant for signing; any: also those for authentication (sign-in). */
  keys: 'signature' | 'any';
  /** Demo certificates have no chain to the national authority, so the program is told not to build one. */
  demo: boolean;
};

const connectTimeoutMs = 8000;

async function loadClient() {
  // Loaded only when somebody signs: most visits never do.
  return (await import('ncalayer-js-client')).NCALayerClient;
}

async function connect(url: string, signal: AbortSignal): Promise<{ client: NCALayerClient; version: string }> {
  const Client = await loadClient();
  throwIfStopped(signal);
  const client = new Client(url, false);
  // The client asks a hardware vendor's own address after connecting even when told not to use it; an address that cannot be parsed ends
  // that without a request.
  client.kmdHttpApiUrl = 'https://';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SigningError('program_not_running')), connectTimeoutMs);
    signal.addEventListener('abort', () => reject(new SigningError('cancelled')), { once: true });
  });
  try {
    const version = await Promise.race([client.connect(), stop]);
    return { client, version };
  } catch (error) {
    close(client);
    throw error instanceof SigningError ? error : new SigningError('program_not_running');
  } finally {
    clearTimeout(timer);
  }
}

function close(client: NCALayerClient): void {
  try {
    client.wsConnection?.close();
  } catch {
    // Already closed or never opened: nothing is left to close.
  }
}

/** Asks the program whether it runs; gives its version. Throws SigningError program_not_running. */
export async function ncalayerVersion(
  url: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  const { client, version } = await connect(url, signal);
  close(client);
  return version;
}

/** Signs through the national program (kz-pki/FACTS.md §3): the person chooses the key and types the password there. */
export class NCALayerSigner implements Signer {
  private readonly settings: NCALayerSettings;
  constructor(settings: NCALayerSettings) {
    this.settings = settings;
  }

  async sign(content: Uint8Array, { signal }: SignOptions): Promise<string> {
    throwIfStopped(signal);
    const Client = await loadClient();
    const { client } = await connect(this.settings.url, signal);
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new SigningError('cancelled')), { once: true });
    });
    const { demo, keys, language } = this.settings;
    const who = demo
      ? Client.basicsSignerTestAny
      : keys === 'any'
        ? Client.basicsSignerAny
        : Client.basicsSignerSignAny;
    try {
      const cms = await Promise.race([
        client.basicsSignCMS(
          Client.basicsStorageAll,
          toBase64(content),
          Client.basicsCMSParamsDetachedNoTSP,
          who,
          language,
        ),
        stopped,
      ]);
      if (typeof cms !== 'string' || cms === '') throw new SigningError('program_error');
      return plainBase64(cms);
    } catch (error) {
      throw failure(error, client);
    } finally {
      close(client);
    }
  }
}

function failure(error: unknown, client: NCALayerClient): SigningError {
  if (error instanceof SigningError) return error;
  const told = error as { canceledByUser?: boolean; message?: string } | undefined;
  if (told?.canceledByUser) return new SigningError('cancelled');
  // A line that is no longer open means that the program was closed meanwhile; anything else is its own refusal.
  if (client.wsConnection && client.wsConnection.readyState !== WebSocket.OPEN) return new SigningError('program_lost');
  return new SigningError('program_error', told?.message);
}
