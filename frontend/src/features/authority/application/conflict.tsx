import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Application } from '@/api/applications';
import { Note } from '@/ui/Note';
import { useFormat } from '@/ui/useFormat';
import { isConflict } from '../queries';
import { useEventText } from './eventText';

/** A press that came too late: how long the history was when it was made, and what was typed for it. */
export type Conflict = { seen: number; unsent?: string | undefined };

/** Remembers a press that a colleague has overtaken. `take` tells whether the error was such a one. */
export function useConflict(application: Application | undefined) {
  const [conflict, setConflict] = useState<Conflict>();
  const take = (error: unknown, unsent?: string): boolean => {
    if (!isConflict(error)) return false;
    setConflict({ seen: application?.history.length ?? 0, unsent });
    return true;
  };
  return { conflict, take, clear: () => setConflict(undefined) };
}

/** What a colleague did meanwhile, by the history that was read anew, and the text that was not sent. */
export function ConflictNote({ conflict, application }: { conflict: Conflict; application: Application }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const said = useEventText();
  const since = application.history.slice(conflict.seen).filter((event) => !event.action.endsWith('_failed'));
  return (
    <Note kind="attention" title={t('conflict.title')} alert>
      <div className="stack">
        {since.length === 0 ? (
          <p>{t('conflict.text')}</p>
        ) : (
          <ul className="plain">
            {since.map((event) => (
              <li key={`${event.at}${event.action}`}>
                {format.moment(event.at, { year: false })}&nbsp;— {said(event).what}
                {event.actorName && `, ${event.actorName}`}
              </li>
            ))}
          </ul>
        )}
        <p>{t('conflict.now')}</p>
        {conflict.unsent && (
          <>
            <p>
              <b>{t('conflict.unsent')}</b>
            </p>
            <blockquote className="measure">{conflict.unsent}</blockquote>
          </>
        )}
      </div>
    </Note>
  );
}
