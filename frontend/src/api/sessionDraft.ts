import { useCallback, useRef, useState } from 'react';
import { useSession } from './session';

/** What was typed, and the IIN of whoever typed it: another person who signs in at the same window is shown nothing of it. */
type Kept<T> = { by: string; value: T };

function keptUnder(key: string): Kept<unknown> | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    return typeof kept === 'object' && kept !== null && 'by' in kept && 'value' in kept
      ? (kept as Kept<unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a person types for one application, kept in this window until it is sent: a reload, a dead session or a colleague's faster click takes
 * nothing away. Not localStorage: the text must not outlive the window on a shared machine.
 */
export function useSessionDraft<T>(key: string, initial: T): [T, (next: T) => void, () => void] {
  const iin = useSession().data?.iin;
  // Whose page it is: it outlives his session, and is not another's for the moment in which he signs in over it.
  const by = useRef(iin);
  by.current ??= iin;
  const [value, setValue] = useState<T>(() => {
    const kept = keptUnder(key);
    return kept && kept.by === iin ? (kept.value as T) : initial;
  });
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      if (!by.current) return;
      try {
        sessionStorage.setItem(key, JSON.stringify({ by: by.current, value: next } satisfies Kept<T>));
      } catch {
        // A full or forbidden store: the text still stands in the page.
      }
    },
    [key],
  );
  const forget = useCallback(() => forgetSessionDraft(key), [key]);
  return [value, keep, forget];
}

export function forgetSessionDraft(key: string): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

/** Nothing that others have typed at this window stays in it when this person signs in. */
export function forgetDraftsOfOthers(iin: string | undefined): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      const kept = keptUnder(key);
      if (kept && kept.by !== iin) sessionStorage.removeItem(key);
    }
  } catch {
    // As above.
  }
}
