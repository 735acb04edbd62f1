import { useInfiniteQuery } from '@tanstack/react-query';
import { useAct } from '@/api/applications';
import { answer, api } from '@/api/client';
import type { components } from '@/api/schema.gen';
import { type Session, whose } from '@/api/session';
import { usePress } from '@/api/usePress';

export type ApplicationSummary = components['schemas']['ApplicationSummary'];

export function useMyApplications(session: Session | undefined) {
  return useInfiniteQuery({
    queryKey: ['applications', whose(session)],
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET('/api/applications', { params: { query: pageParam ? { cursor: pageParam } : {} }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    enabled: session?.signedIn === true,
  });
}

export function useWithdraw(id: string) {
  const press = usePress();
  return useAct(id, () =>
    press(undefined, (key) =>
      answer(
        api.POST('/api/applications/{id}/withdraw', { params: { path: { id }, header: { 'Idempotency-Key': key } } }),
      ),
    ),
  );
}
