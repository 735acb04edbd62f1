import { describe, expect, it } from 'vitest';
import {
  dayOf,
  formatBytes,
  formatCoefficient,
  formatDate,
  formatDateNumeric,
  formatMoment,
  formatMoney,
  formatMoneyExact,
  formatMonths,
  formatNumber,
  kazakhTimeEnding,
} from './format';

// The formats put no-break spaces inside; the expectations below are written with ordinary ones.
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('dates in words', () => {
  it.each([
    ['ru', '26 ноября 2026 года'],
    ['kk', '2026 жылғы 26 қараша'],
    ['en', '26 November 2026'],
  ] as const)('a day in %s', (language, expected) => {
    expect(plain(formatDate('2026-11-26', language))).toBe(expected);
  });

  it.each([
    ['ru', 'пятница, 18 декабря 2026 года, 17:30'],
    ['kk', '2026 жылғы 18 желтоқсан, жұма, 17:30'],
    ['en', 'Friday 18 December 2026, 17:30'],
  ] as const)('a due date in %s has its weekday and time', (language, expected) => {
    expect(plain(formatMoment('2026-12-18T12:30:00Z', language, { weekday: true }))).toBe(expected);
  });

  it('keeps day and month together in a line', () => {
    expect(formatDate('2026-11-26', 'ru', { year: false })).toBe('26\u00a0ноября');
  });

  it('puts the Kazakh case into the ending', () => {
    expect(plain(formatMoment('2026-11-26T10:06:00Z', 'kk', { form: 'on' }))).toBe('2026 жылғы 26 қарашада 15:06-да');
    expect(plain(formatMoment('2026-12-14T12:30:00Z', 'kk', { form: 'until', year: false }))).toBe(
      '14 желтоқсан, 17:30-ға',
    );
    expect(plain(formatDate('2026-09-01', 'kk', { form: 'on', year: false }))).toBe('1 қыркүйекте');
    expect(plain(formatDate('2026-09-01', 'kk', { form: 'until', year: false }))).toBe('1 қыркүйекке');
    expect(plain(formatDate('2026-07-06', 'kk', { form: 'since', year: false }))).toBe('6 шілдеден');
  });

  it.each([
    [15, 6, 'on', 'да'], // алтыда
    [10, 40, 'on', 'та'], // қырықта
    [9, 3, 'on', 'те'], // үште
    [17, 0, 'on', 'де'], // он жетіде
    [9, 5, 'until', 'ке'], // беске
    [17, 30, 'until', 'ға'], // отызға
    [10, 40, 'until', 'қа'], // қырыққа
    [9, 1, 'until', 'ге'], // бірге
    [9, 10, 'since', 'нан'], // оннан
  ] as const)('%i:%i %s takes the ending %s', (hour, minute, form, ending) => {
    expect(kazakhTimeEnding(hour, minute, form)).toBe(ending);
  });

  it('reads the wall clock of Kazakhstan, whatever the zone of the computer', () => {
    expect(dayOf('2026-12-31T19:00:00Z')).toBe('2027-01-01');
    expect(formatDateNumeric('2026-12-31T18:59:59Z')).toBe('31.12.2026');
  });

  it('names the months that a calendar covers', () => {
    expect(plain(formatMonths('2026-11-26', '2026-12-18', 'ru'))).toBe('Ноябрь – декабрь 2026 года');
    expect(plain(formatMonths('2026-11-26', '2026-12-18', 'kk'))).toBe('2026 жылғы қараша – желтоқсан');
    expect(plain(formatMonths('2026-12-28', '2027-01-18', 'en'))).toBe('December 2026 – January 2027');
    expect(plain(formatMonths('2026-03-02', '2026-03-27', 'en'))).toBe('March 2026');
  });

  it('refuses what is not a date', () => {
    expect(() => formatDate('soon', 'ru')).toThrow(RangeError);
  });
});

describe('money and numbers', () => {
  it.each([
    ['43250.00', '43 250 ₸'],
    ['4325', '4 325 ₸'],
    ['0.00', '0 ₸'],
    ['1234567.50', '1 234 567,50 ₸'],
    ['12.5', '12,50 ₸'],
  ])('%s is shown as %s', (amount, expected) => {
    expect(plain(formatMoney(amount, 'ru'))).toBe(expected);
  });

  it('never breaks a sum over two lines', () => {
    expect(formatMoney('43250.00', 'kk')).not.toContain(' ');
  });

  it('groups by three', () => {
    expect(plain(formatNumber(999, 'ru'))).toBe('999');
    expect(plain(formatNumber('1000000', 'kk'))).toBe('1 000 000');
    expect(formatNumber('1000000', 'en')).toBe('1,000,000');
    expect(plain(formatMoney('1234567.50', 'en'))).toBe('1,234,567.50 ₸');
    expect(plain(formatMoneyExact('43250.00', 'ru'))).toBe('43 250,00 ₸');
    expect(formatCoefficient('0.10', 'ru')).toBe('0,1');
    expect(formatCoefficient('10.00', 'en')).toBe('10');
  });

  it('tells sizes in the units of the language', () => {
    expect(plain(formatBytes(4_508_876, 'ru'))).toBe('4,3 МБ');
    expect(plain(formatBytes(4_508_876, 'en'))).toBe('4.3 MB');
    expect(plain(formatBytes(512, 'kk'))).toBe('512 Б');
    expect(plain(formatBytes(2048, 'en'))).toBe('2 KB');
  });
});
