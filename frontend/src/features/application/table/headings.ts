import type { DeclaredColumn } from '@/api/declaration';

export type Heading = {
  /** As it was pasted. */
  text: string;
  column?: DeclaredColumn;
  /** The column was not known by its name and is taken by its place. */
  byOrder?: boolean;
  /** The running numbers of the sheet. */
  numbers?: boolean;
};

/**
 * What the first row says of the columns, or nothing when it is a row of data. A heading is known by the whole name of a column, by the name
 * without what stands in brackets, or as an abbreviation that fits one column only. Where the sheet has just as many columns as the table, a
 * heading that says nothing to us stands for the column in its place, unless another one claims that.
 */
export function headingsOf(rows: readonly string[][], columns: readonly DeclaredColumn[]): Heading[] | undefined {
  const [first = [], ...data] = rows;
  const headings: Heading[] = first.map((text) => ({ text }));
  const claimed = (column: DeclaredColumn) => headings.some((heading) => heading.column === column);
  const claim = (fits: (name: string, heading: string) => boolean) => {
    let found = 0;
    for (const heading of headings) {
      if (heading.column || !/\p{L}/u.test(heading.text)) continue;
      const [column, another] = columns.filter((one) => namesOf(one).some((name) => fits(name, heading.text)));
      if (!column || another || claimed(column)) continue;
      heading.column = column;
      found++;
    }
    return found;
  };
  const named =
    claim((name, heading) => joined(name) === joined(heading)) +
    claim((name, heading) => joined(bare(name)) === joined(bare(heading)));
  const known = named + claim(abbreviates);
  // An abbreviation may as well be data ("ед." of a row), so at least one name in full goes with it.
  if (named === 0 || (known < 2 && first.length > 1)) return undefined;

  const lead = headings[0];
  const numbered =
    lead && !lead.column && isNumbering(lead.text) && data.every((cells) => /^\d*\.?$/.test(cells[0] ?? ''));
  if (numbered) lead.numbers = true;
  const inPlace = headings.slice(numbered ? 1 : 0);
  if (inPlace.length === columns.length)
    inPlace.forEach((heading, place) => {
      const column = columns[place];
      if (heading.column || !column || claimed(column)) return;
      heading.column = column;
      heading.byOrder = true;
    });
  return headings;
}

const namesOf = (column: DeclaredColumn): string[] =>
  [column.label, column.short].flatMap((text) => (text ? [text.kk, text.ru, text.en] : []));

const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .replace(/ё/g, 'е')
    .match(/[\p{L}\p{N}]+/gu) ?? [];
const joined = (text: string) => wordsOf(text).join('');
/** Without what stands in brackets, unless nothing else is left. */
const bare = (text: string) => text.replace(/\([^)]*\)?/g, ' ').trim() || text;

/** "Ед. изм." of "Единица измерения": each word begins one of the name, in the same order from the first on. */
function abbreviates(name: string, heading: string): boolean {
  const short = wordsOf(bare(heading));
  const whole = wordsOf(bare(name));
  return short.join('').length > 1 && short.every((word, at) => whole[at]?.startsWith(word));
}

// "№", "№ п/п", "Р/с №".
const isNumbering = (text: string) => ['', 'пп', 'рс', 'no', 'n'].includes(joined(text));
