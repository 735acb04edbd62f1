import { forgetSessionDraft, type OwnDrafts } from '@/api/sessionDraft';
import type { Answers } from '../answers';

/**
 * What was typed and is not yet with the server, with the revision that it was made from, and what was sent without an answer: the server may
 * have it.
 */
export type Copy = { revision: number; answers: Answers; sent?: readonly Answers[] };

export type LocalCopy = {
  read: () => Copy | undefined;
  write: (copy: Copy) => void;
  drop: () => void;
};

const key = (id: string) => `draft:${id}`;

/**
 * Kept in this window for whoever typed it: it outlives a reload, going back, a dead session and the sign-in after it, and goes with the
 * window or when another person signs in, because it holds personal data. A browser that keeps nothing only loses this second net.
 */
export function localCopyOf(id: string, drafts: OwnDrafts): LocalCopy {
  return {
    read: () => {
      const kept = drafts.read(key(id));
      return isCopy(kept) ? kept : undefined;
    },
    write: (copy) => drafts.keep(key(id), copy),
    drop: () => dropLocalCopy(id),
  };
}

export const dropLocalCopy = (id: string) => forgetSessionDraft(key(id));

function isCopy(value: unknown): value is Copy {
  const copy = value as Copy | null | undefined;
  return (
    typeof copy === 'object' &&
    copy !== null &&
    typeof copy.revision === 'number' &&
    isAnswers(copy.answers) &&
    (copy.sent === undefined || (Array.isArray(copy.sent) && copy.sent.every(isAnswers)))
  );
}

const isAnswers = (value: unknown): value is Answers => typeof value === 'object' && value !== null;
