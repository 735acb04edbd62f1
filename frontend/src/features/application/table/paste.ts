import type { ApplicantKind, DeclaredColumn } from '@/api/declaration';
import { isEmpty, type Row, shownFields, textOf } from '../answers';
import { checkValue, type Wrong } from '../check/checkValue';
import { headingsOf } from './headings';
import { guess, readCell } from './readCell';
import { readTsv } from './tsv';

export type BadCell = { row: number; column: DeclaredColumn; value: string; wrong: Wrong; guess: string | undefined };

export type Pasted = {
  rows: Row[];
  /** The first row named the columns and was not taken as data. */
  header: boolean;
  /** Columns that were not known by their heading and were taken by their place. */
  byOrder: { heading: string; column: DeclaredColumn }[];
  /** Headings of columns with something in them that are left out; an empty one where a column has none. */
  unknown: { heading: string; place: number }[];
  /** Cells that found no column and have no heading to be named by. */
  spare: number;
  /** Row numbers count from 0 within what was pasted. */
  bad: BadCell[];
};

/**
 * Reads what a spreadsheet put on the clipboard into rows of the table. Columns are found by their names when the first row holds them, else
 * by their order from `start` on; a first column of running numbers is left out.
 */
export function readPaste(
  text: string,
  columns: readonly DeclaredColumn[],
  { start = 0, kind, today }: { start?: number; kind: ApplicantKind; today: string },
): Pasted {
  const written = readTsv(text);
  const headings = headingsOf(written, columns);
  const data = headings ? written.slice(1) : written;
  const offset = !headings && isNumbered(data, columns, start) ? 1 : 0;
  const unknown: Pasted['unknown'] = [];
  let spare = 0;
  const rows = data.map((cells) => {
    const row: Record<string, unknown> = {};
    cells.forEach((cell, index) => {
      if (headings ? headings[index]?.numbers : index < offset) return;
      const column = headings ? headings[index]?.column : columns[start + index - offset];
      if (column) row[column.id] = readCell(column, cell);
      else if (cell === '') return;
      else if (!headings?.[index]) spare++;
      else if (!unknown.some((one) => one.place === index + 1))
        unknown.push({ heading: headings[index].text, place: index + 1 });
    });
    return row;
  });
  const byOrder = (headings ?? []).flatMap(({ text, column, byOrder }) =>
    column && byOrder ? [{ heading: text, column }] : [],
  );
  unknown.sort((a, b) => a.place - b.place);
  return { rows, header: headings !== undefined, byOrder, unknown, spare, bad: badCells(rows, columns, kind, today) };
}

/** Everything that is wrong in rows, cell by cell, with a guess where there is one. */
export function badCells(
  rows: readonly Row[],
  columns: readonly DeclaredColumn[],
  kind: ApplicantKind,
  today: string,
): BadCell[] {
  return rows.flatMap((row, index) =>
    isEmpty(row)
      ? []
      : shownFields(columns, kind, row).flatMap((column) => {
          const value = textOf(row[column.id]);
          const wrong = isEmpty(value)
            ? column.required
              ? { code: 'required' }
              : undefined
            : checkValue(column, value, row, today);
          return wrong
            ? [{ row: index, column, value, wrong, guess: value ? guess(column, value, row, today) : undefined }]
            : [];
        }),
  );
}

// "1, 2, 3 …" before a column of words: the numbering of the sheet.
function isNumbered(rows: readonly string[][], columns: readonly DeclaredColumn[], start: number): boolean {
  const wide = rows.some((cells) => cells.length > columns.length - start);
  const runs = rows.every((cells, index) => index === 0 || Number(cells[0]) === Number(rows[index - 1]?.[0]) + 1);
  const words = columns[start]?.type === 'text' || columns[start]?.type === 'choice';
  return words && runs && rows.length > 0 && /^\d+$/.test(rows[0]?.[0] ?? '') && (wide || rows.length > 1);
}

/** Puts pasted rows into the table from a row and column on: cells that are pasted replace, the others stay. */
export function placeRows(rows: readonly Row[], pasted: readonly Row[], at: number): Row[] {
  const out = [...rows];
  pasted.forEach((row, index) => {
    out[at + index] = { ...(out[at + index] ?? {}), ...row };
  });
  return out;
}
