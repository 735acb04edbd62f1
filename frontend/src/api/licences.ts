import { useQuery } from '@tanstack/react-query';
import { answer, api } from './client';
import type { components } from './schema.gen';
import { type Session, useReader, whose } from './session';

export type MyLicence = components['schemas']['MyLicence'];

/** The licences of whoever is signed in as an applicant; an official has none. `quiet` as in `answer`. */
export function useMyLicences(session: Session | undefined, quiet = false) {
  return useQuery({
    queryKey: ['licences', 'mine', whose(session)],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/licences', { signal }), { quiet })).licences,
    enabled: session?.capacity === 'person' || session?.capacity === 'entity',
  });
}

/** Those of one service that are in force today; none for a stranger, nor while they are not known. */
export function useLicencesInForce(service: string): MyLicence[] {
  const mine = useMyLicences(useReader(), true);
  return mine.data?.filter((licence) => licence.service === service && licence.status === 'valid') ?? [];
}
