import { useCallback, useEffect, useRef } from 'react';
import type { Application, HistoryEvent } from '@/api/applications';
import { useSessionDraft } from '@/api/sessionDraft';

/** What was last sent of what is typed, and how long the history was then. */
type Sent<T, B> = { typed: T; body: B; seen: number };

export type StepDraft<T, B> = {
  value: T;
  change: (value: T) => void;
  /** What goes to the server, remembered until it is known what came of it. */
  take: (body: B) => B;
  /** The step is done with it: the form is empty for the next time. */
  forget: () => void;
  /** The same for a page that is about to be left, which stays as it is until then. */
  release: () => void;
};

/**
 * What an official types for a step, kept in this window until that step is done with it. The answer to the press may be lost on the way: then
 * the history that was read anew tells that it has happened. It belongs to the page and not to the form, which is not there any more by then.
 * `onFound` is told so. What was typed after the press stays, and so does what a colleague has overtaken with words of his own.
 */
export function useStepDraft<T, B>(
  key: string,
  { history }: Application,
  initial: T,
  isDone: (event: HistoryEvent, body: B) => boolean,
  onFound: () => void,
): StepDraft<T, B> {
  const [value, keep, forgetValue] = useSessionDraft<T>(key, initial);
  const [sent, keepSent, forgetSent] = useSessionDraft<Sent<T, B> | null>(`${key}:sent`, null);
  const happened = sent !== null && history.slice(sent.seen).some((event) => isDone(event, sent.body));
  const asSent = sent !== null && JSON.stringify(sent.typed) === JSON.stringify(value);
  const settle = useCallback(() => {
    keepSent(null);
    forgetSent();
  }, [keepSent, forgetSent]);
  const release = useCallback(() => {
    forgetValue();
    settle();
  }, [forgetValue, settle]);
  const forget = useCallback(() => {
    keep(initial);
    release();
  }, [keep, initial, release]);
  const found = useRef(onFound);
  useEffect(() => {
    found.current = onFound;
  });
  useEffect(() => {
    if (!happened) return;
    if (asSent) forget();
    else settle();
    found.current();
  }, [happened, asSent, forget, settle]);
  return {
    value,
    change: keep,
    take: (body) => {
      keepSent({ typed: value, body, seen: history.length });
      return body;
    },
    forget,
    release,
  };
}
