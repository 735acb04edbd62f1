import { type ReactNode, useId } from 'react';
import { Icon } from './Icon';

/** One statement to agree with. */
export function CheckField(props: {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  id?: string;
  name?: string;
}) {
  const ownId = useId();
  const id = props.id ?? ownId;
  const describedBy = [props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={props.error ? 'field has-error' : 'field'}>
      {props.error && (
        <p className="error" id={`${id}-error`}>
          <Icon name="bang" />
          <span>{props.error}</span>
        </p>
      )}
      <div className="choice">
        <input
          type="checkbox"
          id={id}
          name={props.name}
          checked={props.checked}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={describedBy || undefined}
        />
        <span>
          <label htmlFor={id}>{props.label}</label>
          {props.hint && (
            <span className="hint" id={`${id}-hint`}>
              {props.hint}
            </span>
          )}
        </span>
      </div>
    </div>
  );
}

export type Choice = { value: string; label: ReactNode; hint?: ReactNode };

function Group({
  legend,
  hint,
  error,
  id,
  role,
  children,
}: {
  legend: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  id: string;
  role?: 'radiogroup';
  children: ReactNode;
}) {
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <fieldset
      className={error ? 'field has-error' : 'field'}
      id={id}
      role={role}
      tabIndex={-1}
      aria-describedby={describedBy || undefined}
      aria-invalid={role && error ? true : undefined}
    >
      <legend className="legend">{legend}</legend>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="error" id={`${id}-error`}>
          <Icon name="bang" />
          <span>{error}</span>
        </p>
      )}
      {children}
    </fieldset>
  );
}

/** One answer of a few, all of them visible. */
export function RadioGroup(props: {
  legend: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  options: readonly Choice[];
  value: string;
  onChange: (value: string) => void;
  id?: string;
  name?: string;
}) {
  const ownId = useId();
  const id = props.id ?? ownId;
  return (
    <Group legend={props.legend} hint={props.hint} error={props.error} id={id} role="radiogroup">
      {props.options.map((option) => (
        <label className="choice" key={option.value}>
          <input
            type="radio"
            name={props.name ?? id}
            value={option.value}
            checked={props.value === option.value}
            onChange={() => props.onChange(option.value)}
          />
          <span>
            {option.label}
            {option.hint && <span className="hint">{option.hint}</span>}
          </span>
        </label>
      ))}
    </Group>
  );
}

/** Several answers of a list. */
export function CheckGroup(props: {
  legend: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  options: readonly Choice[];
  values: readonly string[];
  onChange: (values: string[]) => void;
  id?: string;
}) {
  const ownId = useId();
  const id = props.id ?? ownId;
  const flip = (value: string, on: boolean) =>
    props.onChange(on ? [...props.values, value] : props.values.filter((other) => other !== value));
  return (
    <Group legend={props.legend} hint={props.hint} error={props.error} id={id}>
      {props.options.map((option) => (
        <label className="choice" key={option.value}>
          <input
            type="checkbox"
            value={option.value}
            checked={props.values.includes(option.value)}
            onChange={(event) => flip(option.value, event.currentTarget.checked)}
          />
          <span>
            {option.label}
            {option.hint && <span className="hint">{option.hint}</span>}
          </span>
        </label>
      ))}
    </Group>
  );
}
