import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { components } from '@/api/schema.gen';
import { type Filter, filterAddress } from './filters';
import styles from './queue.module.css';

type Props = {
  filter: Filter;
  /** What is typed to narrow the rows. */
  words: string;
  counts: components['schemas']['Queue']['counts'] | undefined;
  onWords: (words: string) => void;
  findRef: Ref<HTMLInputElement>;
};

/** The strip of filters with their counts, and the field that narrows the rows by what is typed. */
export function QueueFilters({ filter, words, counts, onWords, findRef }: Props) {
  const { t } = useTranslation('authority');
  const entries: { key: string; to: Filter; count?: number | undefined; late?: boolean }[] = [
    { key: 'mine', to: { show: 'mine' }, count: counts?.mine },
    { key: 'all', to: { show: 'all' }, count: counts?.all },
    {
      key: 'overdue',
      to: { show: 'all', urgency: 'overdue' },
      count: counts?.overdue,
      late: (counts?.overdue ?? 0) > 0,
    },
    { key: 'today', to: { show: 'all', urgency: 'today' }, count: counts?.today },
    { key: 'done', to: { show: 'done' } },
  ];
  return (
    <div className={styles.bar}>
      <nav className={styles.strip} aria-label={t('filter.label')}>
        {entries.map(({ key, to, count, late }) => (
          <Link
            key={key}
            to={filterAddress(to)}
            className={late ? styles.late : undefined}
            aria-current={to.show === filter.show && to.urgency === filter.urgency ? 'true' : undefined}
          >
            {t(`filter.${key}` as 'filter.mine')}
            {count !== undefined && (
              <>
                {' '}
                <b>{count}</b>
              </>
            )}
          </Link>
        ))}
      </nav>
      <div className={styles.find}>
        <label className="vh" htmlFor="queue-find">
          {t('find.label')}
        </label>
        <input
          id="queue-find"
          ref={findRef}
          className="input"
          type="search"
          placeholder={t('find.placeholder')}
          value={words}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => onWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            if (words) onWords('');
            else event.currentTarget.blur();
          }}
        />
      </div>
    </div>
  );
}
