import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '@/app/paths';
import { Icon } from '@/ui/Icon';
import { NormMeter } from '@/ui/NormMeter';
import { useFormat } from '@/ui/useFormat';
import type { QueueItem } from '../queries';
import { completenessDay, rowStep } from '../stepNames';
import { urgencyOf, useNorm, useStepDue, useTimeLeft } from '../timeLeft';
import { grouped } from './filters';
import styles from './queue.module.css';

type Props = {
  items: readonly QueueItem[];
  now: string;
  selected: string | undefined;
  onSelect: (id: string) => void;
};

/** The work of the day under the headings overdue, today, later; the time left comes first (design 08). */
export function QueueTable({ items, now, selected, onSelect }: Props) {
  const { t } = useTranslation('authority');
  // What has ended waits for nobody: its outcome is told instead of the time left, and no norm.
  const ended = items.every((item) => !item.step);
  return (
    <table className={`table cards ${styles.table}`}>
      <caption className="vh">{t('queue.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t(ended ? 'queue.outcome' : 'queue.left')}</th>
          <th scope="col">{t(ended ? 'queue.executor' : 'queue.stepNow')}</th>
          {!ended && <th scope="col">{t('queue.norm')}</th>}
          <th scope="col">{t('queue.applicant')}</th>
          <th scope="col">{t('queue.kind')}</th>
          <th scope="col">{t('queue.number')}</th>
          <th scope="col">{t('queue.due')}</th>
          <th scope="col">
            <span className="vh">{t('queue.action')}</span>
          </th>
        </tr>
      </thead>
      {grouped(items).map((group) => (
        <tbody key={group.urgency}>
          <tr className={`${styles.group} ${group.urgency === 'overdue' ? styles.lateGroup : ''}`}>
            <th colSpan={ended ? 7 : 8} scope="rowgroup">
              {t(`group.${group.urgency}`)} · {group.items.length}
            </th>
          </tr>
          {group.items.map((item) => (
            <Row
              key={item.id}
              item={item}
              now={now}
              ended={ended}
              selected={item.id === selected}
              onSelect={onSelect}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

export const rowLinkId = (id: string) => `open-${id}`;

function Row({
  item,
  now,
  ended,
  selected,
  onSelect,
}: {
  item: QueueItem;
  now: string;
  ended: boolean;
  selected: boolean;
  onSelect: (id: string) => void;
}) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const norm = useNorm();
  return (
    <tr className={selected ? styles.selected : undefined} aria-current={selected ? 'true' : undefined}>
      <LeftCell item={item} now={now} />
      <td data-k={t(ended ? 'queue.executor' : 'queue.stepNow')}>
        <StepText item={item} />
      </td>
      {!ended && (
        <td className={styles.norm} data-k={item.step ? t('queue.norm') : undefined}>
          {item.step && (
            <span>
              {norm(item.step)} <span className={styles.clause}>{t(`clauseShort.${clauseKey(item.step.clause)}`)}</span>
              <NormMeter percent={item.step.usedPercent ?? 0} overdue={item.step.overdue} />
            </span>
          )}
        </td>
      )}
      <td data-k={t('queue.applicant')}>{item.applicantName}</td>
      <td data-k={t('queue.kind')}>{t(item.kind === 'licence' ? 'kind.licence' : 'kind.other')}</td>
      <td className="nowrap" data-k={t('queue.number')}>
        <span>
          {item.number}
          {item.incomingNumber && <small>{t('queue.incoming', { number: item.incomingNumber })}</small>}
        </span>
      </td>
      <td className="nowrap" data-k={t('queue.due')}>
        <time dateTime={item.dueAt}>{format.numeric(item.dueAt).slice(0, 5)}</time>
      </td>
      <td>
        <Link
          id={rowLinkId(item.id)}
          className="btn btn--second btn--dense"
          to={paths.workApplication(item.id)}
          onFocus={() => onSelect(item.id)}
        >
          {t('queue.open')} <span className="vh">{item.number}</span>
        </Link>
      </td>
    </tr>
  );
}

/** Clauses that a norm may come from; another one is shown by its bare number. */
export function clauseKey(clause: string) {
  return clause.startsWith('S4') ? 'S4' : clause.startsWith('S10') ? 'S10' : 'R5';
}

function LeftCell({ item, now }: { item: QueueItem; now: string }) {
  const { t } = useTranslation('authority');
  const timeLeft = useTimeLeft();
  const due = useStepDue();
  if (!item.step) {
    const outcome =
      item.state === 'issued' || item.state === 'refused' || item.state === 'withdrawn' ? item.state : 'other';
    return (
      <td className={styles.left}>
        <b>{t(`outcome.${outcome}`)}</b>
      </td>
    );
  }
  const urgency = urgencyOf(item.step);
  return (
    <td
      className={`${styles.left} ${urgency === 'late' ? styles.lateTime : urgency === 'soon' ? styles.soonTime : ''}`}
    >
      <b>{timeLeft(item.step)}</b>
      <small>{due(item.step, now)}</small>
    </td>
  );
}

function StepText({ item }: { item: QueueItem }) {
  const { t } = useTranslation('authority');
  const step = rowStep(item);
  if (!step) return <span>{item.executorName ?? '—'}</span>;
  return (
    <span>
      {step === 'check' && item.step
        ? t('queue.step.check', { day: completenessDay(item.step) })
        : t(`queue.step.${step as 'register'}`)}
      {item.returned && (
        <span className={`tag tag--wait ${styles.returned}`}>
          <Icon name="undo" />
          {t('queue.returned')}
        </span>
      )}
      {!item.mine && (
        <small>
          {item.executorName && (step === 'check' || step === 'prepare')
            ? t('queue.at', { who: item.executorName })
            : t(
                `waitsFor.${step === 'register' ? 'chancery' : step === 'check' || step === 'prepare' ? 'executor' : 'head'}`,
              )}
        </small>
      )}
    </span>
  );
}
