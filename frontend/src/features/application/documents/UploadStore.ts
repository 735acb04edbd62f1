import { announceSessionEnded } from '@/api/client';
import type { DeclaredSlot, UploadLimits } from '@/api/declaration';
import { ApiError, type ErrorCode, isSilence } from '@/api/problem';
import { startTransfer, type Transfer } from './tusUpload';

export type Sending = {
  key: number;
  slot: string;
  name: string;
  size: number;
  sent: number;
  /** queued: waits for its turn; waiting: the line is cut; arrived: whole, the list of documents is being read anew. */
  state: 'queued' | 'sending' | 'waiting' | 'failed' | 'arrived';
  error?: ApiError;
  /** Can be tried again as it is. */
  again: boolean;
};

type Held = { slot: string; size: number };

type Job = { file: File; transfer?: Transfer };

const atOnce = 2;
const againMs = 3000;

/**
 * The scans on their way. It belongs to the frame of the draft and not to the page with the slots, so that a file goes on while other sections
 * are filled in.
 */
export class UploadStore {
  private list: readonly Sending[] = [];
  private readonly jobs = new Map<number, Job>();
  private readonly listeners = new Set<() => void>();
  private readonly applicationId: string;
  private readonly onArrived: () => Promise<unknown>;
  private nextKey = 1;

  constructor(applicationId: string, onArrived: () => Promise<unknown>) {
    this.applicationId = applicationId;
    this.onArrived = onArrived;
  }

  snapshot = (): readonly Sending[] => this.list;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes chosen files; what cannot be accepted is refused here, before a byte is sent. */
  add(slot: DeclaredSlot, files: readonly File[], held: readonly Held[], limits: UploadLimits): void {
    for (const file of files) {
      const on = this.list.filter((one) => one.state !== 'failed');
      const wrong = refusal(slot, file, [...held, ...on], limits);
      const key = this.nextKey++;
      this.jobs.set(key, { file });
      this.list = [
        ...this.list,
        {
          key,
          slot: slot.id,
          name: file.name,
          size: file.size,
          sent: 0,
          state: wrong ? 'failed' : 'queued',
          ...(wrong && { error: wrong }),
          again: false,
        },
      ];
    }
    this.tell();
    this.next();
  }

  cancel = (key: number): void => {
    const { transfer } = this.jobs.get(key) ?? {};
    this.jobs.delete(key);
    this.list = this.list.filter((one) => one.key !== key);
    this.tell();
    // What had come is removed by the server itself when it cannot be told now.
    transfer?.cancel().catch(() => undefined);
    this.next();
  };

  resume = (key: number): void => {
    const job = this.jobs.get(key);
    if (!job) return;
    this.change(key, { state: 'sending' });
    if (job.transfer) job.transfer.resume();
    else void this.start(key, job);
  };

  private next(): void {
    const busy = this.list.filter((one) => one.state === 'sending' || one.state === 'waiting').length;
    for (const one of this.list.filter((each) => each.state === 'queued').slice(0, Math.max(0, atOnce - busy))) {
      const job = this.jobs.get(one.key);
      if (!job) continue;
      this.change(one.key, { state: 'sending' });
      void this.start(one.key, job);
    }
  }

  private async start(key: number, job: Job): Promise<void> {
    const slot = this.list.find((one) => one.key === key)?.slot ?? '';
    try {
      job.transfer = await startTransfer(
        { applicationId: this.applicationId, slot, file: job.file },
        {
          onProgress: (sent) => this.change(key, { sent, state: 'sending' }),
          onWaiting: () => this.change(key, { state: 'waiting' }),
          onDone: () => void this.arrived(key),
          onFailed: (error) => this.failed(key, error),
        },
      );
      // Cancelled while it was being set up.
      if (!this.jobs.has(key)) await job.transfer.cancel();
    } catch {
      this.failed(key, new ApiError({ code: 'network', status: 0 }));
    }
  }

  private async arrived(key: number): Promise<void> {
    this.change(key, { state: 'arrived' });
    this.next();
    // A file that has arrived stays in sight until the list that holds it could be read.
    while (await this.onArrived().then(() => false, isSilence)) await new Promise((go) => setTimeout(go, againMs));
    this.jobs.delete(key);
    this.list = this.list.filter((one) => one.key !== key);
    this.tell();
  }

  private failed(key: number, error: ApiError): void {
    const passing = error.status === 0 || error.status === 401 || error.status === 429 || error.status >= 500;
    this.change(key, { state: 'failed', error, again: passing });
    this.next();
    // A file goes only where one was chosen, or where "go on" was pressed.
    if (error.status === 401) announceSessionEnded();
  }

  private change(key: number, next: Partial<Sending>): void {
    this.list = this.list.map((one) => (one.key === key ? { ...one, ...next } : one));
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function refusal(slot: DeclaredSlot, file: File, held: readonly Held[], limits: UploadLimits): ApiError | undefined {
  const refuse = (code: ErrorCode, params: Record<string, unknown> = {}) => new ApiError({ code, status: 422, params });
  const total = held.reduce((sum, one) => sum + one.size, 0);
  if (file.size === 0) return refuse('file_empty');
  // The kind told by the browser may be missing; then the server decides by the content alone.
  if (file.type !== '' && !limits.types.includes(file.type)) return refuse('file_type');
  if (file.size > limits.maxFileBytes) return refuse('file_too_large', { maxBytes: limits.maxFileBytes });
  if (total + file.size > limits.maxTotalBytes) return refuse('files_too_large', { maxBytes: limits.maxTotalBytes });
  if (held.length >= limits.maxFiles) return refuse('too_many_files', { max: limits.maxFiles });
  if (held.filter((one) => one.slot === slot.id).length >= slot.maxFiles)
    return refuse('slot_full', { max: slot.maxFiles });
  return undefined;
}
