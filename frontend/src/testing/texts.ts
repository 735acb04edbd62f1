import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '@/i18n/language';

const files = import.meta.glob<{ default: object }>('../i18n/{kk,ru,en}/*.json', { eager: true });

/** Every text of every language, read at once: tests wait for pages, not for texts. */
export function allTexts(): Record<Language, Record<string, object>> {
  const all: Record<Language, Record<string, object>> = { kk: {}, ru: {}, en: {} };
  for (const [path, file] of Object.entries(files)) {
    const match = /\/(kk|ru|en)\/([\w-]+)\.json$/.exec(path);
    if (match) all[match[1] as Language][match[2] as string] = file.default;
  }
  return all;
}

export async function textsFor(language: Language): Promise<i18n> {
  if (!i18next.isInitialized) {
    await i18next.use(initReactI18next).init({
      lng: language,
      fallbackLng: false,
      defaultNS: 'common',
      resources: allTexts(),
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  } else await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  return i18next;
}
