import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from './client';
import type { components } from './schema.gen';

export type Session = components['schemas']['Session'];
export type CapacityKind = components['schemas']['CapacityKind'];

export const sessionKey = ['session'] as const;

/** What was read in no person's name and may stay when the person changes. */
export function belongsToNobody(queryKey: readonly unknown[]): boolean {
  return queryKey[0] === sessionKey[0] || queryKey[0] === 'config' || queryKey[0] === 'demo';
}

/** Who is signed in; signedIn is false when nobody is. Shared, because the frame and every feature ask it. */
export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => answer(api.GET('/api/session', { signal })),
    staleTime: 60_000,
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/session')),
    onSuccess: () => {
      // Everything read in the person's name goes with the person; what the frame itself watches stays, and learns of the change.
      queries.removeQueries({ predicate: ({ queryKey }) => !belongsToNobody(queryKey) });
      queries.setQueryData<Session>(sessionKey, { signedIn: false });
    },
  });
}
