import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { useFocusKept } from '@/ui/useFocusKept';
import { useDraft } from './draft/useDraft';

/**
 * The place above the fields where it is told what came of the saving. A note comes and goes there by itself, while one fills in or ticks what
 * stands below: that stays under the hand, the page moves instead.
 */
export function NotePlace({ className, children }: { className: string | undefined; children: ReactNode }) {
  const { store } = useDraft();
  const place = useRef<HTMLDivElement>(null);
  const height = useRef<number>(undefined);
  const held = useRef<{ element: Element; top: number }>(undefined);
  // A button of a note goes with it.
  const focus = useFocusKept('main');
  useEffect(
    () =>
      // Heard before the page shows what has changed.
      store.subscribe(() => {
        const element = document.activeElement;
        if (element) held.current = { element, top: element.getBoundingClientRect().top };
      }),
    [store],
  );
  useLayoutEffect(() => {
    const before = height.current;
    height.current = place.current?.offsetHeight;
    const { element, top = 0 } = held.current ?? {};
    held.current = undefined;
    if (before === undefined || before === height.current) return;
    if (!element?.isConnected || element.contains(place.current) || place.current?.contains(element)) return;
    const moved = element.getBoundingClientRect().top - top;
    if (moved !== 0) window.scrollBy({ top: moved, behavior: 'instant' });
  });
  return (
    <div ref={place} className={className} {...focus}>
      {children}
    </div>
  );
}
