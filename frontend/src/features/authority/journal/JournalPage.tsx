import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useReader } from '@/api/session';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { useFormat } from '@/ui/useFormat';
import { useIncomingJournal } from '../queries';
import styles from './journal.module.css';

/** The journal of incoming correspondence (R5.1), to be read and printed. */
export function JournalPage() {
  const { t } = useTranslation('authority');
  const text3 = useText3();
  const format = useFormat();
  const session = useReader();
  const journal = useIncomingJournal();
  const entries = journal.data?.pages.flatMap((page) => page.entries) ?? [];
  const title = t('incoming.title');
  return (
    <>
      <DocumentTitle title={title} />
      <div className={styles.head}>
        <div>
          <h1>{title}</h1>
          <p className="quiet small">
            {[text3(session?.authorityName), journal.data && t('incoming.shown', { count: entries.length })]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        {entries.length > 0 && (
          <span className={styles.screen}>
            <Button variant="second" size="dense" onClick={() => window.print()}>
              {t('incoming.print')}
            </Button>
          </span>
        )}
      </div>
      {journal.isError && <ErrorNote error={journal.error} onRetry={() => journal.refetch()} />}
      {journal.isPending && <Loading />}
      {journal.data && entries.length === 0 && (
        <EmptyState title={t('incoming.empty')}>{t('incoming.emptyText')}</EmptyState>
      )}
      {entries.length > 0 && (
        <table className={`table table--dense cards ${styles.table}`}>
          <caption className="vh">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{t('incoming.number')}</th>
              <th scope="col">{t('incoming.at')}</th>
              <th scope="col">{t('incoming.application')}</th>
              <th scope="col">{t('queue.applicant')}</th>
              <th scope="col">{t('incoming.by')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.applicationId}>
                <th scope="row" className="nowrap">
                  № {entry.incomingNumber}
                </th>
                <td data-k={t('journal.when')}>
                  <time dateTime={entry.registeredAt}>
                    {format.numeric(entry.registeredAt)}, {format.time(entry.registeredAt)}
                  </time>
                </td>
                <td className="nowrap" data-k={t('incoming.application')}>
                  <Link to={paths.workApplication(entry.applicationId)}>{entry.applicationNumber}</Link>
                </td>
                <td data-k={t('queue.applicant')}>{entry.applicantName}</td>
                <td data-k={t('incoming.by')}>{entry.registeredBy || '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {journal.hasNextPage && (
        <p className={`after-title ${styles.screen}`}>
          <Button
            variant="second"
            onClick={() => journal.fetchNextPage()}
            busy={journal.isFetchingNextPage && t('more.busy')}
          >
            {t('more.show')}
          </Button>
        </p>
      )}
    </>
  );
}
