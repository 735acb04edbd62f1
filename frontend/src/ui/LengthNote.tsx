import { useTranslation } from 'react-i18next';
import type { Length } from '@/api/declaration';
import { totalPeriod } from './experience';
import { Icon } from './Icon';
import styles from './LengthNote.module.css';
import { usePeriodText } from './usePeriodText';

type Props = {
  length: Length;
  rows: readonly Readonly<Record<string, unknown>>[];
  /** The day up to which work that goes on is counted, YYYY-MM-DD: today in the form, the day of filing afterwards. */
  until: string;
  /** Spoken when it changes, while one types. */
  live?: boolean;
};

/** The work record added up, and whether it is enough (SF5.6). */
export function LengthNote({ length, rows, until, live = false }: Props) {
  const { t } = useTranslation('ui');
  const period = usePeriodText();
  const total = totalPeriod(rows, length, until);
  const enough = total.years >= length.minYears;
  return (
    <p className={enough ? `${styles.length} ${styles.enough}` : styles.length} role={live ? 'status' : undefined}>
      <Icon name={enough ? 'tick' : 'clock'} />
      <span>
        <b>{t('length.total', { total: period(total) })}</b>{' '}
        {enough ? t('length.enough', { count: length.minYears }) : t('length.needed', { count: length.minYears })}
      </span>
    </p>
  );
}
