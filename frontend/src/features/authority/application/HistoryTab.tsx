import { useTranslation } from 'react-i18next';
import type { Application } from '@/api/applications';
import { Button } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { useFormat } from '@/ui/useFormat';
import { useJournal } from '../queries';
import { useEventText, useFileFacts } from './eventText';
import styles from './file.module.css';

/** The journal of this application in full: when, what, who. Rows are only ever added. */
export function HistoryTab({ application }: { application: Application }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const said = useEventText();
  const factsOf = useFileFacts(application);
  const journal = useJournal(application);
  if (journal.isError && !journal.data) return <ErrorNote error={journal.error} onRetry={() => journal.refetch()} />;
  if (journal.isPending) return <Loading />;
  const events = journal.data.pages.flatMap((page) => page.events);
  return (
    <>
      <table className={`table table--dense cards ${styles.history}`}>
        <caption>{t('journal.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('journal.when')}</th>
            <th scope="col">{t('journal.what')}</th>
            <th scope="col">{t('journal.who')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event, index) => {
            const { what, facts: kept } = said(event);
            const facts = [...kept, ...factsOf(event, events)];
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of the journal are only added at the end
              <tr key={index}>
                <td className="nowrap">
                  <time dateTime={event.at}>
                    {format.numeric(event.at)}, {format.timeExact(event.at)}
                  </time>
                </td>
                <td data-k={t('journal.what')}>
                  <span>
                    <b>{what}</b>
                    {facts.length > 0 && <small className={styles.facts}>{facts.join(' · ')}</small>}
                  </span>
                </td>
                <td data-k={t('journal.who')}>
                  <span>
                    {event.actorName || (event.actorRole && t(`actor.${event.actorRole}`))}
                    {event.actorName && event.actorRole && (
                      <small className={styles.facts}>{t(`actor.${event.actorRole}`)}</small>
                    )}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {journal.hasNextPage && (
        <Button
          variant="second"
          onClick={() => void journal.fetchNextPage()}
          busy={journal.isFetchingNextPage && t('more.busy')}
        >
          {t('more.show')}
        </Button>
      )}
    </>
  );
}
