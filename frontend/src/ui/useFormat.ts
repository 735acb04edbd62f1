import { useMemo } from 'react';
import { useLanguage } from '@/i18n/useLanguage';
import * as f from './format';

/** The formats of format.ts bound to the reader's language. */
export function useFormat() {
  const language = useLanguage();
  return useMemo(
    () => ({
      language,
      date: (value: string, options?: f.DateOptions) => f.formatDate(value, language, options),
      moment: (value: string, options?: f.DateOptions) => f.formatMoment(value, language, options),
      time: f.formatTime,
      timeExact: f.formatTimeExact,
      numeric: f.formatDateNumeric,
      months: (from: string, to: string) => f.formatMonths(from, to, language),
      number: (value: number | string) => f.formatNumber(value, language),
      money: (amount: string) => f.formatMoney(amount, language),
      moneyExact: (amount: string) => f.formatMoneyExact(amount, language),
      coefficient: (value: string) => f.formatCoefficient(value, language),
      bytes: (n: number) => f.formatBytes(n, language),
      wholeBytes: (n: number) => f.formatWholeBytes(n, language),
    }),
    [language],
  );
}
