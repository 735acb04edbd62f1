import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Application, applicationKey, type RefusalGround, useAct } from '@/api/applications';
import { answer, api } from '@/api/client';
import { ApiError, isSilence } from '@/api/problem';
import type { components } from '@/api/schema.gen';
import { usePress } from '@/api/usePress';

export type Show = 'mine' | 'all' | 'done';
export type QueueItem = components['schemas']['QueueItem'];
export type Step = components['schemas']['Step'];
export type GroundCode = RefusalGround['code'];
export type GroundOffer = components['schemas']['GroundOffer'];

/** Work grows older while it is looked at. */
export const refreshEveryMs = 30_000;

const queueKey = ['queue'] as const;
const journalKey = ['incoming-journal'] as const;

type Narrowed = { show: Show; urgency?: 'overdue' | 'today' | undefined; step?: 'check' | 'sign' | undefined };

/** The work in order of urgency, page by page; what was found before stays on the page while the answer to other words is on its way. */
export function useQueue({ show, urgency, step }: Narrowed, words: string) {
  return useInfiniteQuery({
    queryKey: [...queueKey, show, urgency, step, words],
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/authority/queue', {
          params: {
            query: {
              show,
              ...(urgency && { urgency }),
              ...(step && { step }),
              ...(pageParam && { cursor: pageParam }),
            },
            // Not in the address: names and numbers of people are looked for.
            ...(words && { header: { 'Search-Words': encodeURIComponent(words) } }),
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    refetchInterval: refreshEveryMs,
  });
}

export function useIncomingJournal() {
  return useInfiniteQuery({
    queryKey: journalKey,
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET('/api/authority/journal', { params: { query: pageParam ? { cursor: pageParam } : {} }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  });
}

/** The whole journal of an application, page by page; read anew when something was done, and what was read before stays until it is there. */
export function useJournal({ id, updatedAt, history }: Application) {
  return useInfiniteQuery({
    queryKey: ['journal', id, updatedAt, history.length],
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/applications/{id}/journal', {
          params: { path: { id }, query: pageParam ? { cursor: pageParam } : {} },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  });
}

/** The executors of the official's own authority, with what each has in work. */
export function useExecutors() {
  return useQuery({
    queryKey: ['executors'],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/authority/executors', { signal }))).executors,
  });
}

/**
 * A step of the process. One press keeps its key while its outcome is not known, so that sending it again cannot do it twice; the application is
 * then read anew at once, for it may have been done. What came of it is told even when the page has gone on meanwhile, and the button that was
 * pressed is not there any more.
 */
export function useStep<V>(id: string, send: (body: V, key: string) => Promise<Application>) {
  const queries = useQueryClient();
  const press = usePress();
  const act = useAct<V>(id, async (body) => {
    try {
      return await press(body, (key) => send(body, key));
    } catch (error) {
      if (isSilence(error)) void queries.invalidateQueries({ queryKey: applicationKey(id) });
      throw error;
    } finally {
      void queries.invalidateQueries({ queryKey: queueKey });
      void queries.invalidateQueries({ queryKey: journalKey });
    }
  });
  const run = (body: V, told: { onSuccess: () => void; onError: (error: unknown) => void }) =>
    void act.mutateAsync(body).then(told.onSuccess, told.onError);
  return { ...act, run };
}

const pressed = (id: string, key: string) => ({ params: { path: { id }, header: { 'Idempotency-Key': key } } });

export const steps = {
  register: (id: string) => (_: undefined, key: string) =>
    answer(api.POST('/api/applications/{id}/register', pressed(id, key))),
  assign: (id: string) => (body: { executorId: string; resolution: string }, key: string) =>
    answer(api.POST('/api/applications/{id}/assign', { ...pressed(id, key), body })),
  reassign: (id: string) => (body: { executorId: string; resolution: string }, key: string) =>
    answer(api.POST('/api/applications/{id}/reassign', { ...pressed(id, key), body })),
  confirmComplete: (id: string) => (_: undefined, key: string) =>
    answer(api.POST('/api/applications/{id}/confirm-complete', pressed(id, key))),
  prepareLicence: (id: string) => (_: undefined, key: string) =>
    answer(api.POST('/api/applications/{id}/prepare-licence', pressed(id, key))),
  prepareRefusal: (id: string) => (body: { grounds: RefusalGround[] }, key: string) =>
    answer(api.POST('/api/applications/{id}/prepare-refusal', { ...pressed(id, key), body })),
  returnDecision: (id: string) => (body: { remarks: string }, key: string) =>
    answer(api.POST('/api/applications/{id}/return', { ...pressed(id, key), body })),
  signResult: (id: string) => (body: { digest: string; signature: string }, key: string) =>
    answer(api.POST('/api/applications/{id}/sign-result', { ...pressed(id, key), body })),
} as const;

/** Somebody else was faster: the step that was pressed is not there any more. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 'state_changed';
}
