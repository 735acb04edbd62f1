import type { Application, HistoryEvent } from '@/api/applications';
import { useStepDraft } from './useStepDraft';

type Named = { executorId: string; resolution: string };
const nobody: Named = { executorId: '', resolution: '' };

/** Whom the head names, and with which resolution, for each of the two acts that name an executor. */
export type Naming = ReturnType<typeof useNaming>;

/** Kept in this window until the executor is named so. */
export function useNaming(application: Application, onFound: (action: 'assign' | 'reassign') => void) {
  return {
    assign: useStepDraft(`assign:${application.id}`, application, nobody, assigned, () => onFound('assign')),
    reassign: useStepDraft(`reassign:${application.id}`, application, nobody, reassigned, () => onFound('reassign')),
  };
}

const isNamed = ({ params }: HistoryEvent, sent: Named) =>
  params?.executor === sent.executorId && params.resolution === sent.resolution;
const assigned = (event: HistoryEvent, sent: Named) => event.action === 'assign' && isNamed(event, sent);
const reassigned = (event: HistoryEvent, sent: Named) => event.action === 'reassign' && isNamed(event, sent);
