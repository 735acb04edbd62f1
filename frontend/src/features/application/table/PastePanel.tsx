import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApplicantKind, TableDeclared } from '@/api/declaration';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { TextAreaField } from '@/ui/Field';
import { textOf } from '../answers';
import { lowerFirst, useIssueText, useLabel } from '../issueText';
import { shownDay } from './cells';
import { type Pasted, readPaste } from './paste';
import styles from './TableInput.module.css';

const previewRows = 5;
const previewBad = 5;

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
  const text = useText3();
  const label = useLabel();
  const issueText = useIssueText();
  const [copied, setCopied] = useState('');
  const [how, setHow] = useState('add');
  const pasted = useMemo(() => readPaste(copied, field.columns, { kind, today }), [copied, field.columns, kind, today]);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector('textarea')?.focus(), []);
  const shown = (column: TableDeclared['columns'][number], value: unknown) => {
    const option = column.type === 'choice' ? column.options.find((one) => one.value === value) : undefined;
    return option ? text(option.label) : shownDay(textOf(value));
  };
  const isBad = (row: number, column: string) =>
    pasted.bad.some((cell) => cell.row === row && cell.column.id === column);
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
              : t('paste.someBad', { good: pasted.rows.length - badRows, bad: badRows })}{' '}
            {pasted.header && t('paste.header')} {pasted.spare > 0 && t('paste.spare', { count: pasted.spare })}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, so the keyboard must reach it */}
          <section className={styles.preview} tabIndex={0} aria-label={t('paste.preview')}>
            <table className="table table--grid table--dense">
              <caption className="vh">{t('paste.preview')}</caption>
              <thead>
                <tr>
                  {field.columns.map((column) => (
                    <th scope="col" key={column.id}>
                      {label(column)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {pasted.rows.slice(0, previewRows).map((row, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: what is pasted has no name but its place
                  <tr key={index}>
                    {field.columns.map((column) => (
                      <td key={column.id} className={isBad(index, column.id) ? 'bad' : undefined}>
                        {shown(column, row[column.id])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          {pasted.rows.length > previewRows && (
            <p className="quiet small">{t('paste.more', { count: pasted.rows.length - previewRows })}</p>
          )}
          {pasted.bad.length > 0 && (
            <ul className={styles.badList}>
              {pasted.bad.slice(0, previewBad).map((cell) => (
                <li key={`${cell.row}:${cell.column.id}`}>
                  {t('issue.cell', { row: cell.row + 1, column: `«${label(cell.column)}»` })}:{' '}
                  {lowerFirst(issueText({ path: '', ...cell.wrong }, field.columns))}.{' '}
                  {cell.value &&
                    (cell.guess
                      ? t('table.valueGuess', { value: shownDay(cell.value), guess: shown(cell.column, cell.guess) })
                      : t('table.value', { value: shownDay(cell.value) }))}
                </li>
              ))}
              {pasted.bad.length > previewBad && (
                <li>{t('paste.moreBad', { count: pasted.bad.length - previewBad })}</li>
              )}
            </ul>
          )}
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
