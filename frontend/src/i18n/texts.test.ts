import { describe, expect, it } from 'vitest';
import { allTexts } from '@/testing/texts';
import { languages } from './language';

const texts = allTexts();
// The forms each language's plural needs (CLDR): Kazakh and English one/other, Russian one/few/many/other.
const forms = {
  kk: ['one', 'other'],
  ru: ['one', 'few', 'many', 'other'],
  en: ['one', 'other'],
} as const;
const pluralEnding = /_(zero|one|two|few|many|other)$/;

function flat(node: object, prefix = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'object' && value !== null)
      for (const [k, v] of flat(value, `${prefix}${key}.`)) out.set(k, v);
    else out.set(`${prefix}${key}`, String(value));
  }
  return out;
}

const base = (key: string) => key.replace(pluralEnding, '');
const placeholders = (text: string) =>
  [...new Set([...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}|<(\w+)>/g)].map((m) => m[1] ?? `<${m[2]}>`))].sort();
const namespaces = Object.keys(texts.ru);

describe.each(namespaces)('texts of %s', (namespace) => {
  const by = Object.fromEntries(languages.map((l) => [l, flat(texts[l][namespace] ?? {})])) as Record<
    (typeof languages)[number],
    Map<string, string>
  >;

  it('has every key in the three languages', () => {
    const keys = (l: (typeof languages)[number]) => [...new Set([...by[l].keys()].map(base))].sort();
    expect(keys('kk')).toEqual(keys('ru'));
    expect(keys('en')).toEqual(keys('ru'));
  });

  it('has no empty text', () => {
    for (const l of languages) for (const [key, text] of by[l]) expect(text.trim(), `${l} ${key}`).not.toBe('');
  });

  it('uses the same placeholders in the three languages', () => {
    for (const key of new Set([...by.ru.keys()].map(base))) {
      const of = (l: (typeof languages)[number]) => {
        const all = [...by[l]].filter(([k]) => base(k) === key).flatMap(([, text]) => placeholders(text));
        return [...new Set(all)].sort();
      };
      expect(of('kk'), `kk ${key}`).toEqual(of('ru'));
      expect(of('en'), `en ${key}`).toEqual(of('ru'));
    }
  });

  it('has every plural form that the language needs', () => {
    for (const l of languages) {
      const plurals = new Set([...by[l].keys()].filter((k) => pluralEnding.test(k)).map(base));
      for (const key of plurals)
        for (const form of forms[l]) expect(by[l].has(`${key}_${form}`), `${l} ${key}_${form}`).toBe(true);
    }
  });

  it('never begins a line with a dash, in Kazakh and Russian', () => {
    // What stands before a dash is a no-break space.
    for (const l of ['kk', 'ru'] as const)
      for (const [key, text] of by[l]) expect(text, `${l} ${key}`).not.toMatch(/ [—–]/);
  });

  it('keeps Kazakh out of Russian and English, and Cyrillic out of English', () => {
    // A text pasted into the wrong file is the usual slip. Names of languages and the letter № are the exceptions.
    for (const [key, text] of by.ru) expect(text, `ru ${key}`).not.toMatch(/[әғқңөұүһіӘҒҚҢӨҰҮҺІ]/);
    for (const [key, text] of by.en) expect(text, `en ${key}`).not.toMatch(/[а-яёА-ЯЁәғқңөұүһі]/);
  });
});

it('has the same namespaces in the three languages', () => {
  expect(Object.keys(texts.kk).sort()).toEqual([...namespaces].sort());
  expect(Object.keys(texts.en).sort()).toEqual([...namespaces].sort());
});

describe.each(languages)('the words of %s', (l) => {
  const text = (namespace: string, key: string) => flat(texts[l][namespace] ?? {}).get(key);

  it('name a page of the officials as the menu names it', () => {
    expect(text('authority', 'queue.title')).toBe(text('common', 'nav.work'));
    expect(text('authority', 'toSign.title')).toBe(text('common', 'nav.toSign'));
  });

  it('call what a key is issued with as the law calls it, in Kazakh and Russian', () => {
    // Тіркеу куәлігі, регистрационное свидетельство.
    if (l === 'en') return;
    for (const namespace of namespaces)
      for (const [key, said] of flat(texts[l][namespace] ?? {}))
        expect(said, `${l} ${namespace} ${key}`).not.toMatch(/сертификат/i);
  });
});
