import { useTranslation } from 'react-i18next';
import type { Length } from '@/api/declaration';
import { Icon } from '@/ui/Icon';
import type { Row } from '../answers';
import { totalPeriod } from '../check/experience';
import { usePeriodText } from '../issueText';
import styles from './TableInput.module.css';

/** The work record added up while one types, and whether it is enough (SF5.6). */
export function LengthNote({ length, rows, today }: { length: Length; rows: readonly Row[]; today: string }) {
  const { t } = useTranslation('application');
  const period = usePeriodText();
  const total = totalPeriod(rows, length, today);
  const enough = total.years >= length.minYears;
  return (
    <p className={enough ? `${styles.length} ${styles.enough}` : styles.length} role="status">
      <Icon name={enough ? 'tick' : 'clock'} />
      <span>
        <b>{t('length.total', { total: period(total) })}</b>{' '}
        {enough ? t('length.enough', { count: length.minYears }) : t('length.needed', { count: length.minYears })}
      </span>
    </p>
  );
}
