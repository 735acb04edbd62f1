import { useQuery } from '@tanstack/react-query';
import { answer, api } from './client';
import type { components } from './schema.gen';

export type Authority = components['schemas']['Authority'];

/** The 16 authorities (S3.1). */
export function useAuthorities() {
  return useQuery({
    queryKey: ['authorities'],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/directory/authorities', { signal }))).authorities,
    staleTime: 5 * 60_000,
  });
}

/** One authority by its code; undefined until it is known. */
export function useAuthority(code: string | undefined): Authority | undefined {
  return useAuthorities().data?.find((authority) => authority.code === code);
}
