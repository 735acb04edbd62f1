/** What may be wrong with a typed number before anybody is asked. */
export type NumberFault = 'empty' | 'malformed' | 'typo';

// Letters that look alike in Cyrillic and Latin: people type the number off a Kazakh or Russian keyboard.
const lookAlikes: Record<string, string> = {
  А: 'A',
  В: 'B',
  Е: 'E',
  К: 'K',
  М: 'M',
  Н: 'H',
  О: 'O',
  Р: 'P',
  С: 'C',
  Т: 'T',
  Х: 'X',
  З: 'Z',
};

/** The number as it is printed: capital Latin letters, no spaces or hyphens. */
export function tidyNumber(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[\s\u00a0-]/g, '')
    .replace(/[А-Я]/g, (letter) => lookAlikes[letter] ?? letter);
}

/** KZ, two check digits, three letters, eight digits; the check digits by ISO 7064 mod 97-10 (facts.md §10). */
export function numberFault(typed: string): NumberFault | undefined {
  const number = tidyNumber(typed);
  if (number === '') return 'empty';
  if (!/^KZ\d{2}[A-Z]{3}\d{8}$/.test(number)) return 'malformed';
  const moved = number.slice(4) + number.slice(0, 4);
  let remainder = 0;
  for (const c of moved) {
    const value = c >= 'A' ? c.charCodeAt(0) - 55 : Number(c);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1 ? undefined : 'typo';
}
