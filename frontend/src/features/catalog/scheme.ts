import type { ProcessStep } from './queries';

export const lanes = ['applicant', 'chancery', 'head', 'executor'] as const;
export type Lane = (typeof lanes)[number];

export type Box = {
  key: 'sign' | 'pay' | 'register' | 'assign' | 'confirm_complete' | 'prepare' | 'sign_result' | 'receive';
  lane: Lane;
  minutes?: number | undefined;
  workingDays?: number | undefined;
};

/**
 * The straight way from signing to the result, read out of the process table: the acts that lead on, in the order of the states, each in the
 * lane of its role and with its norm. Ways back (return, reopen, withdraw) stand in the full table only.
 */
export function mainWay(steps: readonly ProcessStep[]): Box[] {
  const of = (action: string) => steps.find((step) => step.action === action);
  const boxes: Box[] = [];
  const add = (key: Box['key'], action: string) => {
    const step = of(action);
    if (!step) return;
    const lane: Lane = step.by === 'gateway' ? 'applicant' : step.by;
    boxes.push({ key, lane, minutes: step.normMinutes, workingDays: step.normWorkingDays });
  };
  add('sign', 'sign');
  add('pay', 'pay');
  add('register', 'register');
  add('assign', 'assign');
  add('confirm_complete', 'confirm_complete');
  add('prepare', 'prepare_licence');
  add('sign_result', 'sign_result');
  if (of('sign_result')) boxes.push({ key: 'receive', lane: 'applicant' });
  return boxes;
}
