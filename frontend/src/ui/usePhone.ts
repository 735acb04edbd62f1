import { useSyncExternalStore } from 'react';

// As narrow as where our pages become one column, or with a finger in place of a mouse.
const phone = () => window.matchMedia('(max-width: 720px), (pointer: coarse)');

function listen(changed: () => void): () => void {
  const query = phone();
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Whether the page is most likely read on a phone or a tablet, where programs for a computer do not run. */
export const usePhone = (): boolean => useSyncExternalStore(listen, () => phone().matches);
