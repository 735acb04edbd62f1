import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Session, sessionKey, useSession } from './session';

/** What was typed, and the IIN of whoever typed it: another person who signs in at the same window is shown nothing of it. */
type Kept<T> = { by: string; value: T };

/** What one person keeps in this window: he reads nothing of another's, and nothing is kept for him once another has signed in. */
export type OwnDrafts = {
  /** Whether nobody else has signed in at this window since. */
  own: () => boolean;
  read: (key: string) => unknown;
  keep: (key: string, value: unknown) => void;
};

/** Drafts of the person `by`; `signedIn` is who has signed in last, if that is known. Not known whose: nothing is kept. */
export function draftsOf(by: string | undefined, signedIn: () => string | undefined): OwnDrafts {
  const own = () => by === undefined || (signedIn() ?? by) === by;
  return {
    own,
    read: (key) => {
      const kept = keptUnder(key);
      return kept && kept.by === by ? kept.value : undefined;
    },
    keep: (key, value) => {
      if (!by || !own()) return;
      try {
        sessionStorage.setItem(key, JSON.stringify({ by, value } satisfies Kept<unknown>));
      } catch {
        // A full or forbidden store: the text still stands in the page.
      }
    },
  };
}

/** The drafts of whoever opened this page: it outlives his session, and is not another's for the moment in which he signs in over it. */
export function useOwnDrafts(): OwnDrafts {
  const queries = useQueryClient();
  const iin = useSession().data?.iin;
  const opener = useRef(iin);
  opener.current ??= iin;
  const by = opener.current;
  // A session that is said to have ended tells of nobody, while the browser may still hold the one of whoever has signed in last.
  const last = useRef(iin);
  useEffect(() => {
    if (iin) last.current = iin;
  }, [iin]);
  return useMemo(
    () => draftsOf(by, () => queries.getQueryData<Session>(sessionKey)?.iin ?? last.current),
    [by, queries],
  );
}

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
  const drafts = useOwnDrafts();
  const [value, setValue] = useState<T>(() => (drafts.read(key) as T | undefined) ?? initial);
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      drafts.keep(key, next);
    },
    [key, drafts],
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
