import { useTranslation } from 'react-i18next';
import { useAuthorities } from '@/api/directory';
import { useText3 } from '@/i18n/text3';
import { CheckField, RadioGroup } from '@/ui/Choice';
import { ErrorNote } from '@/ui/ErrorNote';
import { DateField, SelectField, TextAreaField, TextField } from '@/ui/Field';
import { textOf } from '../answers';
import { type FieldProps, useSingle } from './props';

const fewOptions = 5;

export function TextInput(props: FieldProps<'text' | 'textarea'>) {
  const text = useText3();
  const { field, value, onChange } = props;
  const single = useSingle(props);
  const shared = { ...single, hint: field.hint && text(field.hint), value: textOf(value), onChange };
  return field.type === 'textarea' ? (
    <TextAreaField {...shared} maxLength={field.maxLength} />
  ) : (
    <TextField {...shared} {...(field.autocomplete && { autoComplete: field.autocomplete })} />
  );
}

export function NumberInput(props: FieldProps<'number' | 'year'>) {
  const text = useText3();
  const { field, value, onChange } = props;
  const decimals = field.type === 'number' && (field.decimals ?? 0) > 0;
  return (
    <TextField
      {...useSingle(props)}
      hint={field.hint && text(field.hint)}
      width="short"
      inputMode={decimals ? 'decimal' : 'numeric'}
      value={textOf(value)}
      onChange={onChange}
    />
  );
}

export function DateInput(props: FieldProps<'date'>) {
  const { t } = useTranslation('application');
  const text = useText3();
  const { field, value, onChange } = props;
  return (
    <DateField
      {...useSingle(props)}
      hint={field.hint ? text(field.hint) : t('field.dateHint')}
      value={textOf(value)}
      onChange={onChange}
    />
  );
}

const shapes = {
  email: { type: 'email', inputMode: 'email', width: 'full' },
  phone: { type: 'tel', inputMode: 'tel', width: 'full' },
  iin: { type: 'text', inputMode: 'numeric', width: 'short' },
  bin: { type: 'text', inputMode: 'numeric', width: 'short' },
} as const;

export function CodeInput(props: FieldProps<'email' | 'phone' | 'iin' | 'bin'>) {
  const text = useText3();
  const { field, value, onChange } = props;
  return (
    <TextField
      {...useSingle(props)}
      {...shapes[field.type]}
      hint={field.hint && text(field.hint)}
      spellCheck={false}
      value={textOf(value)}
      onChange={onChange}
      {...(field.autocomplete && { autoComplete: field.autocomplete })}
    />
  );
}

export function ChoiceInput(props: FieldProps<'choice'>) {
  const { t } = useTranslation('application');
  const text = useText3();
  const { field, value, onChange } = props;
  const { label, optional, ...single } = useSingle(props);
  const options = field.options.map((option) => ({ value: option.value, label: text(option.label) }));
  const hint = field.hint && text(field.hint);
  return options.length <= fewOptions ? (
    <RadioGroup {...single} legend={label} hint={hint} options={options} value={textOf(value)} onChange={onChange} />
  ) : (
    <SelectField
      {...single}
      label={label}
      optional={optional}
      hint={hint}
      options={options}
      placeholder={t('field.choose')}
      value={textOf(value)}
      onChange={onChange}
    />
  );
}

export function CheckboxInput(props: FieldProps<'checkbox'>) {
  const text = useText3();
  const { field, value, onChange } = props;
  const { id, label, error } = useSingle(props);
  return (
    <CheckField
      id={id}
      label={label}
      error={error}
      hint={field.hint && text(field.hint)}
      checked={value === true}
      onChange={onChange}
    />
  );
}

export function AuthorityInput(props: FieldProps<'authority'>) {
  const { t } = useTranslation('application');
  const text = useText3();
  const authorities = useAuthorities();
  const single = useSingle(props);
  const { field, value, onChange } = props;
  if (authorities.isError && !authorities.data)
    return <ErrorNote error={authorities.error} onRetry={() => authorities.refetch()} />;
  // Those that take applications here come first; the others are named, so that nobody looks for a list that is cut.
  const sorted = [...(authorities.data ?? [])].sort(
    (a, b) => Number(a.accepts === false) - Number(b.accepts === false),
  );
  return (
    <SelectField
      {...single}
      hint={field.hint && text(field.hint)}
      placeholder={t('field.choose')}
      options={sorted.map((authority) => ({
        value: authority.code,
        label:
          authority.accepts === false
            ? t('field.notConnected', { authority: text(authority.name) })
            : text(authority.name),
      }))}
      value={textOf(value)}
      onChange={onChange}
    />
  );
}
