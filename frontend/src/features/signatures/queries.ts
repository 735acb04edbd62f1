import { useMutation } from '@tanstack/react-query';
import { answer, api } from '@/api/client';
import type { components } from '@/api/schema.gen';

export type SignatureReport = components['schemas']['SignatureReport'];
export type ReportedSignature = components['schemas']['ReportedSignature'];
export type SignatureOutcome = components['schemas']['SignatureOutcome'];

/** The report about a signed file. The file goes as it is; the server keeps nothing of it. */
export function useCheckSignature() {
  return useMutation({
    mutationFn: async (file: File) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return answer(
        api.POST('/api/signatures/check', {
          // The contract's type for bytes is a string; what is sent are the bytes themselves.
          body: bytes as unknown as string,
          bodySerializer: (body) => body as unknown as BodyInit,
          headers: { 'Content-Type': 'application/octet-stream' },
        }),
      );
    },
  });
}
