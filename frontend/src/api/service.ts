import { useQuery } from '@tanstack/react-query';
import { answer, api } from './client';
import type { DeclaredService } from './declaration';

export const serviceKey = (code: string) => ['service', code] as const;

/**
 * The card of a service: the declaration that the form is drawn from, the fee of today, the day of today. An application is shown in the
 * edition under which it was begun; without a version it is the newest.
 */
export function useService(code: string | undefined, version?: string) {
  return useQuery({
    queryKey: [...serviceKey(code ?? ''), version ?? 'newest'],
    queryFn: async ({ signal }) => {
      const params = { path: { code: code ?? '' }, ...(version && { query: { version } }) };
      const card = await answer(api.GET('/api/services/{code}', { params, signal }));
      return { ...card, service: card.service as unknown as DeclaredService };
    },
    enabled: code !== undefined,
    staleTime: 5 * 60_000,
  });
}
