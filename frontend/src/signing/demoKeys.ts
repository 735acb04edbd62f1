import { useQuery } from '@tanstack/react-query';
import { answer, api } from '@/api/client';
import { useConfig } from '@/api/config';
import type { components } from '@/api/schema.gen';
import type { KeyAlgorithm } from './keyAlgorithm';
import type { KeyFile } from './keyFile';

export type DemoPerson = components['schemas']['DemoPerson'];

/** The demo people; empty outside demo mode, where the address does not exist. */
export function useDemoPeople() {
  const demo = useConfig().data?.demo ?? false;
  return useQuery({
    queryKey: ['demo', 'people'],
    queryFn: ({ signal }) => answer(api.GET('/api/demo/people', { signal })),
    enabled: demo,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A demo person's own key file, and what opens it. */
export type DemoKey = { person: DemoPerson; algorithm: KeyAlgorithm; password: string };

/** Fetches the key file; what follows is a real signature with it, nothing is bypassed (product.md §7). */
export async function fetchDemoKey({ person, algorithm, password }: DemoKey): Promise<KeyFile> {
  const bytes = await answer(
    api.GET('/api/demo/people/{personId}/key', {
      params: { path: { personId: person.id }, query: { algorithm } },
      parseAs: 'arrayBuffer',
    }),
  );
  return { bytes: new Uint8Array(bytes as unknown as ArrayBuffer), password };
}
