/** A length of time as the calendar counts it. */
export type Period = { years: number; months: number; days: number };

const oneDay = 86_400_000;

/** A day that the form accepts: of the calendar, not before 1900, before 2200. */
export function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || value < '1900-01-01' || value >= '2200') return false;
  const moment = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 10) === value;
}

/** Written in full as a day, 31.02.2026 or 2026-02-31, that the calendar does not have. */
export function isNoDay(written: string): boolean {
  const [, day, month, year] = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(written) ?? [];
  const [, y = year, m = month, d = day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(written) ?? [];
  if (y === undefined) return false;
  const moment = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)));
  return moment.getUTCMonth() !== Number(m) - 1 || moment.getUTCDate() !== Number(d);
}

/** Days since 1970, so that days can be subtracted. */
export const dayNumber = (day: string) => Math.round(Date.parse(`${day}T00:00:00Z`) / oneDay);

export const dayText = (n: number) => new Date(n * oneDay).toISOString().slice(0, 10);

/** Keeps to the last day of a shorter month: 31 January and one month is 28 February. */
export function addMonths(day: number, n: number): number {
  const d = new Date(day * oneDay);
  const last = new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + n + 1, 0)).getUTCDate();
  return Math.round(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + n, Math.min(d.getUTCDate(), last)) / oneDay);
}

/** Full months between two days. */
export function wholeMonths(from: number, until: number): number {
  const a = new Date(from * oneDay);
  const b = new Date(until * oneDay);
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  return addMonths(from, months) > until ? months - 1 : months;
}
