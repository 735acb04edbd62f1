import { useTranslation } from 'react-i18next';
import type { DeclaredColumn, DeclaredField, DeclaredSection, FieldType } from '@/api/declaration';
import type { FieldIssue } from '@/api/problem';
import type { components } from '@/api/schema.gen';
import { useText3 } from '@/i18n/text3';
import { useFieldErrorText } from '@/ui/useErrorText';
import { useFormat } from '@/ui/useFormat';
import { usePeriodText } from '@/ui/usePeriodText';
import { inputId } from './answers';

type Text = components['schemas']['Text3'];
type Labelled = { label: Text; short?: Text };

/** The plain label of a field where it has one, else the words of the legal form. */
export function useLabel(): (field: Labelled) => string {
  const text = useText3();
  return (field) => text(field.short ?? field.label);
}

// What an empty answer lacks, where it is more than a text to be filled in.
const lacking: Partial<Record<FieldType, string>> = {
  table: 'rows_required',
  addresses: 'addresses_required',
  classifier: 'items_required',
  choice: 'option_required',
  authority: 'unknown_option',
};

// A text that tells the limit, for a code that other pages say without one.
const limited: Record<string, string> = { too_long: 'longer_than' };
// The text stands under another key: one that ends in _other would be taken for a plural form.
const renamed: Record<string, string> = { before_other: 'earlier_than' };

/**
 * What is wrong with an answer, as it stands beside the input. `siblings` are the fields of its level, itself among them: they tell what an
 * empty one lacks and name the field that another one may not precede.
 */
export function useIssueText(): (issue: FieldIssue, siblings?: readonly (DeclaredField | DeclaredColumn)[]) => string {
  const say = useFieldErrorText();
  const format = useFormat();
  const label = useLabel();
  const period = usePeriodText();
  return (issue, siblings = []) => {
    const params: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(issue.params ?? {}))
      params[key] = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? format.date(value) : value;
    if (issue.code === 'before_other') {
      const other = siblings.find((field) => field.id === issue.params?.field);
      params.other = other ? label(other) : '';
    }
    if (issue.code === 'period_too_short')
      params.total = period({ years: Number(issue.params?.years ?? 0), months: Number(issue.params?.months ?? 0) });
    const own = siblings.find((field) => field.id === issue.path);
    const code = params.max === undefined ? issue.code : (limited[issue.code] ?? issue.code);
    return say({ code: (code === 'required' && own && lacking[own.type]) || renamed[code] || code, params });
  };
}

/** A name in the quotation marks of the language. */
export function useQuoted(): (name: string) => string {
  const { t } = useTranslation('application');
  return (name) => t('issue.quoted', { name });
}

/** The line of the error summary: which field, which row, what is wrong, and where it leads. */
export function useIssueEntry(): (
  issue: FieldIssue,
  section: DeclaredSection | undefined,
  addressParts: readonly (Labelled & { id: string })[],
) => { fieldId: string; text: string } {
  const { t } = useTranslation('application');
  const textOfIssue = useIssueText();
  const quoted = useQuoted();
  const label = useLabel();
  const text = useText3();
  return (issue, section, addressParts) => {
    const entry = (where: string, what: string) => ({
      fieldId: inputId(issue.path),
      text: where ? `${where}: ${lowerFirst(what)}` : what,
    });
    const slot = (section?.slots ?? []).find((one) => issue.path === `documents.${one.id}`);
    if (slot) return entry(quoted(text(slot.title)), textOfIssue(issue));
    const [, id = '', index, key] = /^([A-Za-z0-9_]+)(?:\[(\d+)\])?(?:\.(\w+))?/.exec(issue.path) ?? [];
    const field = section?.fields.find((one) => one.id === id);
    if (!field) return entry('', textOfIssue(issue));
    const siblings = field.type === 'table' && index !== undefined ? field.columns : (section?.fields ?? []);
    const what = textOfIssue(issue, siblings);
    if (field.type === 'classifier') return { ...entry(quoted(label(field)), what), fieldId: inputId(field.id) };
    const inner: Labelled | undefined =
      field.type === 'table'
        ? field.columns.find((column) => column.id === key)
        : addressParts.find((part) => part.id === key);
    const named = quoted(label(inner ?? field));
    if (index === undefined) return entry(named, what);
    const row = Number(index) + 1;
    return entry(
      inner
        ? field.type === 'table'
          ? t('issue.cell', { row, column: named })
          : t('issue.address', { row, part: named })
        : t('issue.row', { row }),
      what,
    );
  };
}

/** "Заполните" after a colon is "заполните"; an abbreviation stays as it is. */
export function lowerFirst(text: string): string {
  const [first = '', second = ''] = [...text];
  return second === second.toUpperCase() && /\p{L}/u.test(second)
    ? text
    : first.toLowerCase() + text.slice(first.length);
}
