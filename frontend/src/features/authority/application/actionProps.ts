import type { Application } from '@/api/applications';

/** What an official has just done, for the sentence that says so. */
export type DoneAction =
  | 'register'
  | 'assign'
  | 'reassign'
  | 'confirm_complete'
  | 'prepare_licence'
  | 'prepare_refusal'
  | 'return';

/** What each action of the step gets. */
export type ActionProps = {
  application: Application;
  onDone: (action: DoneAction) => void;
  /** Takes a conflict with what was typed; false for every other error, which the action shows itself. */
  onConflict: (error: unknown, unsent?: string) => boolean;
};
