import { useTranslation } from 'react-i18next';
import type { Application } from '@/api/applications';
import type { DeclaredService } from '@/api/declaration';
import { useText3 } from '@/i18n/text3';
import { SelectField, TextAreaField } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { NormMeter } from '@/ui/NormMeter';
import { useFormat } from '@/ui/useFormat';
import { TwoDays } from '../application/CompletenessStrip';
import type { GroundCode } from '../queries';
import { useTimeLeft } from '../timeLeft';
import {
  type Fault,
  fieldId,
  type GroundDraft,
  groundKey,
  groundNumber,
  longest,
  needsBasis,
  needsRequirement,
} from './grounds';
import styles from './refusal.module.css';

type Props = {
  code: GroundCode;
  application: Application;
  service: DeclaredService;
  value: GroundDraft;
  onChange: (value: GroundDraft) => void;
  errorOf: (fault: Fault) => string | undefined;
};

/** One ground of S10: to be chosen and explained, or locked with the reason why it cannot be. */
export function GroundChoice(props: Props) {
  const { code, application } = props;
  const offer = application.grounds?.find((one) => one.code === code);
  return offer?.open ? <OpenGround {...props} /> : <LockedGround {...props} reason={offer?.closedReason} />;
}

function OpenGround({ code, application, service, value, onChange, errorOf }: Props) {
  const { t } = useTranslation('authority');
  const key = groundKey(code);
  const id = `ground-${groundNumber(code)}`;
  const set = (change: Partial<GroundDraft>) => onChange({ ...value, ...change });
  const own = errorOf({ code, field: 'code' });
  return (
    <div className={value.on ? `${styles.ground} ${styles.on}` : styles.ground}>
      <label className="choice" htmlFor={`${id}-code`}>
        <input
          type="checkbox"
          id={`${id}-code`}
          checked={value.on}
          onChange={(event) => set({ on: event.currentTarget.checked })}
          aria-invalid={own ? true : undefined}
          aria-describedby={own ? `${id}-error` : undefined}
        />
        <span>
          <b>
            <span className={styles.code}>{groundNumber(code)}</span> {t(`ground.${key}`)}
          </b>
        </span>
      </label>
      {own && (
        <p className={`error ${styles.more}`} id={`${id}-error`}>
          <Icon name="bang" />
          <span>{own}</span>
        </p>
      )}
      {code === 'S10.7' && (
        <div className={styles.more}>
          <OpenUntil application={application} />
          <TwoDays application={application} />
        </div>
      )}
      {value.on && (
        <div className={styles.more}>
          {needsRequirement(code) && (
            <RequirementField
              application={application}
              service={service}
              value={value}
              onChange={onChange}
              error={errorOf({ code, field: 'requirement' })}
            />
          )}
          {needsBasis(code) && (
            <Counted
              id={fieldId({ code, field: 'basis' })}
              label={t(`basis.${key as 'S10_1'}`)}
              value={value.basis}
              onChange={(basis) => set({ basis })}
              most={longest.basis}
              rows={2}
              error={errorOf({ code, field: 'basis' })}
            />
          )}
          <Counted
            id={fieldId({ code, field: 'reason' })}
            label={t(code === 'S10.7' ? 'refusal.missing' : 'refusal.why')}
            value={value.reason}
            onChange={(reason) => set({ reason })}
            most={longest.reason}
            rows={4}
            error={errorOf({ code, field: 'reason' })}
          />
          <Counted
            id={fieldId({ code, field: 'remedy' })}
            label={t('refusal.remedy')}
            optional
            value={value.remedy}
            onChange={(remedy) => set({ remedy })}
            most={longest.remedy}
            rows={3}
            error={errorOf({ code, field: 'remedy' })}
          />
        </div>
      )}
    </div>
  );
}

function Counted({
  most,
  ...field
}: {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  most: number;
  rows: number;
  optional?: boolean;
  error: string | undefined;
}) {
  const { t } = useTranslation('authority');
  return (
    <TextAreaField {...field} maxLength={most} hint={t('refusal.wordForWord', { count: most - field.value.length })} />
  );
}

/** The requirement that is not met; its note from the checklist is where the reason begins. */
function RequirementField({
  application,
  service,
  value,
  onChange,
  error,
}: Pick<Props, 'application' | 'service' | 'value' | 'onChange'> & { error: string | undefined }) {
  const { t } = useTranslation('authority');
  const text3 = useText3();
  const kind = application.applicant.kind;
  const markOf = (id: string) => application.checklist?.find((mark) => mark.requirement === id);
  const options = service.requirements
    .filter((one) => !one.for?.length || one.for.includes(kind))
    .map((one) => ({
      value: one.id,
      label: markOf(one.id)?.met === 'no' ? t('refusal.notMetOption', { name: text3(one.text) }) : text3(one.text),
    }));
  const choose = (requirement: string) => {
    const note = markOf(requirement)?.note ?? '';
    onChange({ ...value, requirement, reason: value.reason.trim() ? value.reason : note });
  };
  return (
    <SelectField
      id={fieldId({ code: 'S10.3', field: 'requirement' })}
      label={t('refusal.requirement')}
      hint={t('refusal.requirementHint')}
      placeholder={t('refusal.requirementChoose')}
      options={options}
      value={value.requirement}
      onChange={choose}
      error={error}
    />
  );
}

function OpenUntil({ application }: { application: Application }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const timeLeft = useTimeLeft();
  const { completeness, step } = application;
  if (!completeness || !step) return null;
  const when = format.moment(completeness.closesAt, { year: false });
  return (
    <div>
      <p className="small">{t('window.openText', { when, left: timeLeft(step) })}</p>
      <NormMeter percent={step.usedPercent ?? 0} overdue={step.overdue} />
    </div>
  );
}

const closedReasons = [
  'two_days_passed',
  'completeness_confirmed',
  'completeness_not_confirmed',
  'fee_paid',
  'no_agreeing_answer',
] as const;

function LockedGround({ code, application, value, reason }: Props & { reason: string | undefined }) {
  const { t } = useTranslation('authority');
  const id = `ground-${groundNumber(code)}-locked`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a locked ground has no field to group, only words
    <div className={styles.locked} role="group" aria-labelledby={id}>
      <Icon name="lock" />
      <div className="stack">
        <p id={id}>
          <span className={styles.code}>{groundNumber(code)}</span> <b>{t(`ground.${groundKey(code)}`)}</b>
          {code === 'S10.7' && `\u00a0— ${t('refusal.notAnyMore')}`}
        </p>
        <p className="small">
          <WhyLocked application={application} reason={reason} />
        </p>
        {code === 'S10.7' && <TwoDays application={application} />}
        {value.on && <p className="small">{t('closed.wasChosen')}</p>}
      </div>
    </div>
  );
}

/** Why a ground cannot be chosen, once, with the day on which that came to be. */
function WhyLocked({ application, reason }: { application: Application; reason: string | undefined }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const known = closedReasons.find((one) => one === reason);
  const { invoice, completeness } = application;
  if (known === 'fee_paid' && invoice?.paidAt)
    return t('closed.feePaidOn', { date: format.numeric(invoice.paidAt), amount: format.money(invoice.amount) });
  if (known === 'completeness_confirmed' && completeness?.confirmedAt)
    return t('closed.confirmedOn', { when: format.moment(completeness.confirmedAt, { year: false, form: 'on' }) });
  const why = t(known ? `closed.${known}` : 'closed.other');
  return known === 'two_days_passed' && completeness
    ? `${why} ${t('window.closedText', { when: format.moment(completeness.closesAt, { year: false }) })}`
    : why;
}
