import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '@/api/client';
import { takeAnswer } from '@/api/queryClient';
import { type CapacityKind, forgetPerson, type Session, sessionKey } from '@/api/session';
import { forgetDraftsOfOthers } from '@/api/sessionDraft';

export function newChallenge() {
  return answer(api.POST('/api/session/challenge'));
}

export type SignedIn = { session: Session; samePerson: boolean };

/**
 * Hands the signed challenge over. Another person's data never stays in the page: everything read before is dropped, and what he typed at
 * this window. `comingBack` is whose page it was when the session ended; the server has forgotten him already.
 */
export function useSignIn(comingBack?: Session) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ challengeId, signature }: { challengeId: string; signature: string }): Promise<SignedIn> => {
      const before = comingBack ?? queries.getQueryData<Session>(sessionKey);
      let session = await answer(api.POST('/api/session', { body: { challengeId, signature } }));
      const samePerson = before?.signedIn === true && before.iin === session.iin;
      // The same person coming back to an open page goes on in the same capacity.
      if (
        samePerson &&
        before.capacity &&
        before.capacity !== session.capacity &&
        session.capacities?.includes(before.capacity)
      ) {
        session = await answer(api.PUT('/api/session/capacity', { body: { capacity: before.capacity } }));
      }
      if (!samePerson) forgetPerson(queries);
      await takeAnswer<Session>(queries, sessionKey, session);
      // From here on nothing more is kept for anybody else.
      forgetDraftsOfOthers(session.iin);
      return { session, samePerson };
    },
  });
}

export function useChooseCapacity() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (capacity: CapacityKind) => answer(api.PUT('/api/session/capacity', { body: { capacity } })),
    onSuccess: (session) => takeAnswer<Session>(queries, sessionKey, session),
  });
}
