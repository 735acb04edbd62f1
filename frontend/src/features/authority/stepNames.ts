import type { Application } from '@/api/applications';
import type { QueueItem, Step } from './queries';

type State = Application['state'];
export type StepName = 'register' | 'assign' | 'check' | 'prepare' | 'sign';

const byState: Partial<Record<State, StepName>> = {
  filed: 'register',
  registered: 'assign',
  assigned: 'check',
  in_review: 'prepare',
  licence_prepared: 'sign',
  refusal_prepared: 'sign',
};

/** The step that an application waits for in a state; undefined when it waits for nobody. */
export const stepName = (state: State): StepName | undefined => byState[state];

/** Which of the two days of S4.3 runs: the second is the one after which none is left. A day off counts as the working day before it. */
export function completenessDay(step: Pick<Step, 'daysLeft'>): 1 | 2 {
  return (step.daysLeft ?? 0) > 0 ? 1 : 2;
}

/** The text of the step in a row of the queue: key under queue.step. */
export function rowStep(item: QueueItem) {
  if (item.state === 'licence_prepared' || item.state === 'refusal_prepared') return item.state;
  return stepName(item.state);
}
