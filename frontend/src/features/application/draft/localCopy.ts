import type { Answers } from '../answers';

/**
 * What was typed and is not yet with the server, with the revision that it was made from, and what was sent without an answer: the server may
 * have it.
 */
export type Copy = { revision: number; answers: Answers; sent?: readonly Answers[] };

const key = (id: string) => `draft:${id}`;

/*
 * Kept in the session storage of this window: it outlives a reload, going back, a dead session and the sign-in after it, and goes with the
 * window, because it holds personal data. A browser that keeps nothing only loses this second net.
 */
export const localCopy = {
  read(id: string): Copy | undefined {
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(key(id)) ?? 'null');
      return isCopy(kept) ? kept : undefined;
    } catch {
      return undefined;
    }
  },
  write(id: string, copy: Copy): void {
    try {
      sessionStorage.setItem(key(id), JSON.stringify(copy));
    } catch {
      // Full or forbidden: the page still holds the answers and goes on sending them.
    }
  },
  drop(id: string): void {
    try {
      sessionStorage.removeItem(key(id));
    } catch {
      // As above.
    }
  },
};

function isCopy(value: unknown): value is Copy {
  const copy = value as Copy | null;
  return (
    typeof copy === 'object' &&
    copy !== null &&
    typeof copy.revision === 'number' &&
    isAnswers(copy.answers) &&
    (copy.sent === undefined || (Array.isArray(copy.sent) && copy.sent.every(isAnswers)))
  );
}

const isAnswers = (value: unknown): value is Answers => typeof value === 'object' && value !== null;
