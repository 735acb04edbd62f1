import type {
  ApplicantKind,
  Condition,
  DeclaredField,
  DeclaredSection,
  DeclaredService,
  DeclaredSlot,
} from '@/api/declaration';

/** What is filled in so far: field id → value, the values as server/catalog/field.go tells. */
export type Answers = Readonly<Record<string, unknown>>;
/** One row of a table, or one address. */
export type Row = Readonly<Record<string, unknown>>;

export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const rowOf = (value: unknown): Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {};

export const rowsOf = (value: unknown): readonly Row[] => listOf(value).map(rowOf);

export const codesOf = (value: unknown): readonly string[] =>
  listOf(value).filter((code): code is string => typeof code === 'string');

/** True for a value that answers nothing, as server/catalog/answers.go counts it. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.every(isEmpty);
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

export function appliesTo(kinds: readonly ApplicantKind[] | undefined, kind: ApplicantKind): boolean {
  return !kinds || kinds.length === 0 || kinds.includes(kind);
}

function conditionHolds(when: Condition | undefined, level: Row, shown: ReadonlySet<string>): boolean {
  if (!when) return true;
  const value = level[when.field];
  // A checkbox that was never ticked is "false".
  const text = value === undefined || value === null ? 'false' : String(value);
  return shown.has(when.field) && when.in.includes(text);
}

/** The fields of one level that this applicant sees now. Conditions point back, so one pass in order is enough. */
export function shownFields<F extends Pick<DeclaredField, 'id' | 'for' | 'when'>>(
  fields: readonly F[],
  kind: ApplicantKind,
  level: Row,
): F[] {
  const shown = new Set<string>();
  return fields.filter((field) => {
    const visible = appliesTo(field.for, kind) && conditionHolds(field.when, level, shown);
    if (visible) shown.add(field.id);
    return visible;
  });
}

/** The sections of the form that this kind of applicant meets. */
export function sectionsFor(service: DeclaredService, kind: ApplicantKind): DeclaredSection[] {
  return service.sections.filter(
    (section) =>
      appliesTo(section.for, kind) &&
      (section.fields.some((field) => appliesTo(field.for, kind)) || slotsFor(section, kind).length > 0),
  );
}

export function slotsFor(section: DeclaredSection, kind: ApplicantKind): DeclaredSlot[] {
  return (section.slots ?? []).filter((slot) => appliesTo(slot.for, kind));
}

/** A section of nothing but statements to agree with: it is asked where the answers are checked, beside the signature (design 05). */
export function isConfirmation(section: DeclaredSection): boolean {
  return section.fields.length > 0 && section.fields.every((field) => field.type === 'checkbox' && field.required);
}

/** The pages of the form, without what is asked at the end. */
export function pagesFor(service: DeclaredService, kind: ApplicantKind): DeclaredSection[] {
  return sectionsFor(service, kind).filter((section) => !isConfirmation(section));
}

/** Paths of slots in the list of mistakes: "documents.entityRegistration". */
export const slotPath = (slot: string) => `documents.${slot}`;

/** The section that asks for a path as the server names it ("equipment[2].year", "documents.diplomas"). */
export function sectionOf(sections: readonly DeclaredSection[], path: string): DeclaredSection | undefined {
  const slot = /^documents\.(.+)$/.exec(path)?.[1];
  const field = path.replace(/[.[].*$/, '');
  return sections.find((section) =>
    slot === undefined
      ? section.fields.some((one) => one.id === field)
      : (section.slots ?? []).some((one) => one.id === slot),
  );
}

/** The id of the input of a path: what the error summary leads to. */
export const inputId = (path: string) => `f-${path.replace(/[[\].]+/g, '-').replace(/-$/, '')}`;

/** The same answers, whatever the order of the keys; what answers nothing counts as absent. */
export function sameAnswers(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    const [x, y] = [listOf(a), listOf(b)];
    return x.length === y.length && x.every((value, index) => sameAnswers(value, y[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => sameAnswers(a[key], b[key]));
  }
  const absent = (value: unknown) => value === undefined || value === null || value === '' || value === false;
  return absent(a) && absent(b);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
