import type { Application, HistoryEvent } from '@/api/applications';
import { useStepDraft } from './useStepDraft';

const nothing = { text: '' };

export type ReturnRemarks = ReturnType<typeof useReturnRemarks>;

/** The head's remarks, kept in this window until the decision has gone back with them. */
export function useReturnRemarks(application: Application, onFound: () => void) {
  return useStepDraft(`return:${application.id}`, application, nothing, wentBack, onFound);
}

const wentBack = ({ action, params }: HistoryEvent, sent: { remarks: string }) =>
  action === 'return' && params?.remarks === sent.remarks;
