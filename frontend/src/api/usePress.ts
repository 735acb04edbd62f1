import { useCallback, useRef } from 'react';
import { newIdempotencyKey } from './client';
import { ApiError } from './problem';

type Press = { shape: string; key: string; running?: Promise<unknown> | undefined };

/**
 * One press of a button keeps its key while its outcome is not known, so that sending it again cannot do it twice; with another body it is another
 * press. A second press while the first is under way (a double click) is the first, and has its outcome.
 */
export function usePress() {
  const press = useRef<Press | undefined>(undefined);
  return useCallback(<T>(body: unknown, send: (key: string) => Promise<T>): Promise<T> => {
    const shape = JSON.stringify(body ?? null);
    if (press.current?.shape !== shape) press.current = { shape, key: newIdempotencyKey() };
    const current = press.current;
    const settled = () => {
      if (press.current === current) press.current = undefined;
    };
    const run = async (): Promise<T> => {
      try {
        const done = await send(current.key);
        settled();
        return done;
      } catch (error) {
        if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.code !== 'press_under_way')
          settled();
        throw error;
      } finally {
        current.running = undefined;
      }
    };
    current.running ??= run();
    return current.running as Promise<T>; // one button sends one thing
  }, []);
}
