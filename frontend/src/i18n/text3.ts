import { useLanguage } from './useLanguage';

/** A text as the server gives it: the same words in three languages. */
export type Text3 = { kk: string; ru: string; en: string };

/** Picks the reader's language out of a text that came from the server in three. */
export function useText3(): (text: Text3 | undefined) => string {
  const language = useLanguage();
  return (text) => text?.[language] ?? '';
}
