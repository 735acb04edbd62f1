import { describe, expect, it } from 'vitest';
import type { DeclaredColumn } from '@/api/declaration';
import { placeRows, readPaste } from './paste';
import { guess, readCell } from './readCell';
import { isSeveralCells, readTsv } from './tsv';

const three = (ru: string) => ({ kk: `${ru} kk`, ru, en: `${ru} en` });
const name: DeclaredColumn = { id: 'name', type: 'text', label: three('Наименование'), required: true, maxLength: 100 };
const year: DeclaredColumn = {
  id: 'year',
  type: 'year',
  label: three('Год'),
  required: true,
  min: 1900,
  notFuture: true,
};
const quantity: DeclaredColumn = { id: 'quantity', type: 'number', label: three('Кол-во'), required: true, min: 1 };
const hired: DeclaredColumn = { id: 'hired', type: 'date', label: three('Дата'), required: false };
const condition: DeclaredColumn = {
  id: 'condition',
  type: 'choice',
  label: three('Состояние'),
  required: true,
  options: [
    { value: 'working', label: { kk: 'жұмыс істейді', ru: 'рабочее', en: 'working' } },
    { value: 'not_working', label: { kk: 'жұмыс істемейді', ru: 'не рабочее', en: 'not working' } },
  ],
};
const columns = [name, quantity, year, condition];
const today = '2026-11-26';
const read = (text: string, start = 0) => readPaste(text, columns, { start, kind: 'person', today });

describe('what a spreadsheet puts on the clipboard', () => {
  it('is rows of cells, with quotes, line ends and tabs inside', () => {
    expect(readTsv('a\tb\r\n"c ""d""\te"\t"f\ng"\n')).toEqual([
      ['a', 'b'],
      ['c "d" e', 'f g'],
    ]);
  });
  it('loses invisible marks and no-break spaces', () => {
    expect(readTsv('\ufeffа\u200bб\u00a0 в\t\u202e1')).toEqual([['аб в', '1']]);
  });
  it('is told from one cell', () => {
    expect(isSeveralCells('Стерилизатор\r\n')).toBe(false);
    expect(isSeveralCells('Стерилизатор\t1')).toBe(true);
    expect(isSeveralCells('a\nb')).toBe(true);
  });
});

