import { type KeyboardEvent, useCallback } from 'react';

type Cellular = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/**
 * Moves between cells: up and down by rows, Enter down, left and right at the ends of a text. In a list of options up and down choose, as
 * everywhere; with Ctrl they move.
 */
export function useGridKeys(onPastEnd: () => void) {
  return useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const cell = event.target as Cellular;
      const place = cell.dataset?.cell;
      if (!place || event.altKey || event.metaKey) return;
      const [row = 0, column = 0] = place.split(':').map(Number);
      const go = (r: number, c: number): boolean => {
        const next = event.currentTarget.querySelector<Cellular>(`[data-cell="${r}:${c}"]`);
        if (!next) return false;
        event.preventDefault();
        next.focus();
        if (next instanceof HTMLInputElement || next instanceof HTMLTextAreaElement) next.select();
        return true;
      };
      const list = cell instanceof HTMLSelectElement;
      switch (event.key) {
        case 'Enter':
          if (list || event.ctrlKey) return;
          event.preventDefault();
          if (!go(row + (event.shiftKey ? -1 : 1), column) && !event.shiftKey) onPastEnd();
          return;
        case 'ArrowUp':
        case 'ArrowDown': {
          if (list && !event.ctrlKey) return;
          const down = event.key === 'ArrowDown';
          if (!list && insideLines(cell, down)) return;
          go(row + (down ? 1 : -1), column);
          return;
        }
        case 'ArrowLeft':
        case 'ArrowRight': {
          if (event.shiftKey || event.ctrlKey) return;
          const right = event.key === 'ArrowRight';
          if (!list && !atEnd(cell, right)) return;
          // A cell that this row does not need is passed over.
          for (let c = column + (right ? 1 : -1); c >= 0 && c < 50; c += right ? 1 : -1) if (go(row, c)) return;
          return;
        }
        default:
      }
    },
    [onPastEnd],
  );
}

function atEnd(cell: HTMLInputElement | HTMLTextAreaElement, right: boolean): boolean {
  const { selectionStart, selectionEnd, value } = cell;
  if (selectionStart === 0 && selectionEnd === value.length) return true; // all selected, as after moving here
  return selectionStart === selectionEnd && selectionStart === (right ? value.length : 0);
}

/** True while the arrow still has lines of a wrapped text to go through. */
function insideLines(cell: HTMLInputElement | HTMLTextAreaElement, down: boolean): boolean {
  if (!(cell instanceof HTMLTextAreaElement)) return false;
  const line = Number.parseFloat(getComputedStyle(cell).lineHeight) || 24;
  const wrapped = cell.scrollHeight > line * 2.2;
  return wrapped && !atEnd(cell, down);
}
