import type { QueueItem, Show } from '../queries';

export type Urgency = 'overdue' | 'today';
/** Which part of the work is shown; it stands in the address, so that it can be kept as a bookmark. */
export type Filter = { show: Show; urgency?: Urgency | undefined };

export function readFilter(params: URLSearchParams): Filter {
  const show = params.get('show');
  const urgency = params.get('urgency');
  return {
    show: show === 'all' || show === 'done' ? show : 'mine',
    urgency: urgency === 'overdue' || urgency === 'today' ? urgency : undefined,
  };
}

export function filterAddress({ show, urgency }: Filter): string {
  const params = new URLSearchParams();
  if (show !== 'mine') params.set('show', show);
  if (urgency) params.set('urgency', urgency);
  const query = params.toString();
  return query ? `?${query}` : '?';
}

const plain = (text: string) => text.toLowerCase().replace(/[«»"„“]/g, '');

/** The rows of the filter that hold every word typed: number, incoming number, IIN or BIN, name of applicant or executor. */
export function filtered(items: readonly QueueItem[], { urgency }: Filter, words: string): QueueItem[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  return items.filter((item) => {
    if (urgency && item.urgency !== urgency) return false;
    const text = plain(
      [item.number, item.incomingNumber, item.applicantId, item.applicantName, item.executorName].join(' '),
    );
    return wanted.every((word) => text.includes(word));
  });
}

export const groupOrder = ['overdue', 'today', 'later', 'done'] as const;

/** The rows under their headings, in the order of urgency; headings without rows are left out. */
export function grouped(items: readonly QueueItem[]) {
  return groupOrder
    .map((urgency) => ({ urgency, items: items.filter((item) => item.urgency === urgency) }))
    .filter((group) => group.items.length > 0);
}
