import { useTranslation } from 'react-i18next';
import type { TableDeclared } from '@/api/declaration';
import { isDay } from '@/ui/days';
import { LengthNote } from '@/ui/LengthNote';
import { isEmpty, rowsOf, shownFields, textOf } from '../answers';
import { useDraft } from '../draft/useDraft';
import styles from '../FormPage.module.css';
import { useLabel } from '../issueText';
import { shownDay } from '../table/cells';
import { usePlainValue } from './AnswerValue';

const shownAtOnce = 10;

/** A day, a number, a code: short, without a space. */
const inOnePiece = /^(?=\S*\d)\S{1,20}$/;

/** The rows of a table as they will be signed; many of them behind one press. */
export function AnswerTable({ field, value }: { field: TableDeclared; value: unknown }) {
  const { t } = useTranslation('application');
  const label = useLabel();
  const plain = usePlainValue();
  const { application, today } = useDraft();
  const rows = rowsOf(value).filter((row) => !isEmpty(row));
  if (rows.length === 0) return <p className="quiet">{t('review.empty')}</p>;
  const table = (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by the keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label(field)}>
      <table className="table table--dense cards">
        <caption className="vh">{label(field)}</caption>
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
          {rows.map((row, index) => {
            const shown = new Set(
              shownFields(field.columns, application.applicant.kind, row).map((column) => column.id),
            );
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
              <tr key={index}>
                {field.columns.map((column) => {
                  const typed = textOf(row[column.id]);
                  return (
                    <td
                      key={column.id}
                      data-k={label(column)}
                      className={inOnePiece.test(typed) ? styles.whole : undefined}
                    >
                      {!shown.has(column.id) || typed === '' ? (
                        <span className="quiet">—</span>
                      ) : isDay(typed) ? (
                        shownDay(typed)
                      ) : (
                        plain(column, typed)
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
  return (
    <div className={styles.rows}>
      {field.length && <LengthNote length={field.length} rows={rows} until={today} />}
      {rows.length <= shownAtOnce ? (
        table
      ) : (
        <details className={styles.more}>
          <summary className="onscreen">{t('review.rows', { count: rows.length })}</summary>
          {table}
        </details>
      )}
    </div>
  );
}
