import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { components } from '@/api/schema.gen';
import { type Filter, filterAddress, filterName, sameFilter } from './filters';
import styles from './queue.module.css';
import { useSavedFilters } from './savedFilters';

type Props = {
  filter: Filter;
  /** What is looked for. */
  words: string;
  counts: components['schemas']['Queue']['counts'] | undefined;
  onWords: (words: string) => void;
  findRef: Ref<HTMLInputElement>;
};

/** The strip of filters with their counts and those that the official has saved, and the field that looks for what is typed. */
export function QueueFilters({ filter, words, counts, onWords, findRef }: Props) {
  const { t } = useTranslation('authority');
  const { saved, isKept, keep, drop } = useSavedFilters();
  const shown = { filter, words: words.trim() };
  const kept = isKept(shown);
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
    { key: 'check', to: { show: 'all', step: 'check' }, count: counts?.check },
    { key: 'sign', to: { show: 'all', step: 'sign' }, count: counts?.sign },
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
            aria-current={!kept && sameFilter(to, filter) ? 'true' : undefined}
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
        {saved.map((one) => (
          <Link
            key={`${filterAddress(one.filter)} ${one.words}`}
            to={filterAddress(one.filter)}
            className={styles.saved}
            aria-current={one.words === shown.words && sameFilter(one.filter, filter) ? 'true' : undefined}
            onClick={() => onWords(one.words)}
          >
            {t('filter.saved', { words: one.words })}
            {filterName(one.filter) !== 'all' && ` · ${t(`filter.${filterName(one.filter)}`)}`}
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
        {shown.words !== '' && (
          <button type="button" className={`lnk ${styles.keep}`} onClick={() => (kept ? drop(shown) : keep(shown))}>
            {kept ? t('filter.drop') : t('filter.keep')}
          </button>
        )}
      </div>
    </div>
  );
}
