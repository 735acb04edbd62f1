import { describe, expect, it, vi } from 'vitest';
import { KeyFileSigner, maxKeyFileBytes } from './keyFile';
import type { KeyFileReply, KeyFileRequest } from './keyFileWorker';

type Answer = (request: KeyFileRequest) => KeyFileReply | 'crash' | 'silence';

function worker(answer: Answer) {
  const made = {
    onmessage: null as ((event: MessageEvent) => void) | null,
    onerror: null as (() => void) | null,
    asked: [] as KeyFileRequest[],
    terminate: vi.fn(),
    postMessage(request: KeyFileRequest) {
      made.asked.push(request);
      const reply = answer(request);
      queueMicrotask(() => {
        if (reply === 'crash') made.onerror?.();
        else if (reply !== 'silence') made.onmessage?.(new MessageEvent('message', { data: reply }));
      });
    },
  };
  return made;
}

const key = { bytes: new Uint8Array([1, 2, 3]), password: 'Qwerty12' };
const content = new Uint8Array([9, 9]);

function sign(answer: Answer, signal = new AbortController().signal, bytes = key.bytes) {
  const made = worker(answer);
  const signer = new KeyFileSigner({ ...key, bytes }, () => made as unknown as Worker);
  return { made, result: signer.sign(content, { signingTime: false, signal }) };
}

describe('signing with a key file', () => {
  it('hands the bytes to the signer and gives base64', async () => {
    const { made, result } = sign(() => ({ cms: new Uint8Array([77, 73, 73]) }));
    await expect(result).resolves.toBe('TUlJ');
    expect(made.asked).toEqual([{ p12: key.bytes, password: 'Qwerty12', content, signingTime: false }]);
  });

  it.each([
    'wrong_password',
    'key_file_unreadable',
    'key_file_unsupported',
    'no_signing_key',
    'signer_not_loaded',
  ] as const)('tells %s apart', async (failure) => {
    await expect(sign(() => ({ failure })).result).rejects.toMatchObject({ code: failure });
  });

  it('says that the signer did not load when the worker breaks', async () => {
    await expect(sign(() => 'crash').result).rejects.toMatchObject({ code: 'signer_not_loaded' });
  });

  it('ends the worker after every outcome, so that the key is gone', async () => {
    for (const answer of [() => ({ cms: content }), () => ({ failure: 'wrong_password' }), () => 'crash'] as Answer[]) {
      const { made, result } = sign(answer);
      await result.catch(() => {});
      expect(made.terminate).toHaveBeenCalledOnce();
    }
  });

  it('stops when the person stops', async () => {
    const stop = new AbortController();
    const { made, result } = sign(() => 'silence', stop.signal);
    stop.abort();
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
    expect(made.terminate).toHaveBeenCalledOnce();
  });

  it.each([0, maxKeyFileBytes + 1])('does not open a file of %i bytes', async (size) => {
    const { made, result } = sign(() => ({ cms: content }), undefined, new Uint8Array(size));
    await expect(result).rejects.toMatchObject({ code: 'key_file_unreadable' });
    expect(made.asked).toHaveLength(0);
  });
});
