import type { DeclaredColumn } from '@/api/declaration';
import { isDay } from '@/ui/days';
import { readDate } from '@/ui/Field';
import type { Row } from '../answers';
import { checkValue } from '../check/checkValue';

const monthStarts = [
  ['янв', 'қаң', 'jan'],
  ['фев', 'ақп', 'feb'],
  ['мар', 'нау', 'mar'],
  ['апр', 'сәу', 'apr'],
  ['ма', 'мам', 'may'],
  ['июн', 'мау', 'jun'],
  ['июл', 'шіл', 'jul'],
  ['авг', 'там', 'aug'],
  ['сен', 'қыр', 'sep'],
  ['окт', 'қаз', 'oct'],
  ['ноя', 'қар', 'nov'],
  ['дек', 'жел', 'dec'],
];

/** What a pasted cell means to its column; what cannot be read stays as it was written, for the check to name it. */
export function readCell(column: DeclaredColumn, written: string): string {
  if (written === '' || written === '-' || written === '–' || written === '—') return '';
  switch (column.type) {
    case 'number': {
      const digits = written.replace(/[ \u00a0]/g, '');
      const whole = /^(-?\d+)[.,]0+$/.exec(digits)?.[1];
      return whole ?? (/^-?\d+([.,]\d+)?$/.test(digits) ? digits : written);
    }
    case 'year':
      return /^(\d{4})(?:[.,]0)? ?(?:г\.?|год|ж\.?|жыл|y\.?)?$/i.exec(written)?.[1] ?? written;
    case 'date':
      return readDay(written) ?? written;
    case 'choice': {
      const option = column.options.find((one) =>
        [one.value, one.label.kk, one.label.ru, one.label.en].some((name) => same(name, written)),
      );
      return option?.value ?? written;
    }
    default:
      return written;
  }
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function readDay(written: string): string | undefined {
  const bare = written.replace(/ ?(г\.?|года|ж\.?|жылғы)(?= |$)/gi, '').trim();
  if (isDay(bare)) return bare;
  const day = readDate(bare);
  if (isDay(day)) return day;
  const named = /^(\d{1,2}) ([\p{L}]+)\.? (\d{4})$/u.exec(bare) ?? turned(/^(\d{4}) (\d{1,2}) ([\p{L}]+)$/u.exec(bare));
  if (!named) return undefined;
  const month = monthStarts.findIndex((starts) => starts.some((start) => named[2]?.toLowerCase().startsWith(start)));
  const exact = `${named[3]}-${String(month + 1).padStart(2, '0')}-${named[1]?.padStart(2, '0')}`;
  return isDay(exact) ? exact : undefined;
}

const turned = (match: RegExpExecArray | null) => match && ['', match[2], match[3], match[1]];

/**
 * What a wrong value was probably meant to be: 20222 → 2022, "2 шт." → 2, "Рабочий" → рабочее. Only a value that passes the check is offered,
 * and it is only offered, never put in by itself.
 */
export function guess(column: DeclaredColumn, written: string, row: Row, today: string): string | undefined {
  const right = (value: string) => value !== '' && checkValue(column, value, row, today) === undefined;
  return candidates(column, written, today).find((value) => value !== written && right(value));
}

function candidates(column: DeclaredColumn, written: string, today: string): string[] {
  switch (column.type) {
    case 'year':
      return years(written, today);
    case 'number': {
      const first = /-?\d+(?:[.,]\d+)?/.exec(likeDigits(written).replace(/(\d)[ \u00a0](?=\d{3})/g, '$1'))?.[0] ?? '';
      return [first, first.replace(/[.,].*$/, '')];
    }
    case 'date':
      return days(written);
    case 'choice':
      return column.options
        .map((option) => ({
          value: option.value,
          far: Math.min(...[option.label.kk, option.label.ru, option.label.en].map((name) => distance(name, written))),
        }))
        .filter((option) => option.far <= Math.max(2, Math.floor(written.length / 3)))
        .sort((a, b) => a.far - b.far)
        .map((option) => option.value);
    case 'iin':
    case 'bin':
    case 'phone':
      return [likeDigits(written).replace(/[^\d+]/g, '')];
    case 'email':
      return [written.replace(/\s+/g, '').replace(/,/g, '.')];
    default:
      return [];
  }
}

// Letters that look like digits, in both alphabets.
const likeDigits = (text: string) =>
  text
    .replace(/[OoОо]/g, '0')
    .replace(/[lIІ]/g, '1')
    .replace(/[ЗзƷ]/g, '3')
    .replace(/[Бб]/g, '6');

function years(written: string, today: string): string[] {
  const text = likeDigits(written);
  const whole = /(?:19|20)\d{2}(?!\d)/.exec(text)?.[0];
  const digits = text.replace(/\D/g, '');
  const shorter = digits.length === 5 ? [4, 3, 2, 1, 0].map((at) => digits.slice(0, at) + digits.slice(at + 1)) : [];
  const century = digits.length === 2 ? [`20${digits}`, `19${digits}`].filter((year) => year <= today.slice(0, 4)) : [];
  return [...(whole ? [whole] : []), ...shorter, ...century];
}

function days(written: string): string[] {
  const [, a = '', b = '', year = ''] = /^(\d{1,2})[./-](\d{1,2})[./-](\d{2,4})$/.exec(likeDigits(written)) ?? [];
  if (a === '') return [];
  const two = (n: string) => n.padStart(2, '0');
  const spans = year.length === 2 ? [`20${year}`, `19${year}`] : [year];
  return spans.flatMap((y) => [`${y}-${two(b)}-${two(a)}`, `${y}-${two(a)}-${two(b)}`]);
}

/** How many letters must be changed to make one word of the other. */
function distance(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  let before = Array.from({ length: y.length + 1 }, (_, i) => i);
  for (let i = 1; i <= x.length; i++) {
    const now = [i];
    for (let j = 1; j <= y.length; j++) {
      now[j] = Math.min(
        (before[j] ?? 0) + 1,
        (now[j - 1] ?? 0) + 1,
        (before[j - 1] ?? 0) + (x[i - 1] === y[j - 1] ? 0 : 1),
      );
    }
    before = now;
  }
  return before[y.length] ?? 0;
}
