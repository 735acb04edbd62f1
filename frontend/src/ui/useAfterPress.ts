import { useCallback, useEffect, useRef } from 'react';

const starts = ['pointerdown', 'mousedown'] as const;
const ends = ['pointerup', 'pointercancel', 'mouseup', 'click', 'keydown'] as const;

/**
 * Does what moves the page (an error that appears above a field that was left) at once, but while a button of the mouse or a finger is down only
 * after the click that comes of it: else what is pressed slides away between press and release, and the click is lost.
 */
export function useAfterPress(): (act: () => void) => void {
  const pressing = useRef(false);
  const waiting = useRef<(() => void)[]>([]);
  useEffect(() => {
    let release: ReturnType<typeof setTimeout> | undefined;
    // After a touch the browser tells the same press once more, as one of a mouse; that takes the release back.
    const press = () => {
      pressing.current = true;
      clearTimeout(release);
    };
    // The click is dispatched together with the release: it is over when the next task runs.
    const letGo = () => {
      if (!pressing.current) return;
      clearTimeout(release);
      release = setTimeout(() => {
        pressing.current = false;
        for (const act of waiting.current.splice(0)) act();
      });
    };
    // A release that nobody told: on a scroll bar, outside of the window.
    const letGoIfUp = (event: PointerEvent) => {
      if (event.pointerType === 'mouse' && event.buttons === 0) letGo();
    };
    for (const start of starts) window.addEventListener(start, press, true);
    for (const end of ends) window.addEventListener(end, letGo, true);
    window.addEventListener('pointermove', letGoIfUp, true);
    window.addEventListener('blur', letGo);
    return () => {
      clearTimeout(release);
      for (const start of starts) window.removeEventListener(start, press, true);
      for (const end of ends) window.removeEventListener(end, letGo, true);
      window.removeEventListener('pointermove', letGoIfUp, true);
      window.removeEventListener('blur', letGo);
    };
  }, []);
  return useCallback((act) => {
    if (pressing.current) waiting.current.push(act);
    else act();
  }, []);
}
