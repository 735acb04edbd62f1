import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Button, ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { NotePlace } from '@/ui/NotePlace';
import { useFormat } from '@/ui/useFormat';
import { useQueue } from '../queries';
import { type Filter, filterAddress, filterName, grouped, readFilter } from './filters';
import { KeysDialog } from './KeysDialog';
import { QueueFilters } from './QueueFilters';
import { QueueTable, rowLinkId } from './QueueTable';
import styles from './queue.module.css';
import { keysAreOn, switchKeys, useQueueKeys } from './useQueueKeys';

// One question a word, not one a letter.
const typingPauseMs = 300;

/** An official's work, the most urgent first (design 08). */
export function WorkPage() {
  const { t } = useTranslation('authority');
  const [params] = useSearchParams();
  const filter = readFilter(params);
  const [words, setWords] = useState('');
  const [asked] = useDebouncedValue(words.trim(), typingPauseMs);
  const queue = useQueue(filter, asked);
  const pages = queue.data?.pages ?? [];
  const first = pages[0];
  const rows = grouped(pages.flatMap((page) => page.items)).flatMap((group) => group.items);
  const find = useRef<HTMLInputElement>(null);
  const [selected, setSelected] = useState<string>();
  const [help, setHelp] = useState(false);
  const [keys, setKeys] = useState(keysAreOn);

  const move = useCallback(
    (by: 1 | -1) => {
      const at = rows.findIndex((row) => row.id === selected);
      const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
      if (!next) return;
      setSelected(next.id);
      // The focus goes to the row's own link: Enter opens it, and a screen reader says where one is.
      document.getElementById(rowLinkId(next.id))?.focus();
    },
    [rows, selected],
  );
  const openFind = useCallback(() => find.current?.focus(), []);
  const openHelp = useCallback(() => setHelp(true), []);
  useQueueKeys(keys && !help, { onMove: move, onFind: openFind, onHelp: openHelp });

  return (
    <>
      <DocumentTitle title={t('queue.title')} />
      <div className={styles.head}>
        <div>
          <h1>{t('queue.title')}</h1>
          {first && <NowLine now={first.now} workingUntil={first.workingUntil} />}
        </div>
        {first && (
          <p className="small">
            <b>{t('queue.yours', { count: first.counts.mine })}</b>
          </p>
        )}
      </div>
      <QueueFilters filter={filter} words={words} counts={first?.counts} onWords={setWords} findRef={find} />
      <NotePlace>
        <ErrorNote error={queue.error} onRetry={() => queue.refetch()} />
      </NotePlace>
      {queue.isPending && <Loading />}
      {first && rows.length === 0 && <NothingHere filter={filter} words={asked} onClear={() => setWords('')} />}
      {first && rows.length > 0 && (
        <QueueTable items={rows} now={first.now} selected={selected} onSelect={setSelected} />
      )}
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
      <div className={styles.keys}>
        {keys && (
          <>
            <span>
              <kbd>J</kbd> <kbd>K</kbd> {t('keys.move')}
            </span>
            <span>
              <kbd>Enter</kbd> {t('keys.openShort')}
            </span>
            <span>
              <kbd>/</kbd> {t('keys.findShort')}
            </span>
          </>
        )}
        <button type="button" className="lnk" onClick={openHelp}>
          {keys && (
            <>
              <kbd>?</kbd>{' '}
            </>
          )}
          {t('keys.all')}
        </button>
      </div>
      {help && (
        <KeysDialog
          on={keys}
          onSwitch={(on) => {
            switchKeys(on);
            setKeys(on);
          }}
          onClose={() => setHelp(false)}
        />
      )}
    </>
  );
}

function NowLine({ now, workingUntil }: { now: string; workingUntil: string }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const moment = format.moment(now, { weekday: true });
  const open = Date.parse(workingUntil) > Date.parse(now);
  return (
    <p className="quiet small">
      <span className={styles.moment}>{moment}</span> ·{' '}
      {open ? t('queue.dayUntil', { time: format.time(workingUntil) }) : t('queue.dayOver')}
    </p>
  );
}

function NothingHere({ filter, words, onClear }: { filter: Filter; words: string; onClear: () => void }) {
  const { t } = useTranslation('authority');
  if (words)
    return (
      <EmptyState
        title={t('empty.found', { words })}
        action={
          <Button variant="second" onClick={onClear}>
            {t('empty.clear')}
          </Button>
        }
      >
        {t('empty.foundText')}
      </EmptyState>
    );
  const key = filterName(filter);
  return (
    <EmptyState
      title={t(`empty.${key}`)}
      action={
        key === 'all' ? undefined : (
          <ButtonLink variant="second" to={filterAddress({ show: 'all' })}>
            {t('empty.showAll')}
          </ButtonLink>
        )
      }
    >
      {t(`empty.${key}Text`)}
    </EmptyState>
  );
}
