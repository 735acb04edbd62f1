import type { DetailedError, Upload } from 'tus-js-client';
import { ApiError, toApiError } from '@/api/problem';

export type TransferEvents = {
  onProgress: (sentBytes: number) => void;
  /** The line is cut; it goes on by itself from where it stopped. */
  onWaiting: () => void;
  onDone: () => void;
  onFailed: (error: ApiError) => void;
};

export type Transfer = {
  /** Goes on after it failed. */
  resume: () => void;
  /** Stops and removes what had come. */
  cancel: () => Promise<void>;
};

const chunkBytes = 2 * 1024 * 1024;
const retryDelaysMs = [500, 1000, 3000, 5000, 10_000, 20_000, 30_000];

/**
 * Sends one file by tus 1.0: in parts, each resumed after a cut, also when the same file is chosen again after the page was closed. The
 * server judges the content when the last part has come.
 */
export async function startTransfer(
  { applicationId, slot, file }: { applicationId: string; slot: string; file: File },
  events: TransferEvents,
): Promise<Transfer> {
  const tus = await import('tus-js-client');
  const upload: Upload = new tus.Upload(file, {
    endpoint: `/api/applications/${encodeURIComponent(applicationId)}/uploads`,
    metadata: { slot, filename: file.name },
    chunkSize: chunkBytes,
    retryDelays: retryDelaysMs,
    removeFingerprintOnSuccess: true,
    // The same file in another slot is another upload.
    fingerprint: async () => ['tus', applicationId, slot, file.name, file.size, file.lastModified].join('-'),
    onProgress: (sent) => events.onProgress(sent),
    onShouldRetry: (error) => {
      const status = statusOf(error);
      const again = status === 0 || status === 409 || status === 423 || status === 429 || status >= 500;
      if (again) events.onWaiting();
      return again;
    },
    onSuccess: () => events.onDone(),
    onError: (error) => events.onFailed(refusalOf(error)),
  });
  const [earlier] = await upload.findPreviousUploads();
  if (earlier) upload.resumeFromPreviousUpload(earlier);
  upload.start();
  return { resume: () => upload.start(), cancel: () => upload.abort(true) };
}

const isDetailed = (error: Error | DetailedError): error is DetailedError => 'originalResponse' in error;

function statusOf(error: Error | DetailedError): number {
  return isDetailed(error) ? (error.originalResponse?.getStatus() ?? 0) : 0;
}

function refusalOf(error: Error | DetailedError): ApiError {
  const status = statusOf(error);
  if (!isDetailed(error) || status === 0) return new ApiError({ code: 'network', status: 0 });
  try {
    return toApiError(JSON.parse(error.originalResponse?.getBody() ?? ''), status);
  } catch {
    return toApiError(undefined, status);
  }
}
