import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { answer, api } from './client';

const config = queryOptions({
  queryKey: ['config'],
  queryFn: ({ signal }) => answer(api.GET('/api/config', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What the pages must know before anything else: demo mode, the portal's address, where NCALayer listens. */
export function useConfig() {
  return useQuery(config);
}

/** The same for what a press does: a press that comes before the answer waits for it. Throws ApiError when the server does not tell. */
export function useReadConfig() {
  const queries = useQueryClient();
  return useCallback(() => queries.ensureQueryData(config), [queries]);
}
