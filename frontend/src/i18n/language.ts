/** The three languages of the portal, Kazakh first (S2, product.md §6). The choice is kept in a cookie so that the server writes mail in it. */
export const languages = ['kk', 'ru', 'en'] as const;
export type Language = (typeof languages)[number];

const cookieName = 'lang';
const oneYear = 31_536_000;

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && (languages as readonly string[]).includes(value);
}

/** What the reader chose before, else the first language of the browser that we speak, else Kazakh. */
export function chosenLanguage(cookie = document.cookie, preferred: readonly string[] = navigator.languages): Language {
  const kept = cookie
    .split(';')
    .map((part) => part.trim().split('='))
    .find(([name]) => name === cookieName)?.[1];
  if (isLanguage(kept)) return kept;
  for (const tag of preferred) {
    const base = tag.toLowerCase().split('-')[0];
    if (isLanguage(base)) return base;
  }
  return 'kk';
}

export function keepLanguage(language: Language): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in Firefox
  document.cookie = `${cookieName}=${language}; Path=/; Max-Age=${oneYear}; SameSite=Lax`;
  document.documentElement.lang = language;
}
