import { useSyncExternalStore } from 'react';
import type { components } from '@/api/schema.gen';

/** Which of a demo person's two key files is meant. */
export type KeyAlgorithm = components['schemas']['KeyAlgorithm'];

const store = 'demo-key-algorithm';
const listeners = new Set<() => void>();
let unkept: KeyAlgorithm = 'rsa'; // the choice in a browser that keeps nothing

function chosen(): KeyAlgorithm {
  try {
    return sessionStorage.getItem(store) === 'gost' ? 'gost' : 'rsa';
  } catch {
    return unkept;
  }
}

function choose(algorithm: KeyAlgorithm): void {
  unkept = algorithm;
  try {
    sessionStorage.setItem(store, algorithm);
  } catch {
    // A full or forbidden store: the choice holds until the page is left.
  }
  for (const tell of listeners) tell();
}

function listen(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** The choice of whoever plays the demonstration, in every place of the page and for this window's session. */
export function useKeyAlgorithm(): [KeyAlgorithm, (algorithm: KeyAlgorithm) => void] {
  return [useSyncExternalStore(listen, chosen), choose];
}
