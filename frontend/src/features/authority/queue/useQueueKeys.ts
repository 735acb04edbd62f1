import { useEffect } from 'react';

type Keys = { onMove: (by: 1 | -1) => void; onFind: () => void; onHelp: () => void };

const store = 'work-keys';

/** Single letters as commands can be switched off (WCAG 2.1.4): speech input would otherwise press them. */
export function keysAreOn(): boolean {
  try {
    return localStorage.getItem(store) !== 'off';
  } catch {
    return true;
  }
}

export function switchKeys(on: boolean): void {
  try {
    localStorage.setItem(store, on ? 'on' : 'off');
  } catch {
    // A browser that keeps nothing: the switch holds for this page only.
  }
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], dialog') !== null;
}

/** J and K move, / finds, ? explains. Keys are taken by their place as well, so that they work in the Kazakh and Russian layouts. */
export function useQueueKeys(on: boolean, { onMove, onFind, onHelp }: Keys): void {
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      let act: (() => void) | undefined;
      if (event.key === '?' || (event.code === 'Slash' && event.shiftKey)) act = onHelp;
      else if (event.key === '/' || event.code === 'Slash') act = onFind;
      else if (event.code === 'KeyJ' || event.key === 'j') act = () => onMove(1);
      else if (event.code === 'KeyK' || event.key === 'k') act = () => onMove(-1);
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [on, onMove, onFind, onHelp]);
}
