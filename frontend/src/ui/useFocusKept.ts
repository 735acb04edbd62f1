import { type FocusEvent, useEffect, useRef } from 'react';

/**
 * What was pressed may go from the page with its line, or give way to other words: then the focus goes to what has the id, instead of nowhere.
 * For the element around both.
 */
export function useFocusKept(id: string) {
  const last = useRef<Element>(null);
  useEffect(() => {
    if (!last.current || last.current.isConnected) return;
    last.current = null;
    if (document.activeElement === document.body) document.getElementById(id)?.focus();
  });
  return {
    onFocus: ({ target }: FocusEvent) => {
      last.current = target;
    },
    onBlur: () => {
      // Behind the window in which a file is chosen it is not left.
      if (document.hasFocus()) last.current = null;
    },
  };
}
