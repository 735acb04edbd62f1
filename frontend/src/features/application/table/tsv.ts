/** Rows of cells as a spreadsheet puts them on the clipboard: tabs between cells, quotes around a cell with a tab or a line end in it. */
export function readTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    rows.push(row);
    row = [];
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === '\t') endCell();
    else if (c === '\n') endRow();
    else if (c !== '\r') cell += c;
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows.map((cells) => cells.map(clean)).filter((cells) => cells.some((one) => one !== ''));
}

/** One line without the invisible marks that spreadsheets and web pages leave behind. */
export function clean(text: string): string {
  return text
    .replace(/[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim();
}

/** More than one cell: a paste that goes into the table and not into one input. */
export const isSeveralCells = (text: string) => /[\t\n]/.test(text.replace(/\r?\n$/, ''));
