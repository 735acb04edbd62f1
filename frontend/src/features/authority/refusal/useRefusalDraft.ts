import { useMemo } from 'react';
import type { Application, HistoryEvent, RefusalGround } from '@/api/applications';
import { useStepDraft } from '../application/useStepDraft';
import { draftKey, startingDraft } from './grounds';

/** The grounds as the executor chooses and explains them, kept in this window until the refusal is prepared with them. */
export function useRefusalDraft(application: Application, onFound: () => void) {
  const starting = useMemo(() => startingDraft(application), [application]);
  return useStepDraft(draftKey(application.id), application, starting, isPrepared, onFound);
}

/** The journal keeps the grounds in full, in the order of their clauses, which is also ours. */
const isPrepared = ({ action, params }: HistoryEvent, sent: { grounds: RefusalGround[] }) =>
  action === 'prepare_refusal' && Array.isArray(params?.reasons) && same(params.reasons, sent.grounds);

const same = (kept: readonly unknown[], sent: readonly RefusalGround[]) =>
  JSON.stringify(kept.map((ground) => inOrder(ground as RefusalGround))) === JSON.stringify(sent.map(inOrder));

const inOrder = ({ code, reason, requirement, basis, remedy }: RefusalGround) => [
  code,
  reason,
  requirement ?? '',
  basis ?? '',
  remedy ?? '',
];
