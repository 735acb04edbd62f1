import { expect, it } from 'vitest';
import { chosenLanguage, keepLanguage } from './language';

it.each([
  ['lang=en', ['ru-RU'], 'en'],
  ['session=x; lang=kk', ['en'], 'kk'],
  ['lang=xx', ['ru-RU'], 'ru'],
  ['', ['de-DE', 'kk-KZ'], 'kk'],
  ['', ['de-DE'], 'kk'],
] as const)('with cookie "%s" and browser %s the page speaks %s', (cookie, preferred, expected) => {
  expect(chosenLanguage(cookie, preferred)).toBe(expected);
});

it('keeps the choice for the next visit and tells it to the page', () => {
  keepLanguage('en');
  expect(document.cookie).toContain('lang=en');
  expect(document.documentElement.lang).toBe('en');
});
