import type { Language } from '@/i18n/language';

// The whole country keeps UTC+5 since 01.03.2024 (facts.md §8). A fixed offset is used because time zone data of older systems still says +6.
const portalOffsetMs = 5 * 3_600_000;
const nb = '\u00a0';

type Parts = {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
  second: number;
};

/** Splits a moment (RFC 3339) or a day (YYYY-MM-DD) into what a calendar on the wall in Kazakhstan shows; weekday 0 is Monday. */
export function wallClock(value: string): Parts {
  const dayOnly = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const moment = new Date(dayOnly ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(moment.getTime())) throw new RangeError('not a date');
  const shifted = dayOnly ? moment : new Date(moment.getTime() + portalOffsetMs);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth(),
    day: shifted.getUTCDate(),
    weekday: (shifted.getUTCDay() + 6) % 7,
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}

/** The day on which a moment falls in Kazakhstan, YYYY-MM-DD. */
export function dayOf(moment: string): string {
  const p = wallClock(moment);
  return `${p.year}-${two(p.month + 1)}-${two(p.day)}`;
}

const two = (n: number) => String(n).padStart(2, '0');

const months: Record<Language, readonly string[]> = {
  kk: 'қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан'.split(' '),
  ru: 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
};
const monthNames: Record<Language, readonly string[]> = {
  kk: months.kk,
  ru: 'январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь'.split(' '),
  en: months.en,
};
const monthsShort: Record<Language, readonly string[]> = {
  kk: 'қаң ақп нау сәу мам мау шіл там қыр қаз қар жел'.split(' '),
  ru: 'янв фев мар апр мая июн июл авг сен окт нояб дек'.split(' '),
  en: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' '),
};
const weekdays: Record<Language, readonly string[]> = {
  kk: 'дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі'.split(' '),
  ru: 'понедельник вторник среда четверг пятница суббота воскресенье'.split(' '),
  en: 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' '),
};
const weekdaysShort: Record<Language, readonly string[]> = {
  kk: 'дс сс ср бс жм сн жс'.split(' '),
  ru: 'пн вт ср чт пт сб вс'.split(' '),
  en: 'Mon Tue Wed Thu Fri Sat Sun'.split(' '),
};

/** Kazakh puts "on", "until" and "since" into the ending of the month or of the time; the other two languages use a word before it. */
export type KazakhCase = 'plain' | 'on' | 'until' | 'since';

const kazakhMonthEndings: Record<Exclude<KazakhCase, 'plain'>, readonly string[]> = {
  on: 'да да да де да да де да те да да да'.split(' '),
  until: 'ға ға ға ге ға ға ге ға ке ға ға ға'.split(' '),
  since: 'дан нан дан ден дан нан ден дан тен нан дан нан'.split(' '),
};

// The ending follows the last spoken number word: алты → алтыда, он → онда, қырық → қырықта.
const kazakhUnits = 'н бір екі үш төрт бес алты жеті сегіз тоғыз'.split(' ');
const kazakhTens = ['', 'он', 'жиырма', 'отыз', 'қырық', 'елу'];
const softWords = new Set(['бір', 'екі', 'үш', 'төрт', 'бес', 'жеті', 'сегіз', 'елу', 'нөл']);
const voicelessEnds = new Set(['үш', 'төрт', 'бес', 'қырық']);

function lastNumberWord(n: number): string {
  if (n === 0) return 'нөл';
  if (n % 10 !== 0) return kazakhUnits[n % 10] ?? 'нөл';
  return kazakhTens[n / 10] ?? 'нөл';
}

/** The Kazakh ending of a clock time, without the hyphen: 15:06 → "да", 17:30 until → "ға". A full hour is read by its hour. */
export function kazakhTimeEnding(hour: number, minute: number, form: Exclude<KazakhCase, 'plain'>): string {
  const word = lastNumberWord(minute === 0 ? hour : minute);
  const vowel = softWords.has(word) ? 'е' : 'а';
  const voiceless = voicelessEnds.has(word);
  if (form === 'on') return (voiceless ? 'т' : 'д') + vowel;
  if (form === 'until') return (vowel === 'е' ? (voiceless ? 'к' : 'г') : voiceless ? 'қ' : 'ғ') + vowel;
  const nasal = word === 'он';
  return `${voiceless ? 'т' : nasal ? 'н' : 'д'}${vowel}н`;
}

export type DateOptions = {
  /** Leave the year out where it is plain from the context. */
  year?: boolean;
  weekday?: boolean;
  form?: KazakhCase;
};

/** A day in words: "26 ноября 2026 года", "2026 жылғы 26 қарашада", "26 November 2026". */
export function formatDate(value: string, language: Language, options: DateOptions = {}): string {
  const { year = true, weekday = false, form = 'plain' } = options;
  const p = wallClock(value);
  const month = months[language][p.month] ?? '';
  if (language === 'kk') {
    const ending = form === 'plain' ? '' : (kazakhMonthEndings[form][p.month] ?? '');
    // With a weekday the name of the day follows the date and takes no ending: "18 желтоқсан, жұма".
    const day = `${p.day}${nb}${month}${weekday ? '' : ending}`;
    const full = year ? `${p.year}${nb}жылғы ${day}` : day;
    return weekday ? `${full}, ${weekdays.kk[p.weekday]}` : full;
  }
  if (language === 'ru') {
    const day = `${p.day}${nb}${month}${year ? ` ${p.year}${nb}года` : ''}`;
    return weekday ? `${weekdays.ru[p.weekday]}, ${day}` : day;
  }
  const day = `${p.day}${nb}${month}${year ? ` ${p.year}` : ''}`;
  return weekday ? `${weekdays.en[p.weekday]} ${day}` : day;
}

