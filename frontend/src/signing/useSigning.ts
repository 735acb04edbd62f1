import { useCallback, useEffect, useRef, useState } from 'react';
import { useReadConfig } from '@/api/config';
import { useLanguage } from '@/i18n/useLanguage';
import { fromBase64 } from './base64';
import { type DemoKey, fetchDemoKey } from './demoKeys';
import { type KeyFile, KeyFileSigner } from './keyFile';
import { NCALayerSigner } from './ncalayer';
import { type Signer, SigningError, throwIfStopped } from './signer';

/** What is to be signed, as DocumentToSign and Challenge of the contract give it. */
export type ToSign = {
  /** base64 of the exact bytes */
  content: string;
  signingTime?: boolean;
  files?: readonly { name: string; size: number }[];
};

export type Way = { kind: 'ncalayer' } | { kind: 'keyFile'; key: KeyFile } | { kind: 'demo'; key: DemoKey };

export type SigningState =
  | { phase: 'idle' }
  | { phase: 'preparing'; way: Way['kind'] }
  | { phase: 'waiting'; way: Way['kind']; toSign: ToSign; preparedAt: string; since: number }
  | { phase: 'sending'; way: Way['kind']; toSign: ToSign; preparedAt: string; signedAt: string }
  | { phase: 'failed'; way: Way['kind']; error: unknown };

export type SigningTask<T extends ToSign> = {
  /** Asks the server for the bytes; called anew at each attempt, so that a changed document is never signed by its old bytes. */
  prepare: () => Promise<T>;
  /** Hands the CMS over. Throws ApiError when the server does not accept it. */
  send: (cms: string, toSign: T) => Promise<unknown>;
  keys?: 'signature' | 'any';
};

/** The course of one signing: prepare, sign in the chosen way, send. A failure keeps everything; starting again is always possible. */
export function useSigning<T extends ToSign>({ prepare, send, keys = 'signature' }: SigningTask<T>) {
  const [state, setState] = useState<SigningState>({ phase: 'idle' });
  const readConfig = useReadConfig();
  const language = useLanguage();
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const signerFor = useCallback(
    async (way: Way): Promise<Signer> => {
      if (way.kind === 'keyFile') return new KeyFileSigner(way.key);
      if (way.kind === 'demo') return new KeyFileSigner(await fetchDemoKey(way.key));
      const { ncalayerUrl, demo } = await readConfig();
      return new NCALayerSigner({ url: ncalayerUrl, language, keys, demo });
    },
    [readConfig, language, keys],
  );

  const start = async (way: Way): Promise<void> => {
    running.current?.abort();
    const attempt = new AbortController();
    running.current = attempt;
    const { signal } = attempt;
    const show = (next: SigningState) => {
      if (running.current === attempt) setState(next);
    };
    show({ phase: 'preparing', way: way.kind });
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new SigningError('cancelled')), { once: true });
    });
    try {
      const toSign = await Promise.race([prepare(), stopped]);
      const preparedAt = new Date().toISOString();
      show({ phase: 'waiting', way: way.kind, toSign, preparedAt, since: Date.now() });
      const signer = await Promise.race([signerFor(way), stopped]);
      const cms = await signer.sign(fromBase64(toSign.content), { signingTime: toSign.signingTime ?? true, signal });
      throwIfStopped(signal);
      show({ phase: 'sending', way: way.kind, toSign, preparedAt, signedAt: new Date().toISOString() });
      await send(cms, toSign);
      show({ phase: 'idle' });
    } catch (error) {
      show({ phase: 'failed', way: way.kind, error });
    }
  };

  return {
    state,
    start,
    /** Stops waiting for the program or the key; once the signature is on its way to the server there is nothing to stop. */
    cancel: () => running.current?.abort(),
    reset: () => {
      running.current?.abort();
      running.current = null;
      setState({ phase: 'idle' });
    },
  };
}

export type Signing = ReturnType<typeof useSigning>;
