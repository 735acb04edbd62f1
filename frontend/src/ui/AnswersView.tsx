import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  ApplicantKind,
  Condition,
  DeclaredColumn,
  DeclaredField,
  DeclaredSection,
  DeclaredService,
  TableDeclared,
} from '@/api/declaration';
import { useAuthorities } from '@/api/directory';
import { useText3 } from '@/i18n/text3';
import styles from './AnswersView.module.css';
import { type Fact, SummaryList } from './SummaryList';
import { useFormat } from './useFormat';

/** Field id → value, as server/catalog/field.go tells; never trusted to be of the declared shape. */
export type ShownAnswers = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const object = (value: unknown): ShownAnswers =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ShownAnswers) : {};

function blank(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  if (Array.isArray(value)) return value.every(blank);
  return typeof value === 'object' && Object.values(value).every(blank);
}

function concerns(kinds: readonly ApplicantKind[] | undefined, kind: ApplicantKind): boolean {
  return !kinds?.length || kinds.includes(kind);
}

function holds(when: Condition | undefined, level: ShownAnswers): boolean {
  return !when || when.in.includes(String(level[when.field] ?? 'false'));
}

/** A value in the reader's words and language, a line for each of its parts; no line when nothing was answered. */
function useAnswerLines(service: DeclaredService): (field: DeclaredField | DeclaredColumn, value: unknown) => string[] {
  const { t } = useTranslation('ui');
  const text3 = useText3();
  const format = useFormat();
  const authorities = useAuthorities().data;
  const day = (value: string) => (/^\d{4}-\d{2}-\d{2}$/.test(value) ? format.numeric(value) : value);
  const address = (value: unknown) =>
    service.addressParts
      .map((part) => object(value)[part.id])
      .filter((part) => typeof part === 'string' && part.trim() !== '')
      .join(', ');
  return (field, value) => {
    if (blank(value)) return field.type === 'checkbox' ? [t('answers.no')] : [];
    switch (field.type) {
      case 'checkbox':
        return [t('answers.yes')];
      case 'date':
        return [day(String(value))];
      case 'choice':
        return [text3(field.options.find((one) => one.value === value)?.label) || String(value)];
      case 'classifier': {
        const items = service.classifiers.find((one) => one.id === field.classifier)?.items ?? [];
        return list(value).map((code) => text3(items.find((item) => item.code === code)?.fullName) || String(code));
      }
      case 'authority':
        return [text3(authorities?.find((one) => one.code === value)?.name) || String(value)];
      case 'address':
        return [address(value)].filter(Boolean);
      case 'addresses':
        return list(value).map(address).filter(Boolean);
      case 'table':
        return [];
      default:
        // Only quantities are grouped in threes: a year is not 2 024.
        return [field.type === 'number' && typeof value === 'number' ? format.number(value) : String(value)];
    }
  };
}

/** The same in one line. */
export function useAnswerText(
  service: DeclaredService,
): (field: DeclaredField | DeclaredColumn, value: unknown) => string {
  const lines = useAnswerLines(service);
  return (field, value) => lines(field, value).join('; ');
}

/** The filled rows of a table and the columns that anybody filled. */
export function filledTable(table: TableDeclared, kind: ApplicantKind, answers: ShownAnswers) {
  const rows = list(answers[table.id])
    .map(object)
    .filter((row) => !blank(row));
  const columns = table.columns.filter(
    (column) => concerns(column.for, kind) && rows.some((row) => holds(column.when, row) && !blank(row[column.id])),
  );
  return { rows, columns };
}

/** The section has an answer of this applicant to show. */
export function hasAnswers(section: DeclaredSection, kind: ApplicantKind, answers: ShownAnswers): boolean {
  return (
    concerns(section.for, kind) &&
    section.fields.some((field) => concerns(field.for, kind) && !blank(answers[field.id]))
  );
}

type SectionProps = { service: DeclaredService; section: DeclaredSection; kind: ApplicantKind; answers: ShownAnswers };

/** The answers of one section, to be read: facts as a list, tables as tables. */
export function SectionAnswers({ service, section, kind, answers }: SectionProps) {
  const text3 = useText3();
  const say = useAnswerLines(service);
  const shown = section.fields.filter((field) => concerns(field.for, kind) && holds(field.when, answers));
  const parts: ReactNode[] = [];
  let facts: Fact[] = [];
  const close = () => {
    if (facts.length > 0) parts.push(<SummaryList key={facts[0]?.key} facts={facts} layout="tight" />);
    facts = [];
  };
  for (const field of shown) {
    const label = text3(field.short ?? field.label);
    if (field.type === 'table') {
      close();
      parts.push(
        <RowsTable key={field.id} service={service} table={field} kind={kind} answers={answers} label={label} />,
      );
      continue;
    }
    const lines = say(field, answers[field.id]);
    if (lines.length > 0) facts.push({ key: field.id, term: label, value: <Lines lines={lines} /> });
  }
  close();
  return <div className="stack">{parts}</div>;
}

function Lines({ lines }: { lines: readonly string[] }) {
  if (lines.length === 1) return lines[0];
  return (
    <ul className="plain">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function RowsTable({
  service,
  table,
  kind,
  answers,
  label,
}: {
  service: DeclaredService;
  table: TableDeclared;
  kind: ApplicantKind;
  answers: ShownAnswers;
  label: string;
}) {
  const text3 = useText3();
  const say = useAnswerText(service);
  const { rows, columns } = filledTable(table, kind, answers);
  if (rows.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by the keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table className={`table table--dense cards ${styles.rows}`}>
        <caption>
          {label} · {rows.length}
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" key={column.id}>
                {text3(column.short ?? column.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: signed rows neither move nor change
            <tr key={index}>
              {columns.map((column) => (
                <td key={column.id} data-k={text3(column.short ?? column.label)}>
                  <span>{say(column, row[column.id]) || '—'}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** All answers of an application by section, to be read and not changed. */
export function AnswersView({
  service,
  kind,
  answers,
  level = 2,
}: {
  service: DeclaredService;
  kind: ApplicantKind;
  answers: ShownAnswers;
  level?: 2 | 3;
}) {
  const text3 = useText3();
  const Heading = `h${level}` as const;
  return (
    <div className="stack-7">
      {service.sections
        .filter((section) => hasAnswers(section, kind, answers))
        .map((section) => (
          <section key={section.id} className={styles.section}>
            <Heading>{text3(section.title)}</Heading>
            <SectionAnswers service={service} section={section} kind={kind} answers={answers} />
          </section>
        ))}
    </div>
  );
}
