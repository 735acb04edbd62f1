import { QueryClient } from '@tanstack/react-query';
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
