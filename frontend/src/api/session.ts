import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from './client';
import { takeAnswer } from './queryClient';
import type { components } from './schema.gen';

export type Session = components['schemas']['Session'];
export type CapacityKind = components['schemas']['CapacityKind'];

export const sessionKey = ['session'] as const;

/** In whose name one's own things are read: in another capacity other applications and licences are one's own. */
export const whose = (session: Session | undefined) => `${session?.capacity ?? ''} ${session?.bin ?? ''}`;

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

/** Whose page this is: it stays his, with what he has read, while his session is dead. */
export function useReader(): Session | undefined {
  const session = useSession().data;
  const [reader, setReader] = useState(session);
  if (session?.signedIn && session !== reader) setReader(session);
  return session?.signedIn ? session : reader;
}

const leftKey = ['left'] as const;

/** Whether the person went by his own wish: then nobody asks him to sign in again. */
export function hasLeft(queries: QueryClient): boolean {
  return queries.getQueryData<boolean>(leftKey) === true;
}

/**
 * Drops everything read in the person's name; what the frame itself watches stays, and learns of the change. What a page still shows goes
 * when that page goes: taken away under it, it would be asked for again, in nobody's name.
 */
export function forgetPerson(queries: QueryClient): void {
  const cache = queries.getQueryCache();
  const personal = cache.findAll({ predicate: ({ queryKey }) => !belongsToNobody(queryKey) });
  const shown = new Set(personal.filter((query) => query.getObserversCount() > 0));
  for (const query of personal) if (!shown.has(query)) cache.remove(query);
  if (shown.size === 0) return;
  const stop = cache.subscribe(({ type, query }) => {
    if (type !== 'observerRemoved' || !shown.has(query) || query.getObserversCount() > 0) return;
    shown.delete(query);
    cache.remove(query);
    if (shown.size === 0) stop();
  });
}

/**
 * Ends the session. `leave` leads to a public page before anything is forgotten, so that no page of the cabinet asks the server again in
 * nobody's name.
 */
export function useSignOut(leave: () => Promise<void> | void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      queries.setQueryData(leftKey, true);
      await answer(api.DELETE('/api/session'));
      await leave();
      await takeAnswer<Session>(queries, sessionKey, { signedIn: false });
      forgetPerson(queries);
      queries.setQueryData(leftKey, true);
    },
    onError: () => queries.removeQueries({ queryKey: leftKey }),
  });
}
