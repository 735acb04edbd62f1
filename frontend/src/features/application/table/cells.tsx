import { type ComponentType, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeclaredColumn } from '@/api/declaration';
import { useText3 } from '@/i18n/text3';
import { readDate } from '@/ui/Field';

type ColumnType = DeclaredColumn['type'];

export type CellProps<T extends ColumnType = ColumnType> = {
  column: DeclaredColumn & { type: T };
  value: string;
  onChange: (value: string) => void;
  onLeave: () => void;
  id: string;
  /** "row:column", by which the arrow keys find it. */
  place: string;
  label: string;
  /** Ids of what says how to fill it in, and of what is wrong with it. */
  hintId: string | undefined;
  errorId: string | undefined;
};

function attributes({ id, place, label, hintId, errorId, onLeave }: CellProps) {
  return {
    id,
    className: 'input cell',
    'data-cell': place,
    'aria-label': label,
    'aria-invalid': errorId ? (true as const) : undefined,
    'aria-describedby': [hintId, errorId].filter(Boolean).join(' ') || undefined,
    onBlur: onLeave,
  };
}

/** Words: they wrap, so that a long name can be read in a narrow column; a line end is not part of them. */
function TextCell(props: CellProps) {
  return (
    <textarea
      {...attributes(props)}
      rows={1}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value.replace(/\s*\n\s*/g, ' '))}
    />
  );
}

function NumberCell(props: CellProps<'number' | 'year' | 'iin' | 'bin'>) {
  const decimal = props.column.type === 'number' && (props.column.decimals ?? 0) > 0;
  return (
    <input
      {...attributes(props)}
      inputMode={decimal ? 'decimal' : 'numeric'}
      autoComplete="off"
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

function LineCell(props: CellProps<'email' | 'phone'>) {
  return (
    <input
      {...attributes(props)}
      inputMode={props.column.type === 'email' ? 'email' : 'tel'}
      autoComplete="off"
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

/** A day typed as 26.11.2026; what cannot be read as a day is kept as typed. */
function DateCell(props: CellProps<'date'>) {
  const [typed, setTyped] = useState(() => shownDay(props.value));
  useEffect(() => {
    setTyped((now) => (readDate(now) === props.value ? now : shownDay(props.value)));
  }, [props.value]);
  return (
    <input
      {...attributes(props)}
      inputMode="numeric"
      autoComplete="off"
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        props.onChange(readDate(event.currentTarget.value));
      }}
    />
  );
}

export function shownDay(value: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  return match ? `${match[3]}.${match[2]}.${match[1]}` : value;
}

function ChoiceCell(props: CellProps<'choice'>) {
  const { t } = useTranslation('application');
  const text = useText3();
  const { options } = props.column;
  const known = props.value === '' || options.some((option) => option.value === props.value);
  return (
    <select {...attributes(props)} value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
      <option value="">{t('field.choose')}</option>
      {!known && <option value={props.value}>{props.value}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {text(option.label)}
        </option>
      ))}
    </select>
  );
}

// Exhaustive: a new type of column does not compile until it has a cell.
const cells: { [T in ColumnType]: ComponentType<CellProps<T>> } = {
  text: TextCell,
  textarea: TextCell,
  number: NumberCell,
  year: NumberCell,
  iin: NumberCell,
  bin: NumberCell,
  email: LineCell,
  phone: LineCell,
  date: DateCell,
  choice: ChoiceCell,
};

export function Cell(props: CellProps) {
  const Component = cells[props.column.type] as ComponentType<CellProps>;
  return <Component {...props} />;
}
