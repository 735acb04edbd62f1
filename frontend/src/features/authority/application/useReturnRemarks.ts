import { useCallback, useEffect } from 'react';
import type { Application } from '@/api/applications';
import { useSessionDraft } from '@/api/sessionDraft';

/** What the head has typed, and what he last sent of it: how long the history was then. */
type Kept = { text: string; sent?: { text: string; seen: number } };
const nothing: Kept = { text: '' };

export type ReturnRemarks = ReturnType<typeof useReturnRemarks>;

/**
 * The head's remarks, kept in this window until the decision has gone back with them. The answer to the press may be lost on the way: then the
 * history that was read anew tells that it has happened. They belong to the page and not to the form, which is not there any more by then.
 */
export function useReturnRemarks({ id, history }: Application) {
  const [kept, keep, forgetKept] = useSessionDraft<Kept>(`return:${id}`, nothing);
  const { text, sent } = kept;
  const happened =
    sent !== undefined &&
    history.slice(sent.seen).some(({ action, params }) => action === 'return' && params?.remarks === sent.text);
  const forget = useCallback(() => {
    keep(nothing);
    forgetKept();
  }, [keep, forgetKept]);
  useEffect(() => {
    if (happened) forget();
  }, [happened, forget]);
  return {
    text,
    change: (text: string) => keep({ ...kept, text }),
    /** The remarks as they go to the server. */
    take: () => {
      const sent = text.trim();
      keep({ text, sent: { text: sent, seen: history.length } });
      return sent;
    },
    forget,
  };
}
