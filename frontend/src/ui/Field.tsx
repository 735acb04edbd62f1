import { NativeSelect, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './Icon';

// Every field is laid out alike: label, hint, error, input (design README, Field). Mantine wires aria-invalid and aria-describedby.
const order: ('label' | 'description' | 'error' | 'input')[] = ['label', 'description', 'error', 'input'];

export type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong and what to do, in the reader's words; shown with a sign above the input. */
  error?: ReactNode;
  /** Says "optional" after the label; a field that must be filled says nothing. */
  optional?: boolean;
  /** Where the error summary leads; give the same id there. */
  id?: string;
  onBlur?: () => void;
};

function useFieldParts({ label, hint, error, optional, id }: FieldProps) {
  const { t } = useTranslation('ui');
  const ownId = useId();
  return {
    id: id ?? ownId,
    label: optional ? (
      <>
        {label} <span className="optional">{t('field.optional')}</span>
      </>
    ) : (
      label
    ),
    description: hint,
    error: error ? (
      <>
        <Icon name="bang" />
        <span>{error}</span>
      </>
    ) : undefined,
    inputWrapperOrder: order,
    unstyled: true as const,
    descriptionProps: { component: 'p' as const },
    classNames: { root: error ? 'field has-error' : 'field', description: 'hint', error: 'error' },
  };
}

export type TextFieldProps = FieldProps & {
  value: string;
  onChange: (value: string) => void;
  name?: string;
  width?: 'full' | 'short' | 'date';
  autoComplete?: string;
  inputMode?: 'text' | 'numeric' | 'decimal' | 'email' | 'tel';
  type?: 'text' | 'email' | 'tel' | 'search';
  maxLength?: number;
  spellCheck?: boolean;
  inputRef?: Ref<HTMLInputElement>;
};

const widthClass = { full: '', short: ' input--short', date: ' input--date' } as const;

/** A search finds as one types: Enter in it has nothing to send, least of all the form that it stands in. */
function enterSendsNothing(event: KeyboardEvent) {
  if (event.key === 'Enter') event.preventDefault();
}

export function TextField(props: TextFieldProps) {
  const { classNames, ...parts } = useFieldParts(props);
  return (
    <TextInput
      {...parts}
      classNames={{ ...classNames, input: `input${widthClass[props.width ?? 'full']}` }}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      onBlur={props.onBlur}
      onKeyDown={props.type === 'search' ? enterSendsNothing : undefined}
      name={props.name}
      autoComplete={props.autoComplete ?? 'off'}
      inputMode={props.inputMode}
      type={props.type ?? 'text'}
      maxLength={props.maxLength}
      spellCheck={props.spellCheck}
      ref={props.inputRef}
    />
  );
}

export function TextAreaField(
  props: FieldProps & {
    value: string;
    onChange: (value: string) => void;
    rows?: number;
    maxLength?: number;
    name?: string;
  },
) {
  const { classNames, ...parts } = useFieldParts(props);
  return (
    <Textarea
      {...parts}
      classNames={classNames}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      onBlur={props.onBlur}
      rows={props.rows ?? 4}
      maxLength={props.maxLength}
      name={props.name}
    />
  );
}

export function PasswordField(props: FieldProps & { value: string; onChange: (value: string) => void }) {
  const { classNames, ...parts } = useFieldParts(props);
  return (
    <PasswordInput
      {...parts}
      classNames={{ ...classNames, innerInput: 'input' }}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      onBlur={props.onBlur}
      autoComplete="off"
      visibilityToggleIcon={() => null}
      rightSection={<span />}
    />
  );
}

export type Option = { value: string; label: string };

export function SelectField(
  props: FieldProps & {
    value: string;
    onChange: (value: string) => void;
    options: readonly Option[] /** The first, empty line; absent when a value is always there. */;
    placeholder?: string;
    name?: string;
  },
) {
  const { classNames, ...parts } = useFieldParts(props);
  return (
    <NativeSelect
      {...parts}
      // The sign of a list is drawn by our own style sheet.
      rightSection={<span hidden />}
      classNames={classNames}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      onBlur={props.onBlur}
      name={props.name}
    >
      {props.placeholder !== undefined && <option value="">{props.placeholder}</option>}
      {props.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </NativeSelect>
  );
}

/**
 * A day typed as 26.11.2026. A native date input follows the browser's locale and not the page's, so it is not used. The value is
 * YYYY-MM-DD; what cannot be read as a day is handed over as typed, for the check to name it.
 */
export function DateField(props: Omit<TextFieldProps, 'width' | 'inputMode' | 'type'>) {
  const [typed, setTyped] = useState(() => shownDate(props.value));
  useEffect(() => {
    setTyped((now) => (readDate(now) === props.value ? now : shownDate(props.value)));
  }, [props.value]);
  return (
    <TextField
      {...props}
      width="date"
      inputMode="numeric"
      maxLength={10}
      value={typed}
      onChange={(next) => {
        setTyped(next);
        props.onChange(readDate(next));
      }}
    />
  );
}

function shownDate(value: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  return match ? `${match[3]}.${match[2]}.${match[1]}` : value;
}

/** Reads 26.11.2026, 26/11/2026 and 26-11-2026; a day that the calendar lacks (31.02) stays as typed. */
export function readDate(typed: string): string {
  const match = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*$/.exec(typed);
  if (!match) return typed.trim();
  const [day, month, year] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const moment = new Date(Date.UTC(year, month - 1, day));
  if (moment.getUTCMonth() !== month - 1 || moment.getUTCDate() !== day) return typed.trim();
  return moment.toISOString().slice(0, 10);
}
