import { useTranslation } from 'react-i18next';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { Timeline } from '@/ui/Timeline';
import styles from './ProcessScheme.module.css';
import { useProcess } from './queries';
import { type Box, lanes, mainWay } from './scheme';

/** The norm of a step in words; empty when it has none. */
export function useLimit(): (norm: { minutes?: number | undefined; workingDays?: number | undefined }) => string {
  const { t } = useTranslation('process');
  return ({ minutes, workingDays }) => {
    if (workingDays) return t('upTo', { limit: t('limit.workingDays', { count: workingDays }) });
    if (minutes) return t('upTo', { limit: t('limit.minutes', { count: minutes }) });
    return '';
  };
}

/** Who does what, drawn from the process table itself (RA): lanes on a wide screen, a list on a phone and for those who hear it. */
export function ProcessScheme() {
  const { t } = useTranslation('process');
  const limit = useLimit();
  const process = useProcess();
  if (process.isPending) return <Loading />;
  if (process.isError && !process.data) return <ErrorNote error={process.error} onRetry={() => process.refetch()} />;
  const boxes = mainWay(process.data);
  const under = (box: Box) => (box.key === 'receive' ? t('main.inCabinet') : limit(box));
  return (
    <>
      <Lanes boxes={boxes} under={under} />
      <div className={styles.list}>
        <Timeline
          entries={boxes.map((box) => ({
            key: box.key,
            state: 'later',
            title: `${t(`lanes.${box.lane}`)}: ${t(`main.${box.key}`).toLocaleLowerCase()}`,
            when: under(box) || undefined,
          }))}
        />
      </div>
    </>
  );
}

function Lanes({ boxes, under }: { boxes: readonly Box[]; under: (box: Box) => string }) {
  const { t } = useTranslation('process');
  return (
    <div
      className={styles.lanes}
      aria-hidden="true"
      style={{ gridTemplateColumns: `7rem repeat(${boxes.length}, minmax(0, 1fr))` }}
    >
      {lanes.map((lane, row) => (
        <div
          key={lane}
          className={styles.lane}
          style={{ gridRow: row + 1, gridColumn: `1 / span ${boxes.length + 1}` }}
        >
          <b>{t(`lanes.${lane}`)}</b>
        </div>
      ))}
      {boxes.map((box, n) => {
        const row = lanes.indexOf(box.lane);
        const next = boxes[n + 1];
        const nextRow = next ? lanes.indexOf(next.lane) : row;
        const kind = box.key === 'receive' ? styles.last : box.lane === 'applicant' ? styles.own : '';
        return (
          <div key={box.key} className={`${styles.box} ${kind}`} style={{ gridRow: row + 1, gridColumn: n + 2 }}>
            <b>{t(`main.${box.key}`)}</b>
            {under(box) && <span>{under(box)}</span>}
            {next && <Arrow down={nextRow - row} />}
          </div>
        );
      })}
    </div>
  );
}

/** From this box to the next: along the lane, or along and then up or down by that many lanes. */
function Arrow({ down }: { down: number }) {
  if (down === 0) return <i className={styles.along} />;
  return (
    <i
      className={`${styles.bend} ${down > 0 ? styles.down : styles.up}`}
      style={{ '--lanes': Math.abs(down) } as React.CSSProperties}
    />
  );
}
