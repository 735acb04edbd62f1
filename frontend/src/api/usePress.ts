import { useCallback, useRef } from 'react';
import { newIdempotencyKey } from './client';
import { ApiError } from './problem';

/**
 * One press of a button keeps its key while its outcome is not known, so that sending it again cannot do it twice; with another body it is another
 * press.
 */
export function usePress() {
  const press = useRef<{ shape: string; key: string } | undefined>(undefined);
  return useCallback(async <T>(body: unknown, send: (key: string) => Promise<T>): Promise<T> => {
    const shape = JSON.stringify(body ?? null);
    if (press.current?.shape !== shape) press.current = { shape, key: newIdempotencyKey() };
    try {
      const done = await send(press.current.key);
      press.current = undefined;
      return done;
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.code !== 'press_under_way')
        press.current = undefined;
      throw error;
    }
  }, []);
}
