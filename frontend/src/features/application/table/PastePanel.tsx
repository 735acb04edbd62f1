import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApplicantKind, TableDeclared } from '@/api/declaration';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { TextAreaField } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { textOf } from '../answers';
import { lowerFirst, useIssueText, useLabel, useQuoted } from '../issueText';
import { shownDay } from './cells';
import { type Pasted, readPaste } from './paste';
import styles from './TableInput.module.css';
import { RowName } from './TableRow';
import { usePasteNotes } from './usePasteNotes';

const previewRows = 5;

/** The rows worth looking at before they go in: the wrong ones first, then as many of the others, in their own order. */
function worthALook(pasted: Pasted): number[] {
  const bad = [...new Set(pasted.bad.map((cell) => cell.row))];
  const good = pasted.rows.map((_, index) => index).filter((index) => !bad.includes(index));
  return [...bad, ...good].slice(0, previewRows).sort((a, b) => a - b);
}

/** Where rows of a spreadsheet are put in, with what the portal made of them shown before they go into the cells. */
export function PastePanel({
  field,
  kind,
  today,
  filled,
  onPut,
  onClose,
}: {
  field: TableDeclared;
  kind: ApplicantKind;
  today: string;
  /** Rows of the table that hold something. */
  filled: number;
  onPut: (pasted: Pasted, replace: boolean) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation('application');
  const label = useLabel();
  const notesOf = usePasteNotes();
  const [copied, setCopied] = useState('');
  const [how, setHow] = useState('add');
  const pasted = useMemo(() => readPaste(copied, field.columns, { kind, today }), [copied, field.columns, kind, today]);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector('textarea')?.focus(), []);
  const badRows = new Set(pasted.bad.map((cell) => cell.row)).size;
  return (
    <div className={`frame ${styles.panel}`} ref={box}>
      <TextAreaField
        label={t('paste.label')}
        hint={t('paste.order', { columns: field.columns.map(label).join(', ') })}
        rows={4}
        value={copied}
        onChange={setCopied}
      />
      {pasted.rows.length > 0 && (
        <div className="stack">
          <p role="status">
            <b>{t('paste.read', { count: pasted.rows.length })}</b>{' '}
            {badRows === 0
              ? t('paste.allGood')
              : t('paste.willBeBad', { good: pasted.rows.length - badRows, bad: badRows })}{' '}
            {notesOf(pasted)}
          </p>
          <Preview field={field} pasted={pasted} />
          {filled > 0 && (
            <RadioGroup
              legend={t('paste.where')}
              value={how}
              onChange={setHow}
              options={[
                { value: 'add', label: t('paste.add') },
                { value: 'replace', label: t('paste.replace', { count: filled }) },
              ]}
            />
          )}
        </div>
      )}
      <div className={`actions ${styles.panelActs}`}>
        {pasted.rows.length > 0 && (
          <Button size="dense" onClick={() => onPut(pasted, how === 'replace')}>
            {t('paste.put', { count: pasted.rows.length })}
          </Button>
        )}
        <Button variant="link" size="dense" onClick={onClose}>
          {t('paste.cancel')}
        </Button>
      </div>
    </div>
  );
}

/** What the portal made of the rows, each wrong cell named in a line of its own under its row; on a phone only the wrong rows. */
function Preview({ field, pasted }: { field: TableDeclared; pasted: Pasted }) {
  const { t } = useTranslation('application');
  const text = useText3();
  const label = useLabel();
  const issueText = useIssueText();
  const quoted = useQuoted();
  const shown = (column: TableDeclared['columns'][number], value: unknown) => {
    const option = column.type === 'choice' ? column.options.find((one) => one.value === value) : undefined;
    return option ? text(option.label) : shownDay(textOf(value));
  };
  const rows = worthALook(pasted);
  const told = pasted.bad.filter((cell) => rows.includes(cell.row)).length;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, so the keyboard must reach it */}
      <section className={styles.preview} tabIndex={0} aria-label={t('paste.preview')}>
        <table className="table table--grid table--dense cards">
          <caption className="vh">{t('paste.preview')}</caption>
          <thead>
            <tr>
              <th scope="col">№</th>
              {field.columns.map((column) => (
                <th scope="col" key={column.id}>
                  {label(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((index) => {
              const bad = pasted.bad.filter((cell) => cell.row === index);
              return (
                <Fragment key={index}>
                  <tr className={bad.length > 0 ? styles.wrongRow : styles.goodRow}>
                    <th scope="row" className={styles.number}>
                      <RowName n={index + 1} />
                    </th>
                    {field.columns.map((column) => (
                      <td
                        key={column.id}
                        data-k={label(column)}
                        className={bad.some((cell) => cell.column.id === column.id) ? 'bad' : undefined}
                      >
                        <span>{shown(column, pasted.rows[index]?.[column.id]) || '—'}</span>
                      </td>
                    ))}
                  </tr>
                  {bad.length > 0 && (
                    <tr className={`err ${styles.err}`}>
                      <td colSpan={field.columns.length + 1}>
                        {bad.map((cell) => (
                          <p key={cell.column.id} className={styles.message}>
                            <Icon name="bang" />
                            <span>
                              {t('issue.cell', { row: index + 1, column: quoted(label(cell.column)) })}:{' '}
                              {lowerFirst(issueText({ path: '', ...cell.wrong }, field.columns))}.{' '}
                              {cell.value &&
                                (cell.guess
                                  ? t('table.valueGuess', {
                                      value: shownDay(cell.value),
                                      guess: shown(cell.column, cell.guess),
                                    })
                                  : t('table.value', { value: shownDay(cell.value) }))}
                            </span>
                          </p>
                        ))}
                      </td>
                    </tr>
                  )}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </section>
      {pasted.rows.length > rows.length && (
        <p className="quiet small">{t('paste.more', { count: pasted.rows.length - rows.length })}</p>
      )}
      {pasted.bad.length > told && (
        <p className={styles.bad}>{t('paste.moreBad', { count: pasted.bad.length - told })}</p>
      )}
    </>
  );
}
