import { useCallback, useState } from 'react';

function read<T>(key: string, fallback: T): T {
  try {
    const kept = sessionStorage.getItem(key);
    return kept === null ? fallback : (JSON.parse(kept) as T);
  } catch {
    return fallback;
  }
}

/**
 * What an official types for one application, kept in this window until it is sent: a reload, a dead session or a colleague's faster click
 * takes nothing away. Not localStorage: the text must not outlive the window on a shared machine.
 */
export function useSessionDraft<T>(key: string, initial: T): [T, (next: T) => void, () => void] {
  const [value, setValue] = useState<T>(() => read(key, initial));
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      try {
        sessionStorage.setItem(key, JSON.stringify(next));
      } catch {
        // A full or forbidden store: the text still stands in the page.
      }
    },
    [key],
  );
  const forget = useCallback(() => {
    try {
      sessionStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  }, [key]);
  return [value, keep, forget];
}
