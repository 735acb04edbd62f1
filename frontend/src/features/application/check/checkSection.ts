import type { AddressPart, ApplicantKind, DeclaredField, DeclaredSection, TableDeclared } from '@/api/declaration';
import type { FieldIssue } from '@/api/problem';
import { totalPeriod } from '@/ui/experience';
import {
  type Answers,
  codesOf,
  isEmpty,
  listOf,
  type Row,
  rowOf,
  rowsOf,
  shownFields,
  slotPath,
  slotsFor,
  textOf,
} from '../answers';
import { checkValue } from './checkValue';

export type CheckContext = {
  kind: ApplicantKind;
  today: string;
  addressParts: readonly AddressPart[];
  /** Number of files in each slot. */
  files: Readonly<Record<string, number>>;
};

const postcodePattern = /^([0-9]{6}|[A-Z][0-9]{2}[A-Z][0-9][A-Z][0-9])$/;

/** What keeps a section from being signed, in the order of the form; paths and codes as the server gives them. */
export function checkSection(section: DeclaredSection, answers: Answers, context: CheckContext): FieldIssue[] {
  const issues: FieldIssue[] = [];
  checkLevel('', section.fields, answers, context, issues);
  for (const slot of slotsFor(section, context.kind)) {
    const count = context.files[slot.id] ?? 0;
    if (count > slot.maxFiles)
      issues.push({ path: slotPath(slot.id), code: 'too_many_files', params: { max: slot.maxFiles } });
    else if (count === 0 && slot.required) issues.push({ path: slotPath(slot.id), code: 'document_missing' });
  }
  return issues.map((issue) => ({ ...issue, section: section.id }));
}

/** Something of the section is answered or attached. */
export function isStarted(section: DeclaredSection, answers: Answers, context: CheckContext): boolean {
  return (
    section.fields.some((field) => !isEmpty(answers[field.id])) ||
    slotsFor(section, context.kind).some((slot) => (context.files[slot.id] ?? 0) > 0)
  );
}

function checkLevel(
  prefix: string,
  fields: readonly DeclaredField[],
  level: Row,
  context: CheckContext,
  issues: FieldIssue[],
): void {
  for (const field of shownFields(fields, context.kind, level)) {
    const path = prefix + field.id;
    const value = level[field.id];
    if (isEmpty(value)) {
      const before = issues.length;
      // Said where it is corrected: at the inputs of the empty address or row that the page shows, not at the whole.
      if (field.required) checkBlank(path, field, context, issues);
      if (issues.length > before) continue;
      if (field.required) issues.push({ path, code: field.type === 'checkbox' ? 'confirmation_required' : 'required' });
      continue;
    }
    switch (field.type) {
      case 'table':
        checkTable(path, field, value, context, issues);
        break;
      case 'address':
        checkAddress(path, rowOf(value), context, issues);
        break;
      case 'addresses':
        checkRows(path, field, value, issues, (at, row) => checkAddress(at, row, context, issues));
        break;
      case 'classifier':
        if (codesOf(value).length > field.maxItems)
          issues.push({ path, code: 'too_many_items', params: { max: field.maxItems } });
        break;
      default: {
        const wrong = checkValue(field, value, level, context.today);
        if (wrong) issues.push({ path, ...wrong });
      }
    }
  }
}

function checkBlank(path: string, field: DeclaredField, context: CheckContext, issues: FieldIssue[]): void {
  if (field.type === 'address') checkAddress(path, {}, context, issues);
  else if (field.type === 'addresses') checkAddress(`${path}[0]`, {}, context, issues);
  else if (field.type === 'table')
    checkLevel(`${path}[0].`, field.columns as readonly DeclaredField[], {}, context, issues);
}

function checkTable(
  path: string,
  field: TableDeclared,
  value: unknown,
  context: CheckContext,
  issues: FieldIssue[],
): void {
  checkRows(path, field, value, issues, (at, row) =>
    checkLevel(`${at}.`, field.columns as readonly DeclaredField[], row, context, issues),
  );
  if (!field.length) return;
  const total = totalPeriod(rowsOf(value), field.length, context.today);
  if (total.years < field.length.minYears)
    issues.push({ path, code: 'period_too_short', params: { min: field.length.minYears, ...total } });
}

// Rows without any answer are passed over; paths keep the numbers that the page shows.
function checkRows(
  path: string,
  field: { minRows?: number; maxRows: number },
  value: unknown,
  issues: FieldIssue[],
  check: (at: string, row: Row) => void,
): void {
  const rows = listOf(value);
  if (rows.length > field.maxRows) {
    issues.push({ path, code: 'too_many_rows', params: { max: field.maxRows } });
    return;
  }
  let filled = 0;
  rows.forEach((row, index) => {
    if (isEmpty(row)) return;
    filled++;
    check(`${path}[${index}]`, rowOf(row));
  });
  if (filled < (field.minRows ?? 0)) issues.push({ path, code: 'too_few_rows', params: { min: field.minRows } });
}

function checkAddress(path: string, address: Row, context: CheckContext, issues: FieldIssue[]): void {
  const before = issues.length;
  for (const part of context.addressParts) {
    const at = `${path}.${part.id}`;
    const text = textOf(address[part.id]);
    if ([...text].length > part.maxLength) issues.push({ path: at, code: 'too_long', params: { max: part.maxLength } });
  }
  if (issues.length > before) return;
  const given = (id: string) => textOf(address[id]).trim() !== '';
  if (!given('city')) {
    if (!given('settlement')) issues.push({ path: `${path}.city`, code: 'city_or_settlement_required' });
    if (!given('oblast')) issues.push({ path: `${path}.oblast`, code: 'required' });
  }
  for (const part of context.addressParts)
    if (part.required && !given(part.id)) issues.push({ path: `${path}.${part.id}`, code: 'required' });
  if (given('postcode') && !postcodePattern.test(textOf(address.postcode)))
    issues.push({ path: `${path}.postcode`, code: 'bad_postcode' });
}
