import { useMutation, useQuery } from '@tanstack/react-query';
import { answer, api } from '@/api/client';
import type { components } from '@/api/schema.gen';

export type PublicLicence = components['schemas']['PublicLicence'];
export type FileVerdict = components['schemas']['FileVerdict'];
export type LicenceStatus = components['schemas']['LicenceStatus'];

/** The public entry of a licence; asked anew at each visit, because "in force today" is the question. */
export function usePublicLicence(number: string | undefined) {
  return useQuery({
    queryKey: ['public-licence', number],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/licences/{number}', { params: { path: { number: number ?? '' } }, signal })),
    enabled: number !== undefined,
    staleTime: 0,
  });
}

/** Three answers about a file. The file goes as it is; the server keeps nothing of it. */
export function useCheckFile() {
  return useMutation({
    mutationFn: async (file: File) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return answer(
        api.POST('/api/licences/check-file', {
          // The contract's type for bytes is a string; what is sent are the bytes themselves.
          body: bytes as unknown as string,
          bodySerializer: (body) => body as unknown as BodyInit,
          headers: { 'Content-Type': 'application/pdf' },
        }),
      );
    },
  });
}
