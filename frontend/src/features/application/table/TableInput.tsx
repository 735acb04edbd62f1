import { type ClipboardEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldIssue } from '@/api/problem';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { LengthNote } from '@/ui/LengthNote';
import { Note } from '@/ui/Note';
import { Toast } from '@/ui/Toast';
import { useFocusKept } from '@/ui/useFocusKept';
import { inputId, isEmpty, type Row, rowsOf } from '../answers';
import { useDraft } from '../draft/useDraft';
import type { FieldProps } from '../fields/props';
import { useIssueText, useLabel } from '../issueText';
import { isWide, widthOf } from './columnLayout';
import { PastePanel } from './PastePanel';
import { badCells, type Pasted, placeRows, readPaste } from './paste';
import styles from './TableInput.module.css';
import { hintIdOf, type RowActions, TableRow } from './TableRow';
import { isSeveralCells } from './tsv';
import { useGridKeys } from './useGridKeys';
import { usePasteNotes } from './usePasteNotes';

const oneBlank: readonly Row[] = [{}];
const noIssues: readonly FieldIssue[] = [];

type PasteNotice = { rows: number; badRows: number; told: string; before: readonly Row[]; after: readonly Row[] };

/** Repeating rows: a grid that takes the keyboard and a paste from a spreadsheet, and labelled blocks on a phone (design 04). */
export function TableInput({ field, value, onChange, onLeave, onReveal, issues, heading }: FieldProps<'table'>) {
  const { t } = useTranslation('application');
  const text = useText3();
  const label = useLabel();
  const issueText = useIssueText();
  const notesOf = usePasteNotes();
  const { application, today } = useDraft();
  const kind = application.applicant.kind;
  const given = useMemo(() => rowsOf(value), [value]);
  const rows = given.length > 0 ? given : oneBlank;
  const latest = useRef(rows);
  const [pasting, setPasting] = useState(false);
  const [notice, setNotice] = useState<PasteNotice>();
  const [removed, setRemoved] = useState<{ row: Row; index: number }>();
  const [said, setSaid] = useState('');
  const wanted = useRef<string>(undefined);
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    latest.current = rows;
    if (!wanted.current) return;
    // The cell that was asked for exists only now.
    box.current?.querySelector<HTMLElement>(`[data-cell="${wanted.current}"]`)?.focus();
    wanted.current = undefined;
  });

  const commit = useCallback(
    (next: readonly Row[]) => {
      latest.current = next;
      onChange(next);
    },
    [onChange],
  );

  const id = field.id;
  const actions = useMemo<RowActions>(
    () => ({
      setCell: (row, column, cell) =>
        commit(latest.current.map((one, index) => (index === row ? { ...one, [column]: cell } : one))),
      leave: (row, column) => onLeave(`${id}[${row}].${column}`),
      duplicate: (row) => {
        const copied = latest.current.slice();
        copied.splice(row + 1, 0, { ...latest.current[row] });
        wanted.current = `${row + 1}:0`;
        commit(copied);
      },
      remove: (row) => {
        const gone = latest.current[row] ?? {};
        const rest = latest.current.filter((_, index) => index !== row);
        wanted.current = `${Math.min(row, Math.max(rest.length - 1, 0))}:0`;
        if (!isEmpty(gone)) setRemoved({ row: gone, index: row });
        commit(rest);
      },
    }),
    [commit, onLeave, id],
  );

  const add = useCallback(() => {
    const { length } = latest.current;
    const last = `${length - 1}:0`;
    // An empty row that stands there already is the one to be filled in.
    if (isEmpty(latest.current.at(-1))) {
      box.current?.querySelector<HTMLElement>(`[data-cell="${last}"]`)?.focus();
      return;
    }
    if (length >= field.maxRows) return;
    wanted.current = `${length}:0`;
    commit([...latest.current, {}]);
  }, [commit, field.maxRows]);
  const keys = useGridKeys(add);

  const put = (pasted: Pasted, at: number, base: readonly Row[]) => {
    const next = placeRows(base, pasted.rows, at);
    if (next.length > field.maxRows) {
      setSaid(t('paste.tooMany', { max: field.maxRows }));
      return;
    }
    setSaid('');
    const bad = badCells(next.slice(at, at + pasted.rows.length), field.columns, kind, today);
    setNotice({
      rows: pasted.rows.length,
      badRows: new Set(bad.map((cell) => cell.row)).size,
      told: notesOf(pasted),
      before: latest.current,
      after: next,
    });
    onReveal(bad.map((cell) => `${id}[${at + cell.row}].${cell.column.id}`));
    setPasting(false);
    commit(next);
  };

  const pasteIntoCell = (event: ClipboardEvent<HTMLElement>) => {
    const place = (event.target as HTMLElement).dataset?.cell;
    const copied = event.clipboardData.getData('text/plain');
    if (!field.paste || !place || !isSeveralCells(copied)) return;
    event.preventDefault();
    const [row = 0, start = 0] = place.split(':').map(Number);
    const pasted = readPaste(copied, field.columns, { start, kind, today });
    if (pasted.rows.length > 0) put(pasted, row, latest.current);
  };

  const own = issues.find((issue) => issue.path === field.id);
  const byRow = useMemo(() => {
    const map = new Map<number, FieldIssue[]>();
    for (const issue of issues) {
      const row = /^[^[]+\[(\d+)\]/.exec(issue.path)?.[1];
      if (row !== undefined) map.set(Number(row), [...(map.get(Number(row)) ?? []), issue]);
    }
    return map;
  }, [issues]);
  const wide = isWide(field.columns, label);
  const caption = label(field);
  const tableId = inputId(field.id);
  const focus = useFocusKept(tableId);
  const filled = given.filter((row) => !isEmpty(row)).length;
  const undoable = notice && notice.after === value;

  return (
    <div className={`${styles.box} field ${own ? 'has-error' : ''}`} ref={box} id={tableId} tabIndex={-1} {...focus}>
      {caption !== heading && <h2 className={styles.caption}>{caption}</h2>}
      {field.hint && <p className="hint">{text(field.hint)}</p>}
      {own && (
        <p className="error" id={`${tableId}-error`}>
          <Icon name="bang" />
          <span>{issueText(own, [field])}</span>
        </p>
      )}
      {field.length && <LengthNote length={field.length} rows={given} until={today} live />}
      <div role="status">
        {notice && (
          <Note kind="good" title={t('paste.done', { count: notice.rows })}>
            <p className="small">
              {notice.badRows === 0
                ? t('paste.allGood')
                : t('paste.someBad', { good: notice.rows - notice.badRows, bad: notice.badRows })}
              {notice.told && ` ${notice.told}`}
            </p>
          </Note>
        )}
      </div>
      {field.paste && (
        <div className={styles.paste}>
          <span className="quiet small">{t('paste.how')}</span>
          <span className="actions">
            {!pasting && (
              <Button variant="second" size="dense" onClick={() => setPasting(true)}>
                {t('paste.open')}
              </Button>
            )}
            {undoable && (
              <Button
                variant="link"
                size="dense"
                onClick={() => {
                  commit(notice.before);
                  setNotice(undefined);
                }}
              >
                {t('paste.undo')}
              </Button>
            )}
          </span>
        </div>
      )}
      {said && (
        <p className="error" role="alert">
          <Icon name="bang" />
          <span>{said}</span>
        </p>
      )}
      {pasting && (
        <PastePanel
          field={field}
          kind={kind}
          today={today}
          filled={filled}
          onClose={() => setPasting(false)}
          onPut={(pasted, replace) => {
            const base = replace ? [] : given.filter((row) => !isEmpty(row));
            put(pasted, base.length, base);
          }}
        />
      )}
      <table
        className={['table table--grid cards', styles.table, wide ? styles.wide : ''].filter(Boolean).join(' ')}
        onKeyDown={keys}
        onPaste={pasteIntoCell}
        aria-describedby={own ? `${tableId}-error` : undefined}
      >
        <caption className="vh">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className={styles.number}>
              <span className="vh">{t('table.row')}</span>
              <span aria-hidden="true">№</span>
            </th>
            {field.columns.map((column) => (
              <th scope="col" key={column.id} style={wide ? undefined : widthOf(column, field.columns, label)}>
                {label(column)}
                {!column.required && <span className={styles.optional}> {t('table.optional')}</span>}
                {column.hint && (
                  <span className={styles.optional} id={hintIdOf(field.id, column)} aria-hidden="true">
                    {text(column.hint)}
                  </span>
                )}
              </th>
            ))}
            <th scope="col" className={styles.acts}>
              <span className="vh">{t('table.acts')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <TableRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name but its place, and its inputs keep nothing themselves
              key={index}
              table={field.id}
              index={index}
              row={row}
              columns={field.columns}
              kind={kind}
              today={today}
              issues={byRow.get(index) ?? noIssues}
              roomy={rows.length < field.maxRows}
              actions={actions}
            />
          ))}
        </tbody>
      </table>
      <p className={styles.add}>
        <Button
          variant="second"
          size="dense"
          onClick={add}
          blocked={rows.length >= field.maxRows ? t('table.full', { max: field.maxRows }) : undefined}
        >
          {t('table.add')}
        </Button>
      </p>
      {removed && (
        <Toast
          text={t('table.removed', { row: removed.index + 1 })}
          undoLabel={t('table.bringBack')}
          onUndo={() => {
            const back = latest.current === oneBlank ? [] : latest.current.slice();
            back.splice(removed.index, 0, removed.row);
            commit(back);
            setRemoved(undefined);
          }}
          onClose={() => setRemoved(undefined)}
        />
      )}
    </div>
  );
}
