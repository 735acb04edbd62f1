import type { QueueItem, Show } from '../queries';

export type Urgency = 'overdue' | 'today';
/** The two steps that have a filter of their own: the check of completeness with its two days, and the head's signature. */
export type FilterStep = 'check' | 'sign';
/** Which part of the work is shown; it stands in the address, so that it can be kept as a bookmark. */
export type Filter = { show: Show; urgency?: Urgency | undefined; step?: FilterStep | undefined };

export function readFilter(params: URLSearchParams): Filter {
  const show = params.get('show');
  const urgency = params.get('urgency');
  const step = params.get('step');
  return {
    show: show === 'all' || show === 'done' ? show : 'mine',
    urgency: urgency === 'overdue' || urgency === 'today' ? urgency : undefined,
    step: step === 'check' || step === 'sign' ? step : undefined,
  };
}

export function filterAddress({ show, urgency, step }: Filter): string {
  const params = new URLSearchParams();
  if (show !== 'mine') params.set('show', show);
  if (urgency) params.set('urgency', urgency);
  if (step) params.set('step', step);
  const query = params.toString();
  return query ? `?${query}` : '?';
}

export const sameFilter = (a: Filter, b: Filter) => a.show === b.show && a.urgency === b.urgency && a.step === b.step;

/** What a filter is called in the texts. */
export const filterName = ({ show, urgency, step }: Filter) => urgency ?? step ?? show;

export const groupOrder = ['overdue', 'today', 'later', 'done'] as const;

/** The rows under their headings, in the order of urgency; headings without rows are left out. */
export function grouped(items: readonly QueueItem[]) {
  return groupOrder
    .map((urgency) => ({ urgency, items: items.filter((item) => item.urgency === urgency) }))
    .filter((group) => group.items.length > 0);
}
