import type { Application } from '@/api/applications';
import type { QueueItem, Step } from './queries';
import { workingDayMinutes } from './timeLeft';

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

/** Which of the two days of S4.3 runs. Until the first day has begun more than two days of work are left, and it is still the first. */
export function completenessDay(step: Pick<Step, 'minutesLeft'>): 1 | 2 {
  return (step.minutesLeft ?? 0) > workingDayMinutes ? 1 : 2;
}

/** The text of the step in a row of the queue: key under queue.step. */
export function rowStep(item: QueueItem) {
  if (item.state === 'licence_prepared' || item.state === 'refusal_prepared') return item.state;
  return stepName(item.state);
}
