import { useQuery } from '@tanstack/react-query';
import { answer, api } from './client';
import type { DeclaredService } from './declaration';

export const serviceKey = (code: string) => ['service', code] as const;

/** The card of a service: the declaration that the form is drawn from, the fee of today, the day of today. */
export function useService(code: string | undefined) {
  return useQuery({
    queryKey: serviceKey(code ?? ''),
    queryFn: async ({ signal }) => {
      const card = await answer(api.GET('/api/services/{code}', { params: { path: { code: code ?? '' } }, signal }));
      return { ...card, service: card.service as unknown as DeclaredService };
    },
    enabled: code !== undefined,
    staleTime: 5 * 60_000,
  });
}
