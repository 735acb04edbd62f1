import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { type Application, useAct } from '@/api/applications';
import { answer, api, newIdempotencyKey } from '@/api/client';
import type { ApplicantKind } from '@/api/declaration';
import { ApiError } from '@/api/problem';
import { type Answers, isEmpty } from './answers';

/** The key under which the list of what is wrong is kept: it is about one revision and one set of scans. */
export const checkKey = (id: string, state: string) => ['application', id, 'check', state] as const;

/** Opens a draft, or the one that there is already; only a draft without any answer begins with those of another application. */
export function useStart() {
  return useMutation({
    mutationFn: async ({
      answers,
      ...body
    }: {
      service: string;
      kind: 'licence';
      applicantKind: ApplicantKind;
      answers: Answers | undefined;
    }) => {
      const draft = await answer(
        api.POST('/api/applications', { params: { header: { 'Idempotency-Key': newIdempotencyKey() } }, body }),
      );
      if (answers && Object.values(draft.answers).every(isEmpty)) await saveAnswers(draft.id, draft.revision, answers);
      return draft;
    },
  });
}

export function saveAnswers(id: string, revision: number, answers: Answers) {
  return answer(api.PUT('/api/applications/{id}/answers', { params: { path: { id } }, body: { revision, answers } }), {
    byItself: true,
  });
}

/** Names what would be signed now: another when an answer or a scan is another. */
export const stateToSign = (revision: number, attachments: Application['attachments']) =>
  `${revision} ${attachments.map((one) => one.id).join(' ')}`;

/**
 * What the server still finds wrong before signing; `state` names what it is about (stateToSign), so that a change asks anew. Until the answer
 * is there the one before stands, marked as a placeholder.
 */
export function useCheck(id: string, state: string, enabled: boolean) {
  return useQuery({
    queryKey: checkKey(id, state),
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/applications/{id}/check', { params: { path: { id } }, signal }))).issues,
    enabled,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
}

/** What is not there any more is gone as was wished: the answer to the press before may have been lost on the way. */
async function gone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

export function removeAttachment(id: string, attachmentId: string) {
  return gone(
    answer(api.DELETE('/api/applications/{id}/attachments/{attachmentId}', { params: { path: { id, attachmentId } } })),
  );
}

/** Builds the request and fixes the bytes to be signed; the filled form can be read as request.pdf after it. */
export function prepareDocument(id: string) {
  return answer(api.POST('/api/applications/{id}/document', { params: { path: { id } } }));
}

export function useSign(id: string) {
  return useAct(id, ({ digest, signature, key }: { digest: string; signature: string; key: string }) =>
    answer(
      api.POST('/api/applications/{id}/sign', {
        params: { path: { id }, header: { 'Idempotency-Key': key } },
        body: { digest, signature },
      }),
    ),
  );
}

export function discardDraft(id: string) {
  return gone(answer(api.DELETE('/api/applications/{id}', { params: { path: { id } } })));
}
