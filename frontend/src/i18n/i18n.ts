import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { chosenLanguage, keepLanguage, type Language } from './language';

// One file a language and subject; each becomes its own small chunk, loaded when the first page that uses it opens.
const files = import.meta.glob<{ default: object }>('./{kk,ru,en}/*.json');

const backend: BackendModule = {
  type: 'backend',
  init() {},
  read(language, namespace, done) {
    const load = files[`./${language}/${namespace}.json`];
    if (!load) {
      done(new Error(`no texts: ${language}/${namespace}`), false);
      return;
    }
    load().then(
      (file) => done(null, file.default as never),
      (error: Error) => done(error, true),
    );
  },
};

/** Starts the texts in the reader's language. No fallback language: a key missing in one language fails the tests instead of leaking another. */
export async function startTexts(language: Language = chosenLanguage()): Promise<typeof i18next> {
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      supportedLngs: ['kk', 'ru', 'en'],
      ns: ['common', 'ui', 'errors'],
      defaultNS: 'common',
      interpolation: { escapeValue: false },
      returnNull: false,
      react: { useSuspense: true },
    });
  keepLanguage(language);
  return i18next;
}

export async function changeLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  keepLanguage(language);
}
