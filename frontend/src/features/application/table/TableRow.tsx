import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApplicantKind, DeclaredColumn } from '@/api/declaration';
import type { FieldIssue } from '@/api/problem';
import { useText3 } from '@/i18n/text3';
import { Icon } from '@/ui/Icon';
import { inputId, type Row, shownFields, textOf } from '../answers';
import { lowerFirst, useIssueText, useLabel } from '../issueText';
import { Cell, shownDay } from './cells';
import { isLong } from './columnLayout';
import { guess } from './readCell';
import styles from './TableInput.module.css';

export type RowActions = {
  setCell: (row: number, column: string, value: string) => void;
  leave: (row: number, column: string) => void;
  remove: (row: number) => void;
  duplicate: (row: number) => void;
};

type Props = {
  table: string;
  index: number;
  row: Row;
  columns: readonly DeclaredColumn[];
  kind: ApplicantKind;
  today: string;
  issues: readonly FieldIssue[];
  /** One more row fits. */
  roomy: boolean;
  actions: RowActions;
};

/** Of a grid the number alone, of a block the words by which mistakes name the row. */
export function RowName({ n }: { n: number }) {
  const { t } = useTranslation('application');
  return (
    <>
      <span className={styles.word}>{t('issue.row', { row: n })}</span>
      <span className={styles.digits}>{n}</span>
    </>
  );
}

/** Of the hint that stands once, in the heading of the column. */
export const hintIdOf = (table: string, column: DeclaredColumn) => `${inputId(`${table}.${column.id}`)}-hint`;

/** One row and, under it, what is wrong in it: column, value, guess. Drawn again only when it changes: a table may have 500 of them. */
export const TableRow = memo(function TableRow({
  table,
  index,
  row,
  columns,
  kind,
  today,
  issues,
  roomy,
  actions,
}: Props) {
  const { t } = useTranslation('application');
  const label = useLabel();
  const text = useText3();
  const n = index + 1;
  const shown = new Set(shownFields(columns, kind, row).map((column) => column.id));
  const pathOf = (column: DeclaredColumn) => `${table}[${index}].${column.id}`;
  const issueOf = (column: DeclaredColumn) => issues.find((issue) => issue.path === pathOf(column));
  const bad = columns.filter((column) => shown.has(column.id) && issueOf(column));
  return (
    <>
      <tr className={bad.length > 0 ? styles.has : undefined}>
        <th scope="row" className={styles.number}>
          <RowName n={n} />
        </th>
        {columns.map((column, at) => {
          const id = inputId(pathOf(column));
          const wrong = shown.has(column.id) && issueOf(column);
          return (
            <td
              key={column.id}
              className={[
                'edit',
                wrong ? 'bad' : '',
                isLong(column) ? styles.long : '',
                column.hint ? styles.hinted : '',
              ]
                .filter(Boolean)
                .join(' ')}
              data-k={column.required ? label(column) : t('table.optionalLabel', { column: label(column) })}
            >
              {/* Where the row is a block; heard with the input. */}
              {column.hint && shown.has(column.id) && (
                <span className={styles.hint} aria-hidden="true">
                  {text(column.hint)}
                </span>
              )}
              {shown.has(column.id) ? (
                <Cell
                  column={column}
                  value={textOf(row[column.id])}
                  onChange={(value) => actions.setCell(index, column.id, value)}
                  onLeave={() => actions.leave(index, column.id)}
                  id={id}
                  place={`${index}:${at}`}
                  label={t('table.cell', { column: label(column), row: n })}
                  hintId={column.hint && hintIdOf(table, column)}
                  errorId={wrong ? `${id}-error` : undefined}
                />
              ) : (
                <span className={styles.none}>
                  <span aria-hidden="true">—</span>
                  <span className="vh">{t('table.notNeeded')}</span>
                </span>
              )}
            </td>
          );
        })}
        <td className={styles.acts}>
          {roomy && (
            <button type="button" className="lnk" onClick={() => actions.duplicate(index)}>
              {t('table.duplicate')} <span className="vh">{t('table.copied', { row: n })}</span>
            </button>
          )}
          <button type="button" className="lnk" onClick={() => actions.remove(index)}>
            {t('table.remove')} <span className="vh">{t('table.rowNumber', { row: n })}</span>
          </button>
        </td>
      </tr>
      {bad.length > 0 && (
        <tr className={`err ${styles.err}`}>
          <td colSpan={columns.length + 2}>
            {bad.map((column) => (
              <CellMessage
                key={column.id}
                id={`${inputId(pathOf(column))}-error`}
                column={column}
                columns={columns}
                row={row}
                issue={issueOf(column)}
                today={today}
                onFix={(value) => {
                  actions.setCell(index, column.id, value);
                  document.getElementById(inputId(pathOf(column)))?.focus();
                }}
              />
            ))}
          </td>
        </tr>
      )}
    </>
  );
});

/** "Год: четыре цифры. Указано «20222», возможно, 2022." with a button that puts the guess in. */
function CellMessage({
  id,
  column,
  columns,
  row,
  issue,
  today,
  onFix,
}: {
  id: string;
  column: DeclaredColumn;
  columns: readonly DeclaredColumn[];
  row: Row;
  issue: FieldIssue | undefined;
  today: string;
  onFix: (value: string) => void;
}) {
  const { t } = useTranslation('application');
  const text = useText3();
  const label = useLabel();
  const issueText = useIssueText();
  if (!issue) return null;
  // What is too long is not said once more.
  const value = issue.code === 'too_long' ? '' : textOf(row[column.id]);
  const maybe = value ? guess(column, value, row, today) : undefined;
  const option = column.type === 'choice' ? column.options.find((one) => one.value === maybe) : undefined;
  const shownGuess = maybe && (option ? text(option.label) : shownDay(maybe));
  const what = lowerFirst(issueText(issue, columns));
  return (
    <p className={styles.message}>
      <Icon name="bang" />
      <span>
        <span id={id}>
          {t('table.wrong', { column: label(column), what })}{' '}
          {value &&
            (shownGuess
              ? t('table.valueGuess', { value: shownDay(value), guess: shownGuess })
              : t('table.value', { value: shownDay(value) }))}
        </span>{' '}
        {maybe && (
          <button type="button" className="lnk" onClick={() => onFix(maybe)}>
            {t('table.fix', { guess: shownGuess })}
          </button>
        )}
      </span>
    </p>
  );
}
