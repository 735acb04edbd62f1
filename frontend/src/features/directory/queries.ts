import { useQuery } from '@tanstack/react-query';
import { answer, api } from '@/api/client';
import type { components } from '@/api/schema.gen';

export type Authority = components['schemas']['Authority'];
export type ServiceCentre = components['schemas']['ServiceCentre'];

// "Open now" changes by the minute.
const fresh = 60_000;

export function useAuthorities() {
  return useQuery({
    queryKey: ['authorities'],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/directory/authorities', { signal }))).authorities,
    staleTime: fresh,
  });
}

export function useServiceCentres() {
  return useQuery({
    queryKey: ['service-centres'],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/directory/service-centres', { signal }))).centres,
    staleTime: fresh,
  });
}
