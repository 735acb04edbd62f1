import { useState } from 'react';
import { type Filter, filterAddress } from './filters';

/** Words that an official looks for again and again, with the filter they were looked for in. */
export type SavedFilter = { filter: Filter; words: string };

const store = 'work-filters';
// The strip has to stay a strip: the oldest gives way.
const most = 4;

const same = (a: SavedFilter, b: SavedFilter) =>
  a.words === b.words && filterAddress(a.filter) === filterAddress(b.filter);

function read(): SavedFilter[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(store) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isSaved).slice(-most) : [];
  } catch {
    return [];
  }
}

function isSaved(one: unknown): one is SavedFilter {
  const { words, filter } = (one ?? {}) as Partial<SavedFilter>;
  return typeof words === 'string' && words !== '' && typeof filter?.show === 'string';
}

/** They stay in this browser, not in the address: words may be somebody's name. */
export function useSavedFilters() {
  const [saved, setSaved] = useState(read);
  const write = (next: SavedFilter[]) => {
    setSaved(next);
    try {
      localStorage.setItem(store, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing: they hold for this page only.
    }
  };
  return {
    saved,
    isKept: (one: SavedFilter) => saved.some((other) => same(one, other)),
    keep: (one: SavedFilter) => write([...saved.filter((other) => !same(one, other)), one].slice(-most)),
    drop: (one: SavedFilter) => write(saved.filter((other) => !same(one, other))),
  };
}
