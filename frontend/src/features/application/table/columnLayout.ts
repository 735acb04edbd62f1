import type { CSSProperties } from 'react';
import type { DeclaredColumn } from '@/api/declaration';

type LabelOf = (column: DeclaredColumn) => string;

// What a grid can hold beside the list of sections, in rem, and what a letter of a heading takes.
const gridRem = 46;
const letterRem = 0.63;

/** How much room a column asks for: its usual content, and the longest word of its heading, which is not to be broken. */
function weightOf(column: DeclaredColumn, label: string): number {
  const longest = Math.max(...label.split(/[\s-]+/).map((word) => word.length));
  return Math.max(contentRem(column), longest * letterRem + 1.3);
}

function contentRem(column: DeclaredColumn): number {
  switch (column.type) {
    case 'year':
    case 'number':
      return 4.25;
    case 'date':
      return 7;
    case 'choice':
      return 8;
    case 'text':
    case 'textarea':
      return column.maxLength <= 40 ? 4 : column.maxLength <= 100 ? 7.5 : column.maxLength <= 200 ? 8.5 : 11;
    default:
      return 8;
  }
}

const wholeRem = (columns: readonly DeclaredColumn[], label: LabelOf) =>
  columns.reduce((sum, column) => sum + weightOf(column, label(column)), 0);

/** More than can be read side by side: each row becomes a block of labelled inputs, as on a phone. */
export const isWide = (columns: readonly DeclaredColumn[], label: LabelOf) => wholeRem(columns, label) > gridRem;

/** Words of this length get a double place in a block. */
export const isLong = (column: DeclaredColumn) => column.type === 'text' && column.maxLength > 200;

export function widthOf(column: DeclaredColumn, columns: readonly DeclaredColumn[], label: LabelOf): CSSProperties {
  return { width: `${((weightOf(column, label(column)) / wholeRem(columns, label)) * 82).toFixed(2)}%` };
}
