import { useCallback, useEffect, useRef } from 'react';

/** Whether the page that asks is still the one in front of the person: what comes late must not lead him back to where he has left. */
export function useIsHere(): () => boolean {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return useCallback(() => here.current, []);
}
