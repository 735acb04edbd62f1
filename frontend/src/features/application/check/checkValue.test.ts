import { describe, expect, it } from 'vitest';
import type { DeclaredField } from '@/api/declaration';
import { totalPeriod } from '@/ui/experience';
import { checkValue, isTwelve } from './checkValue';

const label = { kk: 'x', ru: 'x', en: 'x' };
const field = (more: object) => ({ id: 'f', label, required: true, ...more }) as DeclaredField;
const today = '2026-11-26';
const code = (declared: object, value: unknown, row: Record<string, unknown> = {}) =>
  checkValue(field(declared), value, { f: value, ...row }, today)?.code;

describe('one value', () => {
  it.each([
    [{ type: 'number' }, '12', undefined],
    [{ type: 'number' }, 12, undefined],
    [{ type: 'number' }, 'двенадцать', 'not_a_number'],
    [{ type: 'number' }, '1e5', 'not_a_number'],
    [{ type: 'number' }, '12,5', 'not_a_whole_number'],
    [{ type: 'number', decimals: 1 }, '12,5', undefined],
    [{ type: 'number', decimals: 1 }, '12.55', 'too_many_decimals'],
    [{ type: 'number', min: 1 }, '0', 'too_small'],
    [{ type: 'number', max: 70 }, '71', 'too_large'],
    [{ type: 'year', min: 1900 }, '2024', undefined],
    [{ type: 'year', min: 1900 }, '20222', 'bad_year'],
    [{ type: 'year', min: 1900 }, '24', 'bad_year'],
    [{ type: 'year', min: 1900 }, '1899', 'too_small'],
    [{ type: 'year', notFuture: true }, '2026', undefined],
    [{ type: 'year', notFuture: true }, '2027', 'in_future'],
    [{ type: 'date' }, '2026-02-29', 'no_such_date'],
    [{ type: 'date' }, '1899-12-31', 'bad_date'],
    [{ type: 'date' }, '31.02.2024', 'no_such_date'],
    [{ type: 'date' }, '12.13.2024', 'no_such_date'],
    [{ type: 'date' }, '31.02', 'bad_date'],
    [{ type: 'date', notFuture: true }, '2026-11-26', undefined],
    [{ type: 'date', notFuture: true }, '2026-11-27', 'in_future'],
    [{ type: 'date', notPast: true }, '2026-11-25', 'in_past'],
    [{ type: 'date', withinYears: 5 }, '2021-11-26', undefined],
    [{ type: 'date', withinYears: 5 }, '2021-11-25', 'too_old'],
    [{ type: 'email' }, 'name@example.kz', undefined],
    [{ type: 'email' }, 'name@example', 'bad_email'],
    [{ type: 'email' }, 'two@at@example.kz', 'bad_email'],
    [{ type: 'phone' }, '+7 (701) 123-45-67', undefined],
    [{ type: 'phone' }, '123', 'bad_phone'],
    [{ type: 'choice', options: [{ value: 'a', label }] }, 'b', 'unknown_option'],
    [{ type: 'text', maxLength: 3 }, 'ұзын', 'too_long'],
    [{ type: 'text', maxLength: 2 }, '🩺🩺', undefined],
  ])('%j with %j', (declared, value, expected) => {
    expect(code(declared, value)).toBe(expected);
  });

  it('is not earlier than the field that it may not precede', () => {
    expect(code({ type: 'date', notBefore: 'from' }, '2020-01-01', { from: '2020-01-02' })).toBe('before_other');
    expect(code({ type: 'date', notBefore: 'from' }, '2020-01-01', { from: 'soon' })).toBeUndefined();
    expect(code({ type: 'year', notBefore: 'from' }, '2019', { from: '2020' })).toBe('before_other');
  });

  it('holds the check digit of twelve digits', () => {
    expect(isTwelve('880101300010')).toBe(true);
    expect(isTwelve('880101300011')).toBe(false);
    expect(isTwelve('000000000101')).toBe(true); // ten by the first weights, so the second count
    expect(isTwelve('000000000100')).toBe(false);
    expect([...'0123456789'].some((d) => isTwelve(`00000000605${d}`))).toBe(false); // ten by both: never given out
    expect(isTwelve('88010130001')).toBe(false);
    expect(isTwelve('88010130001a')).toBe(false);
  });
});

describe('the work record added up (SF5.6)', () => {
  const length = { from: 'hired', to: 'dismissed', minYears: 5 };
  const total = (...rows: Record<string, string>[]) => totalPeriod(rows, length, today);
  const row = (hired: string, dismissed = '') => ({ hired, dismissed });

  it('counts the first and the last day', () => {
    expect(total(row('2015-01-01', '2019-12-31'))).toEqual({ years: 5, months: 0, days: 0 });
    expect(total(row('2015-01-01', '2019-12-29'))).toEqual({ years: 4, months: 11, days: 29 });
  });
  it('counts days that two rows cover once', () => {
    expect(total(row('2010-01-01', '2012-12-31'), row('2012-01-01', '2014-12-31'))).toEqual({
      years: 5,
      months: 0,
      days: 0,
    });
  });
  it('lets a row without a last day last until today, and no longer', () => {
    expect(total(row('2021-11-27'))).toEqual({ years: 5, months: 0, days: 0 });
    expect(total(row('2021-11-27', '2030-01-01'))).toEqual({ years: 5, months: 0, days: 0 });
    expect(total(row('2027-01-01'))).toEqual({ years: 0, months: 0, days: 0 });
  });
  it('passes over rows whose dates are missing or wrong', () => {
    expect(total(row(''), row('2020-13-01'), row('2020-01-01', 'soon'))).toEqual({ years: 0, months: 0, days: 0 });
  });
});
