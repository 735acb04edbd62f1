import type { components } from './schema.gen';

/*
 * The declaration of a public service as server/catalog gives it (service.go, field.go, classifier.go). The contract leaves it open on
 * purpose: the form is drawn from it, so its shape belongs to the catalog. This is where the pages get its type.
 */
type Text = components['schemas']['Text3'];

export type ApplicantKind = 'person' | 'sole_trader' | 'entity';

/** Shows a field only when another one of the same level has one of the values; "true" or "false" for a checkbox. */
export type Condition = { field: string; in: readonly string[] };

type Common = {
  /** Key in the answers; a column's key in its row. */
  id: string;
  formKey?: string;
  /** The words of the legal form. */
  label: Text;
  /** A plain or narrow label for the screen. */
  short?: Text;
  hint?: Text;
  for?: readonly ApplicantKind[];
  when?: Condition;
  required: boolean;
  autocomplete?: string;
};

export type DeclaredOption = { value: string; formKey?: string; label: Text };
/** Adds up the periods of a table, overlaps counted once (SF5.6). */
export type Length = { from: string; to: string; minYears: number };

export type TextDeclared = Common & { type: 'text' | 'textarea'; maxLength: number };
export type NumberDeclared = Common & { type: 'number'; min?: number; max?: number; decimals?: number };
export type YearDeclared = Common & {
  type: 'year';
  min?: number;
  max?: number;
  notFuture?: boolean;
  notBefore?: string;
};
export type DateDeclared = Common & {
  type: 'date';
  notFuture?: boolean;
  notPast?: boolean;
  notBefore?: string;
  withinYears?: number;
};
export type PlainDeclared = Common & { type: 'email' | 'phone' | 'iin' | 'bin' | 'checkbox' | 'address' | 'authority' };
export type ChoiceDeclared = Common & { type: 'choice'; options: readonly DeclaredOption[] };
export type ClassifierDeclared = Common & { type: 'classifier'; classifier: string; maxItems: number };
export type AddressesDeclared = Common & { type: 'addresses'; minRows?: number; maxRows: number };

/** What can be a column of a table: one value that fits into one cell. */
export type DeclaredColumn =
  | TextDeclared
  | NumberDeclared
  | YearDeclared
  | DateDeclared
  | ChoiceDeclared
  | (Common & { type: 'email' | 'phone' | 'iin' | 'bin' });

export type TableDeclared = Common & {
  type: 'table';
  columns: readonly DeclaredColumn[];
  minRows?: number;
  maxRows: number;
  paste?: boolean;
  length?: Length;
};

export type DeclaredField =
  | TextDeclared
  | NumberDeclared
  | YearDeclared
  | DateDeclared
  | PlainDeclared
  | ChoiceDeclared
  | ClassifierDeclared
  | AddressesDeclared
  | TableDeclared;

export type FieldType = DeclaredField['type'];
export type FieldOf<T extends FieldType> = DeclaredField & { type: T };

/** A place for files of one sort. */
export type DeclaredSlot = {
  id: string;
  title: Text;
  hint?: Text;
  clause: string;
  for?: readonly ApplicantKind[];
  required: boolean;
  maxFiles: number;
  /** What makes the document needless (S9.A2), told in place of the demand. */
  coveredBy?: { section?: string; register?: string; note: Text };
};

/** One page of the form. */
export type DeclaredSection = {
  id: string;
  title: Text;
  short?: Text;
  hint?: Text;
  clause: string;
  for?: readonly ApplicantKind[];
  fields: readonly DeclaredField[];
  slots?: readonly DeclaredSlot[];
};

export type ClassifierItem = {
  code: string;
  parent?: string;
  name: Text;
  /** With its headings: the same name stands under several. */
  fullName: Text;
  /** Has children: a heading, not a choice. */
  group: boolean;
  validFrom?: string;
  validTo?: string;
};
export type Classifier = { id: string; note: Text; items: readonly ClassifierItem[] };

export type AddressPart = { id: string; label: Text; required: boolean; maxLength: number; autocomplete?: string };

/** Sizes in bytes; types are media types by content. */
export type UploadLimits = { maxFileBytes: number; maxTotalBytes: number; maxFiles: number; types: readonly string[] };

export type DeclaredService = {
  code: string;
  version: number;
  title: Text;
  activity: Text;
  kinds: readonly {
    code: string;
    title: Text;
    term: { workingDays: number; start: string; clause: string };
    fee: { kind: string; clause: string };
    norms: readonly { step: string; minutes?: number; workingDays?: number; clause: string }[];
  }[];
  upload: UploadLimits;
  sections: readonly DeclaredSection[];
  /** The executor's checklist (R5.3); sections and slots are where the evidence stands. */
  requirements: readonly {
    id: string;
    text: Text;
    clause: string;
    for?: readonly ApplicantKind[];
    sections: readonly string[];
    slots?: readonly string[];
  }[];
  classifiers: readonly Classifier[];
  addressParts: readonly AddressPart[];
};
