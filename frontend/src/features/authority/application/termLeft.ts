import type { Term, TermDay } from '@/ui/dueCalendar';
import { dayOf } from '@/ui/format';

/** Counted days after today until the end of the whole term; 0 on its last day, -1 once it has passed. */
export function workingDaysLeft(term: Term, now: string): number {
  if (Date.parse(now) > Date.parse(term.dueAt)) return -1;
  const today = dayOf(now);
  return term.days.filter((day) => (day.kind === 'counted' || day.kind === 'due') && day.date > today).length;
}

export type StripDay =
  | { kind: 'filed' | 'counted' | 'closed'; from: string; to: string; number?: number | undefined }
  | { kind: 'skipped'; from: string; to: string; reason?: TermDay['reason'] };

const nextDay = (date: string) => new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** The days of S4.3 as a strip: received, the two counted days, what was skipped between them, and the day from which it is closed. */
export function completenessDays(term: Term, closesAt: string): StripDay[] {
  const last = dayOf(closesAt);
  const strip: StripDay[] = [];
  for (const day of term.days) {
    if (day.date > last) break;
    const before = strip.at(-1);
    if (day.kind === 'skipped') {
      if (before?.kind === 'skipped') before.to = day.date;
      else strip.push({ kind: 'skipped', from: day.date, to: day.date, reason: day.reason });
    } else {
      strip.push({
        kind: day.kind === 'filed' ? 'filed' : 'counted',
        from: day.date,
        to: day.date,
        ...(day.kind !== 'filed' && { number: day.number }),
      });
    }
  }
  strip.push({ kind: 'closed', from: nextDay(last), to: nextDay(last) });
  return strip;
}