describe('rows of the table', () => {
  it('take columns by their order', () => {
    const pasted = read('Кресло\t2\t2024\tРабочее');
    expect(pasted.rows).toEqual([{ name: 'Кресло', quantity: '2', year: '2024', condition: 'working' }]);
    expect(pasted.bad).toEqual([]);
  });
  it('take columns by their names in any language, in any order', () => {
    const pasted = read('Год\tНаименование kk\tПримечание\n2024\tКресло\tновое');
    expect(pasted.header).toBe(true);
    expect(pasted.rows).toEqual([{ year: '2024', name: 'Кресло' }]);
    expect(pasted.unknown).toEqual([{ heading: 'Примечание', place: 3 }]);
    expect(pasted.spare).toBe(0);
  });
  it('take columns by names without brackets, dots and case, and by abbreviations that fit one column only', () => {
    const asDeclared: DeclaredColumn[] = [
      { ...name, label: three('Наименование оборудования (по паспорту)'), short: three('Наименование (по паспорту)') },
      { id: 'country', type: 'text', label: three('Страна-производитель'), required: true, maxLength: 100 },
      { id: 'unit', type: 'text', label: three('Единица измерения'), required: true, maxLength: 40 },
      { ...quantity, label: three('Количество'), short: three('Кол-во') },
      { ...year, label: three('Год выпуска') },
      { ...condition, label: three('Состояние (рабочее/не рабочее)') },
    ];
    const row = { name: 'Кресло', country: 'РК', unit: 'шт.', quantity: '2', year: '2024', condition: 'working' };
    for (const heading of [
      'Наименование\tСтрана\tЕд.\tКол-во\tГод\tСостояние',
      'НАИМЕНОВАНИЕ (модель)\tСтрана производитель\tЕд. изм.\tкол - во\tгод\tСост.',
    ]) {
      const pasted = readPaste(`${heading}\nКресло\tРК\tшт.\t2\t2024\tрабочее`, asDeclared, { kind: 'person', today });
      expect(pasted.rows).toEqual([row]);
      expect([pasted.byOrder, pasted.unknown, pasted.spare]).toEqual([[], [], 0]);
    }
  });
  it('take a column with a heading of its own by its place, when there are as many and no other claims it', () => {
    const pasted = read('№ п/п\tИзделие\tКол-во\tГод\tСостояние\n1\tКресло\t2\t2024\tрабочее');
    expect(pasted.rows).toEqual([{ name: 'Кресло', quantity: '2', year: '2024', condition: 'working' }]);
    expect(pasted.byOrder.map((one) => [one.heading, one.column.id])).toEqual([['Изделие', 'name']]);
    const moved = read('Изделие\tГод\tКол-во\tНаименование\nновое\t2024\t2\tКресло');
    expect(moved.rows).toEqual([{ name: 'Кресло', quantity: '2', year: '2024' }]);
    expect(moved.unknown).toEqual([{ heading: 'Изделие', place: 1 }]);
  });
  it('guess no column from an abbreviation of two', () => {
    const days = [name, hired, { ...hired, id: 'left', label: three('Дата ухода') }, year];
    const pasted = readPaste('Наименование\tДат.\tГод\nКресло\t05.03.2024\t2024', days, { kind: 'person', today });
    expect(pasted.rows).toEqual([{ name: 'Кресло', year: '2024' }]);
    expect(pasted.unknown).toEqual([{ heading: 'Дат.', place: 2 }]);
  });
  it('keep a first row that only looks like abbreviations', () => {
    expect(read('Наим\tкол').rows).toEqual([{ name: 'Наим', quantity: 'кол' }]);
  });
  it('leave the numbering of the sheet out', () => {
    const pasted = read('1\tКресло\t2\t2024\tрабочее\n2\tЛампа\t1\t2023\tрабочее');
    expect(pasted.rows.map((row) => row.name)).toEqual(['Кресло', 'Лампа']);
  });
  it('keep a first column of numbers that is data', () => {
    expect(readPaste('1\n2', [quantity], { kind: 'person', today }).rows).toEqual([
      { quantity: '1' },
      { quantity: '2' },
    ]);
  });
  it('begin at the cell that was pasted into, and leave the others as they are', () => {
    const pasted = read('2024\tрабочее', 2);
    expect(placeRows([{ name: 'Кресло', quantity: '2', year: '1' }], pasted.rows, 0)).toEqual([
      { name: 'Кресло', quantity: '2', year: '2024', condition: 'working' },
    ]);
  });
  it('name the bad cell: row, column, value, guess', () => {
    const pasted = read('Кресло\t2\t2024\tрабочее\nАппарат\t1\t20222\tрабочее\nЛампа\t\t2024\tрабочее');
    expect(
      pasted.bad.map(({ row, column, value, wrong, guess }) => [row, column.id, value, wrong.code, guess]),
    ).toEqual([
      [1, 'year', '20222', 'bad_year', '2022'],
      [2, 'quantity', '', 'required', undefined],
    ]);
  });
});

describe('a cell', () => {
  it.each([
    [quantity, '1 000', '1000'],
    [quantity, '2,0', '2'],
    [quantity, '2 шт.', '2 шт.'],
    [year, '2024 г.', '2024'],
    [hired, '05.03.2024', '2024-03-05'],
    [hired, '2024-03-05', '2024-03-05'],
    [hired, '5 марта 2024 г.', '2024-03-05'],
    [hired, '2024 жылғы 5 наурыз', '2024-03-05'],
    [hired, '31.02.2024', '31.02.2024'],
    [hired, '—', ''],
    [condition, 'ЖҰМЫС ІСТЕЙДІ', 'working'],
    [condition, 'сломано', 'сломано'],
  ])('%#: reads what was written', (column, written, expected) => {
    expect(readCell(column, written)).toBe(expected);
  });

  it.each([
    [year, '20222', '2022'],
    [year, '2O24', '2024'],
    [year, '24', '2024'],
    [year, '01.05.2023', '2023'],
    [quantity, '2 шт.', '2'],
    [quantity, 'две', undefined],
    [hired, '05.03.24', '2024-03-05'],
    [hired, '03/25/2024', '2024-03-25'],
    [condition, 'Рабочий', 'working'],
    [condition, 'сломано', undefined],
    [name, 'Кресло', undefined],
  ])('%#: guesses what was meant, or nothing', (column, written, expected) => {
    expect(guess(column, written, {}, today)).toBe(expected);
  });
});
