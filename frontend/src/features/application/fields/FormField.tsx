import type { ComponentType } from 'react';
import type { FieldType } from '@/api/declaration';
import { TableInput } from '../table/TableInput';
import { AddressesInput, AddressInput } from './AddressInput';
import { ClassifierInput } from './ClassifierInput';
import type { FieldProps } from './props';
import { AuthorityInput, CheckboxInput, ChoiceInput, CodeInput, DateInput, NumberInput, TextInput } from './simple';

// One component a type of field. Exhaustive: a type that is added to the declaration does not compile until it is drawn here.
const registry: { [T in FieldType]: ComponentType<FieldProps<T>> } = {
  text: TextInput,
  textarea: TextInput,
  number: NumberInput,
  year: NumberInput,
  date: DateInput,
  email: CodeInput,
  phone: CodeInput,
  iin: CodeInput,
  bin: CodeInput,
  choice: ChoiceInput,
  checkbox: CheckboxInput,
  classifier: ClassifierInput,
  address: AddressInput,
  addresses: AddressesInput,
  table: TableInput,
  authority: AuthorityInput,
};

/** One question of the form, drawn by its declared type. */
export function FormField(props: FieldProps) {
  const Component = registry[props.field.type] as ComponentType<FieldProps>;
  return <Component {...props} />;
}
