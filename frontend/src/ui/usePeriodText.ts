import { useTranslation } from 'react-i18next';

/** A length of work in words: "6 лет 3 месяца". */
export function usePeriodText(): (period: { years: number; months: number }) => string {
  const { t } = useTranslation('ui');
  return ({ years, months }) =>
    [
      years > 0 || months === 0 ? t('period.years', { count: years }) : '',
      months > 0 ? t('period.months', { count: months }) : '',
    ]
      .filter(Boolean)
      .join(' ');
}
