import type { FieldOf, FieldType } from '@/api/declaration';
import type { FieldIssue } from '@/api/problem';
import { inputId } from '../answers';
import { useIssueText, useLabel } from '../issueText';

/** What every field of the form gets. It shows what it is told and tells what is typed; it keeps nothing itself. */
export type FieldProps<T extends FieldType = FieldType> = {
  field: FieldOf<T>;
  value: unknown;
  onChange: (value: unknown) => void;
  /** The person left this input: what is wrong with it may be said now. */
  onLeave: (path: string) => void;
  /** Say at once what is wrong at these paths, empty ones included: they were filled by pasting. */
  onReveal: (paths: readonly string[]) => void;
  /** What is to be said of this field and of what is inside it. */
  issues: readonly FieldIssue[];
  /** The fields beside it, for texts that name another one. */
  siblings: readonly FieldOf<FieldType>[];
  /** The title of the section, so that a table named alike does not repeat it. */
  heading: string;
};

/** The parts that a single input needs. */
export function useSingle(props: FieldProps) {
  const { field, issues, siblings, onLeave } = props;
  const label = useLabel();
  const issueText = useIssueText();
  const issue = issues.find((one) => one.path === field.id || one.path.startsWith(`${field.id}[`));
  return {
    id: inputId(field.id),
    label: label(field),
    error: issue && issueText(issue, siblings),
    optional: !field.required,
    onBlur: () => onLeave(field.id),
  };
}
