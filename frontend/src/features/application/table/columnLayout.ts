import type { CSSProperties } from 'react';
import type { DeclaredColumn } from '@/api/declaration';

const maxGridColumns = 7;

/** How much room a column asks for, in rem of the grid. */
export function weightOf(column: DeclaredColumn): number {
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

/** More columns than can be read side by side: each row becomes a block of labelled inputs, as on a phone. */
export const isWide = (columns: readonly DeclaredColumn[]) => columns.length > maxGridColumns;

export function widthOf(column: DeclaredColumn, columns: readonly DeclaredColumn[]): CSSProperties {
  const whole = columns.reduce((sum, one) => sum + weightOf(one), 0);
  return { width: `${((weightOf(column) / whole) * 85).toFixed(2)}%` };
}
