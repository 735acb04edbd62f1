import { useTranslation } from 'react-i18next';
import type { Application } from '@/api/applications';
import { monthShort, wallClock } from '@/ui/format';
import { Icon } from '@/ui/Icon';
import { useFormat } from '@/ui/useFormat';
import { useTimeLeft } from '../timeLeft';
import styles from './file.module.css';
import { completenessDays } from './termLeft';

/** The two working days in which incompleteness may still be a ground (S4.3, S4.4): open with its time, or closed with the moment. */
export function CompletenessStrip({ application }: { application: Application }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const timeLeft = useTimeLeft();
  const { completeness, step } = application;
  if (!completeness) return null;
  const { closesAt, open } = completeness;
  return (
    <div className={open ? styles.window : `${styles.window} ${styles.shut}`}>
      <p>
        {!open && <Icon name="lock" />}
        <b>{open ? t('window.open') : t('window.closed')}</b>
      </p>
      <p className="small">
        {open
          ? t('window.openText', {
              when: format.moment(closesAt, { year: false }),
              left: step && application.state === 'assigned' ? timeLeft(step) : '',
            })
          : t('window.closedText', { when: format.moment(closesAt, { year: false }) })}
      </p>
      <TwoDays application={application} narrow />
    </div>
  );
}

/**
 * The days themselves: received, counted, skipped, closed. In a narrow column one under the other. None once the documents were confirmed as
 * complete: days that are still to come would look open.
 */
export function TwoDays({ application, narrow = false }: { application: Application; narrow?: boolean }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const { completeness, term, filedAt } = application;
  if (!completeness || completeness.confirmedAt || !term) return null;
  const { closesAt } = completeness;
  const short = (date: string) => {
    const day = wallClock(date);
    return `${day.day}\u00a0${monthShort(day.month, format.language)}`;
  };
  return (
    <>
      <ol className={narrow ? `days ${styles.narrowDays}` : 'days'}>
        {completenessDays(term, closesAt).map((day) => (
          <li
            key={day.from}
            className={
              day.kind === 'counted'
                ? 'count'
                : day.kind === 'skipped'
                  ? 'skip'
                  : day.kind === 'closed'
                    ? 'shut'
                    : undefined
            }
          >
            <b>{day.from === day.to ? short(day.from) : `${wallClock(day.from).day}–${short(day.to)}`}</b>
            {day.kind === 'filed' && t('window.received', { time: filedAt ? format.time(filedAt) : '' })}
            {day.kind === 'counted' &&
              (day.number === 2
                ? t('window.lastDay', { number: 2, time: format.time(closesAt) })
                : t('window.day', { number: day.number ?? 1 }))}
            {day.kind === 'skipped' && t('window.skipped')}
            {day.kind === 'closed' && t('window.shut')}
          </li>
        ))}
      </ol>
      <p className="small quiet">{t('window.clause')}</p>
    </>
  );
}
