import { useQuery } from '@tanstack/react-query';
import { answer, api } from '@/api/client';
import type { components } from '@/api/schema.gen';
import type { Text3 } from '@/i18n/text3';

export type ProcessStep = components['schemas']['ProcessStep'];
export type Fee = components['schemas']['Fee'];
export type ApplicantKind = 'person' | 'sole_trader' | 'entity';

/** The part of the declaration (server/catalog) that the card shows. */
export type DeclaredService = {
  code: string;
  title: Text3;
  kinds: {
    code: string;
    title: Text3;
    term: { workingDays: number; clause: string };
    fee: { kind: string; clause: string };
  }[];
  card: {
    lead: Text3;
    who: { title: Text3; text: Text3; clause: string }[];
    minutesToFill: number;
    fee: Text3;
    term: Text3;
    documents: { title: Text3; note: Text3; for?: ApplicantKind[]; needed: boolean; clause: string }[];
    requirements: Text3;
    results: { title: Text3; text: Text3; clause: string }[];
  };
  requirements: { id: string; text: Text3; clause: string; for?: ApplicantKind[] }[];
};

/** The one service of the portal so far. */
export const serviceCode = 'medical-activity';

export function useServiceCard() {
  return useQuery({
    queryKey: ['service', serviceCode],
    queryFn: async ({ signal }) => {
      const card = await answer(api.GET('/api/services/{code}', { params: { path: { code: serviceCode } }, signal }));
      // The contract leaves the declaration open on purpose (its shape is the catalog's own): this is where it gets its type.
      return { ...card, service: card.service as unknown as DeclaredService };
    },
    staleTime: 5 * 60_000,
  });
}

export function useProcess() {
  return useQuery({
    queryKey: ['process'],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/process', { signal }))).steps,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
