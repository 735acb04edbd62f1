import { useQuery } from '@tanstack/react-query';
import { answer, api } from './client';

/** What the pages must know before anything else: demo mode, the portal's address, where NCALayer listens. */
export function useConfig() {
  return useQuery({
    queryKey: ['config'],
    queryFn: ({ signal }) => answer(api.GET('/api/config', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
