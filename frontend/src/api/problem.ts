import type { components } from './schema.gen';

export type FieldIssue = components['schemas']['FieldIssue'];
export type ProblemCode = components['schemas']['ProblemCode'];
type Problem = components['schemas']['Problem'];

/**
 * Codes of our own making beside those of the contract: `network` (no answer at all), `unreadable` (an answer that is not ours), `file_empty` (not
 * worth sending).
 */
export type ErrorCode = ProblemCode | 'network' | 'unreadable' | 'file_empty';

/**
 * A refusal of the server (RFC 9457) or the failure to reach it. `code` is stable and has a text in three languages (namespace errors);
 * `fields` name the answers it is about.
 */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly fields: readonly FieldIssue[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;

  constructor(problem: { code: ErrorCode } & Pick<Problem, 'status'> & Partial<Omit<Problem, 'code'>>) {
    super(problem.code);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.fields = problem.fields ?? [];
    this.params = problem.params ?? {};
    this.requestId = problem.requestId;
  }
}

export function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    typeof (body as Problem).code === 'string' &&
    typeof (body as Problem).status === 'number'
  );
}

/** Makes an ApiError of whatever came instead of an answer. */
export function toApiError(body: unknown, status: number): ApiError {
  return isProblem(body) ? new ApiError(body) : new ApiError({ code: 'unreadable', status });
}

/** Nobody could tell: the line, the server or whom it asks is silent. Nothing is said thereby of what was asked. */
export function isSilence(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}
