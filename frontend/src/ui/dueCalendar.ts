import type { components } from '@/api/schema.gen';
import type { Language } from '@/i18n/language';
import { formatDate, wallClock } from './format';

export type Term = components['schemas']['Term'];
export type TermDay = components['schemas']['TermDay'];

export type CalendarCell =
  | { kind: 'off'; key: string }
  | {
      kind: 'filed' | 'counted' | 'skipped' | 'due';
      key: string;
      date: string;
      number?: number | undefined;
      today: boolean;
      firstOfMonth: boolean;
    };

const oneDay = 86_400_000;
const dayNumber = (date: string) => Math.round(Date.parse(`${date}T00:00:00Z`) / oneDay);

/** Lays the days of a term out in whole weeks, Monday first; days before the filing and after the due date stay empty. */
export function calendarWeeks(days: readonly TermDay[], today?: string): CalendarCell[][] {
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return [];
  const byDate = new Map(days.map((day) => [dayNumber(day.date), day]));
  const start = dayNumber(first.date) - wallClock(first.date).weekday;
  const end = dayNumber(last.date) + (6 - wallClock(last.date).weekday);
  const weeks: CalendarCell[][] = [];
  for (let monday = start; monday <= end; monday += 7) {
    const week: CalendarCell[] = [];
    for (let n = monday; n < monday + 7; n++) {
      const day = byDate.get(n);
      week.push(
        day
          ? {
              kind: day.kind,
              key: day.date,
              date: day.date,
              number: day.number,
              today: day.date === today,
              firstOfMonth: day.date === first.date || day.date.endsWith('-01'),
            }
          : { kind: 'off', key: `off-${n}` },
      );
    }
    weeks.push(week);
  }
  return weeks;
}

/** A run of days in words: "28–29 ноября", "5 декабря". */
function runText(from: string, to: string, language: Language): string {
  if (from === to) return formatDate(from, language, { year: false });
  const a = wallClock(from);
  const b = wallClock(to);
  if (a.month !== b.month)
    return `${formatDate(from, language, { year: false })}\u00a0– ${formatDate(to, language, { year: false })}`;
  return formatDate(to, language, { year: false }).replace(/^\d+/, `${a.day}–${b.day}`);
}

/** Says which days are not counted and why: "28–29 ноября, 5–6 декабря — выходные; 16 декабря — День Независимости". */
export function skippedText(days: readonly TermDay[], language: Language, weekend: string): string {
  const groups = new Map<string, { from: string; to: string }[]>();
  for (const day of days) {
    if (day.kind !== 'skipped') continue;
    // A holiday is named; a Saturday or Sunday that is nothing else is a weekend, whatever the server calls it.
    const reason = wallClock(day.date).weekday >= 5 ? weekend : (day.reason?.[language] ?? weekend);
    const runs = groups.get(reason) ?? [];
    const last = runs.at(-1);
    if (last && dayNumber(day.date) - dayNumber(last.to) === 1) last.to = day.date;
    else runs.push({ from: day.date, to: day.date });
    groups.set(reason, runs);
  }
  return [...groups]
    .map(([reason, runs]) => `${runs.map((run) => runText(run.from, run.to, language)).join(', ')}\u00a0— ${reason}`)
    .join('; ');
}
