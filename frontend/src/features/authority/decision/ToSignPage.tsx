import { useTranslation } from 'react-i18next';
import { useReader } from '@/api/session';
import { paths } from '@/app/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorNote';
import { Icon } from '@/ui/Icon';
import { Loading } from '@/ui/Loading';
import { useFormat } from '@/ui/useFormat';
import { type QueueItem, useQueue } from '../queries';
import styles from '../queue/queue.module.css';
import { urgencyOf, useStepDue, useTimeLeft } from '../timeLeft';

/** The decisions that wait for the head's signature, the most urgent first. */
export function ToSignPage() {
  const { t } = useTranslation('authority');
  const session = useReader();
  const queue = useQueue({ show: 'mine', step: 'sign' }, '');
  const pages = queue.data?.pages ?? [];
  const now = pages[0]?.now;
  const items = pages.flatMap((page) => page.items);
  const title = t('toSign.title');
  if (session && !session.roles?.includes('head')) {
    return (
      <>
        <DocumentTitle title={title} />
        <h1>{title}</h1>
        <p>{t('toSign.headOnly')}</p>
      </>
    );
  }
  return (
    <>
      <DocumentTitle title={title} />
      <div className={styles.head}>
        <div>
          <h1>{title}</h1>
          <p className="quiet small">{t('toSign.lead')}</p>
        </div>
      </div>
      {queue.isError && <ErrorNote error={queue.error} onRetry={() => queue.refetch()} />}
      {queue.isPending && <Loading />}
      {now && items.length === 0 && !queue.hasNextPage && (
        <EmptyState
          title={t('toSign.empty')}
          action={
            <ButtonLink variant="second" to={paths.work}>
              {t('queue.title')}
            </ButtonLink>
          }
        >
          {t('toSign.emptyText')}
        </EmptyState>
      )}
      {now && items.length > 0 && <Decisions items={items} now={now} />}
      {queue.hasNextPage && (
        <p className="after-title">
          <Button
            variant="second"
            onClick={() => queue.fetchNextPage()}
            busy={queue.isFetchingNextPage && t('more.busy')}
          >
            {t('more.show')}
          </Button>
        </p>
      )}
    </>
  );
}

function Decisions({ items, now }: { items: readonly QueueItem[]; now: string }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const timeLeft = useTimeLeft();
  const due = useStepDue();
  return (
    <table className={`table cards ${styles.table}`}>
      <caption className="vh">{t('toSign.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('queue.left')}</th>
          <th scope="col">{t('toSign.decision')}</th>
          <th scope="col">{t('queue.applicant')}</th>
          <th scope="col">{t('queue.number')}</th>
          <th scope="col">{t('toSign.executor')}</th>
          <th scope="col">{t('queue.due')}</th>
          <th scope="col">
            <span className="vh">{t('queue.action')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => {
          const urgency = item.step && urgencyOf(item.step);
          const licence = item.state === 'licence_prepared';
          return (
            <tr key={item.id}>
              <td
                className={`${styles.left} ${urgency === 'late' ? styles.lateTime : urgency === 'soon' ? styles.soonTime : ''}`}
              >
                {item.step && (
                  <>
                    <b>{timeLeft(item.step)}</b>
                    <small>{due(item.step, now)}</small>
                  </>
                )}
              </td>
              <td data-k={t('toSign.decision')}>
                <span className={`tag ${licence ? 'tag--good' : 'tag--bad'}`}>
                  <Icon name={licence ? 'tick' : 'cross'} />
                  {t(licence ? 'toSign.licence' : 'toSign.refusal')}
                </span>
              </td>
              <td data-k={t('queue.applicant')}>{item.applicantName}</td>
              <td className="nowrap" data-k={t('queue.number')}>
                <span>
                  {item.number}
                  {item.incomingNumber && <small>{t('queue.incoming', { number: item.incomingNumber })}</small>}
                </span>
              </td>
              <td data-k={t('toSign.executor')}>{item.executorName || '—'}</td>
              <td className="nowrap" data-k={t('queue.due')}>
                <time dateTime={item.dueAt}>{format.numeric(item.dueAt).slice(0, 5)}</time>
              </td>
              <td>
                <ButtonLink size="dense" variant="second" to={paths.workDecision(item.id)}>
                  {t('toSign.open')} <span className="vh">{item.number}</span>
                </ButtonLink>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
