import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from './client';
import { ApiError, isSilence } from './problem';
import { takeAnswer } from './queryClient';
import type { components } from './schema.gen';

export type Application = components['schemas']['Application'];
export type ActionName = components['schemas']['Action']['name'];
export type HistoryEvent = components['schemas']['HistoryEvent'];
export type Invoice = components['schemas']['Invoice'];
export type RefusalGround = components['schemas']['RefusalGround'];

export const applicationKey = (id: string) => ['application', id] as const;

export function getApplication(id: string, signal?: AbortSignal): Promise<Application> {
  return answer(api.GET('/api/applications/{id}', { params: { path: { id } }, ...(signal && { signal }) }));
}

/** One application as this reader may see it. Shared: the form, the payment and the cabinet read the same one. */
export function useApplication(id: string, refetchEveryMs: number | false = false) {
  return useQuery({
    queryKey: applicationKey(id),
    // Others work on it too: a page that opens shows what it has become, not what it was a moment ago.
    staleTime: 0,
    enabled: id !== '',
    queryFn: ({ signal }) => getApplication(id, signal),
    refetchInterval: refetchEveryMs,
  });
}

/**
 * An act on an application whose answer is the application as it is afterwards. The answer takes its place in the cache; the lists that show
 * it are read anew. A conflict means that somebody was faster, so what is shown is read anew as well.
 */
export function useAct<V>(id: string, act: (variables: V) => Promise<Application>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async (application) => {
      await takeAnswer(queries, applicationKey(id), application);
      void queries.invalidateQueries({ queryKey: ['applications'] });
      void queries.invalidateQueries({ queryKey: ['licences'] });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409)
        void queries.invalidateQueries({ queryKey: applicationKey(id) });
    },
  });
}

/**
 * For an act that is not sent again as it was (a signature is another each time): what is shown is read anew when somebody was faster, and also
 * when the answer was lost on the way, for then it may have been done.
 */
export function useReread(id: string): (error: unknown) => never {
  const queries = useQueryClient();
  return (error) => {
    if (isSilence(error) || (error instanceof ApiError && error.status === 409))
      void queries.invalidateQueries({ queryKey: applicationKey(id) });
    throw error;
  };
}

/** The action as it stands now: absent when it is not offered, `blocked` with the code of the reason when it cannot be done. */
export function offered(application: Application, name: ActionName) {
  return application.actions.find((action) => action.name === name);
}

/** An issued licence of which the applicant also wanted a copy on paper, by the mark in the form (S6.2). */
export const wantsPaper = ({ answers, result }: Application): boolean =>
  result?.kind === 'licence' && answers.paperCopy === true;

/** The address of one of the files of an application; `inline` lets the browser show a PDF instead of saving it. */
export function fileAddress(
  id: string,
  file: 'request.pdf' | 'request.asice' | 'receipt.pdf' | 'payment-receipt.pdf' | 'result.pdf' | 'result-archive.pdf',
  inline = false,
): string {
  return `/api/applications/${encodeURIComponent(id)}/files/${file}${inline ? '?inline=1' : ''}`;
}

/** The address of the request for reading before the confirmations, marked as a draft. */
export function draftAddress(id: string): string {
  return `/api/applications/${encodeURIComponent(id)}/request-draft.pdf`;
}

export function attachmentAddress(id: string, attachmentId: string): string {
  return `/api/applications/${encodeURIComponent(id)}/attachments/${encodeURIComponent(attachmentId)}`;
}
