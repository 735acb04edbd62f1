import type { Length } from '@/api/declaration';
import { addMonths, dayNumber, isDay, type Period, wholeMonths } from './days';

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/*
 * The work record added up (SF5.6), as server/catalog/period.go does it: the first and the last day both count, a row without a last day
 * lasts until today, days that several rows cover count once. The page shows the sum while one types; the server's sum is the one that counts.
 */
export function totalPeriod(rows: readonly Readonly<Record<string, unknown>>[], length: Length, today: string): Period {
  const tomorrow = dayNumber(today) + 1;
  const stretches: { from: number; until: number }[] = [];
  for (const row of rows) {
    const from = textOf(row[length.from]);
    const to = textOf(row[length.to]);
    if (!isDay(from) || (to !== '' && !isDay(to))) continue;
    const until = Math.min(to === '' ? tomorrow : dayNumber(to) + 1, tomorrow);
    if (dayNumber(from) < until) stretches.push({ from: dayNumber(from), until });
  }
  stretches.sort((a, b) => a.from - b.from);
  const merged: { from: number; until: number }[] = [];
  for (const stretch of stretches) {
    const last = merged.at(-1);
    if (last && stretch.from <= last.until) last.until = Math.max(last.until, stretch.until);
    else merged.push({ ...stretch });
  }
  let months = 0;
  let days = 0;
  for (const { from, until } of merged) {
    const whole = wholeMonths(from, until);
    months += whole;
    days += until - addMonths(from, whole);
  }
  months += Math.floor(days / 30);
  return { years: Math.floor(months / 12), months: months % 12, days: days % 30 };
}
