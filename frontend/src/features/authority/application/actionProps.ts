import type { Application } from '@/api/applications';
import type { Naming } from './useNaming';
import type { ReturnRemarks } from './useReturnRemarks';

/** What an official has just done, for the sentence that says so. */
export type DoneAction =
  | 'register'
  | 'assign'
  | 'reassign'
  | 'confirm_complete'
  | 'prepare_licence'
  | 'prepare_refusal'
  | 'return';

/** What is so after each: of an application that has gone on since, it is not said any more. */
export const stateAfter: Record<DoneAction, readonly Application['state'][]> = {
  register: ['registered'],
  assign: ['assigned'],
  reassign: ['assigned', 'in_review'],
  confirm_complete: ['in_review'],
  prepare_licence: ['licence_prepared'],
  prepare_refusal: ['refusal_prepared'],
  return: ['assigned', 'in_review'],
};

/** What each action of the step gets. */
export type ActionProps = {
  application: Application;
  onDone: (action: DoneAction) => void;
  /** Takes a conflict with what was typed; false for every other error, which the action shows itself. */
  onConflict: (error: unknown, unsent?: string) => boolean;
  remarks: ReturnRemarks;
  naming: Naming;
  /** Waits until the checklist is with the server; throws when it could not be saved. */
  marksSaved?: () => Promise<void>;
};
