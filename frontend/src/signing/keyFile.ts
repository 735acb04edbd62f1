import { toBase64 } from './base64';
import type { KeyFileReply, KeyFileRequest } from './keyFileWorker';
import { type Signer, SigningError, type SignOptions, throwIfStopped } from './signer';

/** A key file is a few kilobytes; anything larger is not one, and is not read. */
export const maxKeyFileBytes = 256 * 1024;

export type KeyFile = { bytes: Uint8Array; password: string };

/**
 * Signs with a .p12 that is opened in this page by our own code (WebAssembly, in a worker so that the page stays alive). Neither the file
 * nor the password leaves the device. The worker lives for one signature and takes what it knew with it.
 */
export class KeyFileSigner implements Signer {
  private readonly key: KeyFile;
  private readonly makeWorker: () => Worker;
  constructor(key: KeyFile, makeWorker: () => Worker = newWorker) {
    this.key = key;
    this.makeWorker = makeWorker;
  }

  async sign(content: Uint8Array, { signingTime, signal }: SignOptions): Promise<string> {
    throwIfStopped(signal);
    if (this.key.bytes.length === 0 || this.key.bytes.length > maxKeyFileBytes)
      throw new SigningError('key_file_unreadable');
    const worker = this.makeWorker();
    try {
      return await new Promise<string>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new SigningError('cancelled')), { once: true });
        worker.onerror = () => reject(new SigningError('signer_not_loaded'));
        worker.onmessage = ({ data }: MessageEvent<KeyFileReply>) => {
          if ('cms' in data) resolve(toBase64(data.cms));
          else reject(new SigningError(data.failure, data.said));
        };
        const request: KeyFileRequest = { p12: this.key.bytes, password: this.key.password, content, signingTime };
        worker.postMessage(request);
      });
    } finally {
      worker.terminate();
    }
  }
}

function newWorker(): Worker {
  return new Worker(new URL('./keyFileWorker.ts', import.meta.url), { type: 'module' });
}