export function formatTime(value: string): string {
  const p = wallClock(value);
  return `${p.hour}:${two(p.minute)}`;
}

/** The time with seconds, for the steps of signing: 14:31:02. */
export function formatTimeExact(value: string): string {
  const p = wallClock(value);
  return `${two(p.hour)}:${two(p.minute)}:${two(p.second)}`;
}

/** A day and a time in words: "26 ноября 2026 года, 15:06", and with form "on" "2026 жылғы 26 қарашада, 15:06-да". */
export function formatMoment(value: string, language: Language, options: DateOptions = {}): string {
  const { form = 'plain' } = options;
  const p = wallClock(value);
  const time = formatTime(value);
  if (language !== 'kk' || form === 'plain' || options.weekday)
    return `${formatDate(value, language, options)}, ${time}`;
  // Until and since bind the last word only: "14 желтоқсан, 17:30-ға дейін"; "on" binds both: "26 қарашада 15:06-да".
  const date = formatDate(value, 'kk', { ...options, form: form === 'on' ? 'on' : 'plain' });
  return `${date}${form === 'on' ? '' : ','} ${time}-${kazakhTimeEnding(p.hour, p.minute, form)}`;
}

/** 26.11.2026, the same in the three languages; for tables and papers. */
export function formatDateNumeric(value: string): string {
  const p = wallClock(value);
  return `${two(p.day)}.${two(p.month + 1)}.${p.year}`;
}

export const weekdayShort = (weekday: number, language: Language) => weekdaysShort[language][weekday] ?? '';
export const weekdayName = (weekday: number, language: Language) => weekdays[language][weekday] ?? '';
export const monthShort = (month: number, language: Language) => monthsShort[language][month] ?? '';

/** The months that a calendar covers: "Ноябрь – декабрь 2026 года", "2026 жылғы қараша – желтоқсан". */
export function formatMonths(from: string, to: string, language: Language): string {
  const a = wallClock(from);
  const b = wallClock(to);
  const name = (p: Parts) => monthNames[language][p.month] ?? '';
  const upper = (s: string) => s.charAt(0).toUpperCase() + s.slice(1);
  const same = a.month === b.month && a.year === b.year;
  if (a.year !== b.year) {
    const one = (p: Parts) =>
      language === 'kk'
        ? `${p.year}${nb}жылғы ${name(p)}`
        : language === 'ru'
          ? `${name(p)} ${p.year}${nb}года`
          : `${name(p)} ${p.year}`;
    return upper(`${one(a)}${nb}– ${one(b)}`);
  }
  const span = same ? name(a) : `${name(a)}${nb}– ${name(b)}`;
  if (language === 'kk') return `${a.year}${nb}жылғы ${span}`;
  if (language === 'ru') return upper(`${span} ${a.year}${nb}года`);
  return `${span} ${a.year}`;
}

/** A number by the language: spaces and a comma, in English commas and a point. */
export function formatNumber(value: number | string, language: Language): string {
  const [whole = '', fraction] = String(value).split('.');
  const [group, mark] = language === 'en' ? [',', '.'] : [nb, ','];
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, group);
  return fraction === undefined ? grouped : `${grouped}${mark}${fraction}`;
}

/** A sum in tenge of the contract's decimal string, without a fraction that is zero: "43 250 ₸", "43,250 ₸". */
export function formatMoney(amount: string, language: Language): string {
  const [whole = '0', fraction = ''] = amount.split('.');
  const decimal = /^0*$/.test(fraction) ? whole : `${whole}.${fraction.padEnd(2, '0')}`;
  return `${formatNumber(decimal, language)}${nb}₸`;
}

/** A sum to the tiyn, where a difference may be one. */
export function formatMoneyExact(amount: string, language: Language): string {
  return `${formatNumber(amount, language)}${nb}₸`;
}

/** A coefficient as it is spoken: "10" of "10.00", "0,1" of "0.10". */
export function formatCoefficient(coefficient: string, language: Language): string {
  return formatNumber(coefficient.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''), language);
}

const byteUnits: Record<Language, readonly [string, string, string]> = {
  kk: ['Б', 'КБ', 'МБ'],
  ru: ['Б', 'КБ', 'МБ'],
  en: ['B', 'KB', 'MB'],
};

/** The size of a file: "4,3 МБ". */
export function formatBytes(bytes: number, language: Language): string {
  const units = byteUnits[language];
  const mark = language === 'en' ? '.' : ',';
  if (bytes < 1024) return `${bytes}${nb}${units[0]}`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)}${nb}${units[1]}`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace('.', mark)}${nb}${units[2]}`;
}

/** A size as a limit is spoken: "20 МБ" of "20,0 МБ". */
export const formatWholeBytes = (bytes: number, language: Language) =>
  formatBytes(bytes, language).replace(/[.,]0(?=\s)/, '');
