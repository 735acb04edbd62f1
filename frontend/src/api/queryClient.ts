import { QueryClient, type QueryKey } from '@tanstack/react-query';
import { ApiError } from './problem';

// A refusal will be the same next time; a dead line or a busy server may not be.
function worthRepeating(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    (error.code === 'network' || error.status === 502 || error.status === 503 || error.status === 504)
  );
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) => count < 3 && worthRepeating(error),
        // A dead line is told as an error at once, instead of a page that waits without a word; what failed is read again when it is back.
        networkMode: 'always',
        refetchOnReconnect: true,
        staleTime: 15_000,
        refetchOnWindowFocus: true,
      },
      // A mutation is repeated by the person who pressed, with the same Idempotency-Key; never silently.
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/**
 * Puts the answer to an act in the place of what was read before. What was asked before the act and is answered after it tells of the time
 * before, so it is not waited for.
 */
export async function takeAnswer<T>(queries: QueryClient, queryKey: QueryKey, answer: T): Promise<void> {
  await queries.cancelQueries({ queryKey, exact: true });
  queries.setQueryData<T>(queryKey, answer);
}
