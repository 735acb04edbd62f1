import createClient, { type Middleware } from 'openapi-fetch';
import { ApiError, toApiError } from './problem';
import type { paths } from './schema.gen';

/** By which a document in a frame, that was not handed out, tells the page around it that the session has ended. */
export const sessionEndedMessage = 'session-ended';

/** `byItself`: the page was asking or saving on its own, and nobody pressed anything. */
type SessionEnd = { byItself: boolean };
type Listener = (end: SessionEnd) => void;
const sessionEndedListeners = new Set<Listener>();

/** Tells when the server no longer knows the session. Returns the way to stop listening. */
export function onSessionEnded(listener: Listener): () => void {
  sessionEndedListeners.add(listener);
  return () => sessionEndedListeners.delete(listener);
}

/** Says that the session has ended, whoever noticed it. */
export function announceSessionEnded({ byItself = false } = {}): void {
  for (const listener of sessionEndedListeners) listener({ byItself });
}

globalThis.window?.addEventListener('message', ({ origin, data }) => {
  if (origin === window.location.origin && data === sessionEndedMessage) announceSessionEnded();
});

const language: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', document.documentElement.lang || 'kk');
    return request;
  },
};

/** Answers to what was only read, which pages do by themselves: when they open, every half a minute, on return to the window. */
const reads = new WeakSet<Response>();
const reading: Middleware = {
  onResponse({ request, response }) {
    if (request.method === 'GET') reads.add(response);
  },
};

const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
});
client.use(language, reading);

/** The typed client of the contract. Wrap each call in `answer`, which throws ApiError. */
export const api = client;

type Outcome<T> = { data?: T; error?: unknown; response: Response };

/**
 * Waits for a call and gives its body; any refusal or a dead line becomes an ApiError. For what the page can do without, `quiet` asks nobody to
 * sign in again; `byItself` is for what is saved or asked without a press, and is no GET.
 */
export async function answer<T>(call: Promise<Outcome<T>>, { quiet = false, byItself = false } = {}): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError({ code: 'network', status: 0 });
  }
  if (outcome.response.ok) return outcome.data as T;
  const refusal = toApiError(outcome.error, outcome.response.status);
  // Signing in again helps; the typed text stays in the page meanwhile (product.md §6: nothing lost on a dead session).
  if (refusal.status === 401 && !quiet) announceSessionEnded({ byItself: byItself || reads.has(outcome.response) });
  throw refusal;
}

/** One key for one press of a button: repeat it when the same press is sent again (Idempotency-Key of the contract). */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}
