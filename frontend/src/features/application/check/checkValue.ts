import type { DateDeclared, DeclaredColumn, DeclaredField, NumberDeclared, YearDeclared } from '@/api/declaration';
import { addMonths, dayNumber, dayText, isDay, isNoDay } from '@/ui/days';
import { type Row, textOf } from '../answers';

/**
 * What is wrong with one value: a code of server/catalog/codes.go and what its text needs. Only `no_such_date` is ours: the server calls it
 * `bad_date`, as it does a day that is not written in full.
 */
export type Wrong = { code: string; params?: Record<string, unknown> };

const emailPattern =
  /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;
const phonePattern = /^(\+?[0-9]|\([0-9])[0-9 ()-]*$/;
const numberPattern = /^-?[0-9]{1,12}([.,][0-9]{1,9})?$/;
const maxTyped = 200;

/** A number as digits with a point; "" when it is none. */
export function numberOf(value: unknown): string {
  const text = textOf(value).trim();
  return numberPattern.test(text) ? text.replace(',', '.') : '';
}

/** Twelve digits with a right check digit (IIN and BIN share the rule). */
export function isTwelve(text: string): boolean {
  if (!/^\d{12}$/.test(text)) return false;
  const digit = (index: number) => Number(text[index]);
  const sum = (shift: number) =>
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].reduce((n, i) => n + digit(i) * (((i + shift) % 11) + 1), 0) % 11;
  const check = sum(0) === 10 ? sum(2) : sum(0);
  return check < 10 && check === digit(11);
}

/**
 * Judges one value that answers something, by the rules of server/catalog/value.go. It is only the quick answer while one types: the server
 * judges again at each save and before signing.
 */
export function checkValue(
  field: DeclaredField | DeclaredColumn,
  value: unknown,
  level: Row,
  today: string,
): Wrong | undefined {
  const text = textOf(value);
  switch (field.type) {
    case 'text':
    case 'textarea':
      return tooLong(text, field.maxLength);
    case 'number':
      return tooLong(text, maxTyped) ?? wrongNumber(field, value);
    case 'year':
      return tooLong(text, maxTyped) ?? wrongYear(field, value, level, today);
    case 'date':
      return tooLong(text, maxTyped) ?? wrongDate(field, text, level, today);
    case 'email':
      return emailPattern.test(text) && text.length <= 254 ? undefined : { code: 'bad_email' };
    case 'phone':
      return phonePattern.test(text) && /^\d{10,15}$/.test(text.replace(/[ ()+-]/g, ''))
        ? undefined
        : { code: 'bad_phone' };
    case 'iin':
      return isTwelve(text) ? undefined : { code: 'bad_iin' };
    case 'bin':
      return isTwelve(text) ? undefined : { code: 'bad_bin' };
    case 'choice':
      return field.options.some((option) => option.value === value) ? undefined : { code: 'unknown_option' };
    default:
      return undefined;
  }
}

function tooLong(text: string, max: number): Wrong | undefined {
  return [...text].length > max ? { code: 'too_long', params: { max } } : undefined;
}

function wrongNumber(field: NumberDeclared, value: unknown): Wrong | undefined {
  const digits = numberOf(value);
  if (digits === '') return { code: 'not_a_number' };
  const fraction = digits.split('.')[1] ?? '';
  const decimals = field.decimals ?? 0;
  if (fraction.length > decimals)
    return decimals === 0 ? { code: 'not_a_whole_number' } : { code: 'too_many_decimals', params: { max: decimals } };
  return outside(field, digits);
}

function outside(field: { min?: number; max?: number }, digits: string): Wrong | undefined {
  const n = Number(digits);
  if (field.min !== undefined && n < field.min) return { code: 'too_small', params: { min: field.min } };
  if (field.max !== undefined && n > field.max) return { code: 'too_large', params: { max: field.max } };
  return undefined;
}

function wrongYear(field: YearDeclared, value: unknown, level: Row, today: string): Wrong | undefined {
  const year = numberOf(value);
  const thisYear = today.slice(0, 4);
  if (!/^\d{4}$/.test(year)) return { code: 'bad_year', params: field.notFuture ? { max: thisYear } : {} };
  const wrong = outside(field, year);
  if (wrong) return wrong;
  if (field.notFuture && year > thisYear) return { code: 'in_future', params: { max: thisYear } };
  const other = field.notBefore ? numberOf(level[field.notBefore]) : '';
  return /^\d{4}$/.test(other) && year < other
    ? { code: 'before_other', params: { field: field.notBefore } }
    : undefined;
}

function wrongDate(field: DateDeclared, day: string, level: Row, today: string): Wrong | undefined {
  if (!isDay(day)) return { code: isNoDay(day) ? 'no_such_date' : 'bad_date' };
  if (field.notFuture && day > today) return { code: 'in_future', params: { max: today } };
  if (field.notPast && day < today) return { code: 'in_past', params: { min: today } };
  const other = field.notBefore ? textOf(level[field.notBefore]) : '';
  if (isDay(other) && day < other) return { code: 'before_other', params: { field: field.notBefore } };
  if (field.withinYears) {
    const oldest = dayText(addMonths(dayNumber(today), -12 * field.withinYears));
    if (day < oldest) return { code: 'too_old', params: { years: field.withinYears, min: oldest } };
  }
  return undefined;
}
