import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldOf } from '@/api/declaration';
import type { FieldIssue } from '@/api/problem';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { Toast } from '@/ui/Toast';
import { inputId, isEmpty, type Row, rowOf, rowsOf, textOf } from '../answers';
import { useDraft } from '../draft/useDraft';
import { useIssueText, useLabel } from '../issueText';
import styles from './AddressInput.module.css';
import type { FieldProps } from './props';

/** The inputs of one address, in the order in which forms 3 and 4 name them. */
function AddressParts({
  path,
  address,
  issues,
  autocomplete,
  onChange,
  onLeave,
}: {
  path: string;
  address: Row;
  issues: readonly FieldIssue[];
  autocomplete: boolean;
  onChange: (address: Row) => void;
  onLeave: (path: string) => void;
}) {
  const { t } = useTranslation('application');
  const text = useText3();
  const issueText = useIssueText();
  const { service } = useDraft();
  return (
    <div className={styles.parts}>
      {service.addressParts.map((part) => {
        const at = `${path}.${part.id}`;
        const issue = issues.find((one) => one.path === at);
        // City or settlement is given, and the oblast unless it is a city of republican significance: neither is simply optional.
        const eitherOf = part.id === 'city' || part.id === 'settlement';
        const optional = part.id === 'postcode' || part.id === 'district';
        return (
          <TextField
            key={part.id}
            id={inputId(at)}
            label={text(part.label)}
            optional={optional}
            hint={eitherOf && t('address.either')}
            error={issue && issueText(issue)}
            value={textOf(address[part.id])}
            onChange={(value) => onChange({ ...address, [part.id]: value })}
            onBlur={() => onLeave(at)}
            {...(autocomplete && part.autocomplete && { autoComplete: part.autocomplete })}
          />
        );
      })}
    </div>
  );
}

function GroupError({
  id,
  field,
  issue,
}: {
  id: string;
  field: FieldOf<'address' | 'addresses'>;
  issue: FieldIssue | undefined;
}) {
  const issueText = useIssueText();
  if (!issue) return null;
  return (
    <p className="error" id={id}>
      <Icon name="bang" />
      <span>{issueText(issue, [field])}</span>
    </p>
  );
}

export function AddressInput({ field, value, onChange, onLeave, issues }: FieldProps<'address'>) {
  const text = useText3();
  const label = useLabel();
  const own = issues.find((issue) => issue.path === field.id);
  const id = inputId(field.id);
  return (
    <fieldset
      className={own ? 'field has-error' : 'field'}
      id={id}
      tabIndex={-1}
      aria-describedby={own ? `${id}-error` : undefined}
    >
      <legend className={`legend ${styles.legend}`}>{label(field)}</legend>
      {field.hint && <p className="hint">{text(field.hint)}</p>}
      <GroupError id={`${id}-error`} field={field} issue={own} />
      <AddressParts
        path={field.id}
        address={rowOf(value)}
        issues={issues}
        autocomplete
        onChange={onChange}
        onLeave={onLeave}
      />
    </fieldset>
  );
}

export function AddressesInput({ field, value, onChange, onLeave, issues }: FieldProps<'addresses'>) {
  const { t } = useTranslation('application');
  const text = useText3();
  const label = useLabel();
  const own = issues.find((issue) => issue.path === field.id);
  const id = inputId(field.id);
  const { addressParts } = useDraft().service;
  const [removed, setRemoved] = useState<{ address: Row; index: number }>();
  const wanted = useRef<number>(undefined);
  // At least one is always there to be filled in.
  const rows = rowsOf(value).length > 0 ? rowsOf(value) : [{}];
  const focus = (index: number) =>
    document.getElementById(inputId(`${field.id}[${index}].${addressParts[0]?.id}`))?.focus();
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    focus(wanted.current);
    wanted.current = undefined;
  });
  const add = () => {
    // An empty one that stands there already is the one to be filled in.
    if (isEmpty(rows.at(-1))) focus(rows.length - 1);
    else onChange([...rows, {}]);
  };
  const remove = (index: number) => {
    const address = rows[index] ?? {};
    const rest = rows.filter((_, at) => at !== index);
    wanted.current = Math.min(index, rest.length - 1);
    setRemoved(isEmpty(address) ? undefined : { address, index });
    onChange(rest);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset around fieldsets is read out twice before each input
    <div
      className={own ? 'field has-error' : 'field'}
      role="group"
      id={id}
      tabIndex={-1}
      aria-labelledby={`${id}-label`}
      aria-describedby={own ? `${id}-error` : undefined}
    >
      <h2 className={styles.legend} id={`${id}-label`}>
        {label(field)}
      </h2>
      {field.hint && <p className="hint">{text(field.hint)}</p>}
      <GroupError id={`${id}-error`} field={field} issue={own} />
      {rows.map((address, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: addresses have no name but their place
        <fieldset key={index} className={styles.one}>
          <legend className="legend">{t('address.number', { n: index + 1 })}</legend>
          <AddressParts
            path={`${field.id}[${index}]`}
            address={address}
            issues={issues}
            autocomplete={false}
            onChange={(next) => onChange(rows.map((row, at) => (at === index ? next : row)))}
            onLeave={onLeave}
          />
          {rows.length > 1 && (
            <Button
              variant="stop-link"
              size="dense"
              onClick={() => remove(index)}
              aria-label={t('address.removeNumber', { n: index + 1 })}
            >
              {t('address.remove')}
            </Button>
          )}
        </fieldset>
      ))}
      {rows.length < field.maxRows && (
        <Button variant="second" size="dense" onClick={add}>
          {t('address.add')}
        </Button>
      )}
      {removed && (
        <Toast
          text={t('address.removed', { n: removed.index + 1 })}
          undoLabel={t('address.bringBack')}
          onUndo={() => {
            wanted.current = removed.index;
            onChange([...rows.slice(0, removed.index), removed.address, ...rows.slice(removed.index)]);
            setRemoved(undefined);
          }}
          onClose={() => setRemoved(undefined)}
        />
      )}
    </div>
  );
}
