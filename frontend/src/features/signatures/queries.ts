import { useMutation } from '@tanstack/react-query';
import { answer, api } from '@/api/client';
import type { components } from '@/api/schema.gen';

export type SignatureReport = components['schemas']['SignatureReport'];
export type ReportedSignature = components['schemas']['ReportedSignature'];
export type SignatureOutcome = components['schemas']['SignatureOutcome'];

/** `asked`: the second file is the document that the page asked for, after a signature without one. */
type ToCheck = { files: readonly File[]; asked: boolean };

/**
 * The report about a signed file, or about a signature and its document, in either order: the server tells them apart. It keeps nothing of
 * them.
 */
export function useCheckSignature() {
  return useMutation({
    mutationFn: async ({ files }: ToCheck) => {
      const sent = await bodyOf(files);
      return answer(
        api.POST('/api/signatures/check', {
          // The contract's type for bytes is a string; what is sent are the bytes themselves.
          body: sent as unknown as string,
          bodySerializer: (body) => body as unknown as BodyInit,
          // A form says by itself what it is, with its boundary.
          ...(sent instanceof FormData ? {} : { headers: { 'Content-Type': 'application/octet-stream' } }),
        }),
      );
    },
  });
}

async function bodyOf(files: readonly File[]): Promise<Uint8Array | FormData> {
  const [first, second] = files;
  if (first && !second) return new Uint8Array(await first.arrayBuffer());
  const form = new FormData();
  for (const file of files) form.append('file', file);
  return form;
}
