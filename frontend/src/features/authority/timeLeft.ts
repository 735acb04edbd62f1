import { useTranslation } from 'react-i18next';
import { dayOf } from '@/ui/format';
import { useFormat } from '@/ui/useFormat';
import type { Step } from './queries';

/** 9:00–17:30 without the break 13:00–14:30 (S8.1). */
const workingDayMinutes = 420;

/** Working minutes in the words of the tables: "20 мин", "5 ч 20 мин". */
function useHours(): (minutes: number) => string {
  const { t } = useTranslation('authority');
  return (minutes) => {
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    if (hours === 0) return t('time.minutes', { count: rest });
    return rest === 0 ? t('time.hours', { count: hours }) : t('time.hoursMinutes', { hours, minutes: rest });
  };
}

/** A lapse or a norm in minutes: whole working days once there is one, "9 р. д.". */
function useDuration(): (minutes: number) => string {
  const { t } = useTranslation('authority');
  const hours = useHours();
  return (minutes) =>
    minutes < workingDayMinutes ? hours(minutes) : t('time.days', { count: Math.floor(minutes / workingDayMinutes) });
}

/**
 * How much of a step is left, in words; an overdue step says by how much. Days are counted as the norm counts them and as the whole term beside is
 * counted, those after today, so that they are never more than the norm; on the last day the working hours.
 */
export function useTimeLeft(): (step: Pick<Step, 'daysLeft' | 'minutesLeft' | 'overdue'>) => string {
  const { t } = useTranslation('authority');
  const hours = useHours();
  const duration = useDuration();
  return ({ daysLeft = 0, minutesLeft = 0, overdue }) => {
    if (!overdue && daysLeft > 0) return t('time.days', { count: daysLeft });
    if (!overdue) return hours(Math.max(0, minutesLeft));
    return minutesLeft < 0 ? t('time.overdue', { time: duration(-minutesLeft) }) : t('time.overdueNow');
  };
}

/** The limit of a step beside the time left: the time alone when it is today. */
export function useStepDue(): (step: Pick<Step, 'dueAt' | 'overdue'>, now: string) => string {
  const { t } = useTranslation('authority');
  const format = useFormat();
  return ({ dueAt, overdue }, now) => {
    const time = format.time(dueAt);
    const when = dayOf(dueAt) === dayOf(now) ? time : `${format.numeric(dueAt).slice(0, 5)}, ${time}`;
    return overdue ? t('time.wasUntil', { when }) : t('time.until', { when });
  };
}

/** The norm of a step as the law gives it: "60 мин", "2 р. д.". */
export function useNorm(): (step: Pick<Step, 'normMinutes' | 'normWorkingDays'>) => string {
  const { t } = useTranslation('authority');
  const duration = useDuration();
  return ({ normMinutes, normWorkingDays }) =>
    normWorkingDays ? t('time.days', { count: normWorkingDays }) : normMinutes ? duration(normMinutes) : '';
}

/** Late, soon (from 80 % of the norm) or neither: the same bounds as the meter's. */
export function urgencyOf(step: Pick<Step, 'overdue' | 'usedPercent'>): 'late' | 'soon' | undefined {
  if (step.overdue) return 'late';
  return (step.usedPercent ?? 0) >= 80 ? 'soon' : undefined;
}
