import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { type Application, offered, type RefusalGround, useApplication } from '@/api/applications';
import type { DeclaredService } from '@/api/declaration';
import { ApiError } from '@/api/problem';
import { useService } from '@/api/service';
import { paths } from '@/app/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { Crumb } from '@/ui/Crumb';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { ErrorSummary } from '@/ui/ErrorSummary';
import { Loading } from '@/ui/Loading';
import { Note } from '@/ui/Note';
import { useFieldErrorText } from '@/ui/useErrorText';
import { useFormat } from '@/ui/useFormat';
import { useIsHere } from '@/ui/useIsHere';
import { useBlockedText } from '../application/blockedText';
import { ConflictNote, useConflict } from '../application/conflict';
import { isConflict, refreshEveryMs, steps, useStep } from '../queries';
import { GroundChoice } from './GroundChoice';
import {
  emptyGround,
  type Fault,
  faultAt,
  faults,
  fieldId,
  groundCodes,
  groundNumber,
  shownOrder,
  toProposal,
} from './grounds';
import { Letter } from './Letter';
import { LetterPDF } from './LetterPDF';
import styles from './refusal.module.css';
import { useRefusalDraft } from './useRefusalDraft';

/** The executor chooses grounds of S10, explains each, and sees the letter grow (design 09b, S10.8). */
export function RefusalPage() {
  const { t } = useTranslation('authority');
  const id = useParams().id ?? '';
  const application = useApplication(id, refreshEveryMs);
  const service = useService(application.data?.service, application.data?.serviceVersion);
  const failed = application.error ?? service.error;
  return (
    <>
      <Crumb to={paths.workApplication(id)}>
        {application.data?.number ? t('file.crumb', { number: application.data.number }) : t('file.title')}
      </Crumb>
      {application.data && service.data ? (
        <Refusal key={application.data.id} application={application.data} service={service.data.service} />
      ) : failed ? (
        <>
          <DocumentTitle title={t('refusal.title')} error />
          <h1>{t('refusal.title')}</h1>
          <ErrorNote
            error={failed}
            onRetry={() => {
              void application.refetch();
              void service.refetch();
            }}
          />
        </>
      ) : (
        <Loading />
      )}
    </>
  );
}

function Refusal({ application, service }: { application: Application; service: DeclaredService }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const navigate = useNavigate();
  const isHere = useIsHere();
  const fieldText = useFieldErrorText();
  const blockedText = useBlockedText();
  const toFile = () => {
    if (isHere()) void navigate(paths.workApplication(application.id), { state: { done: 'prepare_refusal' } });
  };
  const { value: draft, change: keep, take: taken, release } = useRefusalDraft(application, toFile);
  const [attempt, setAttempt] = useState(0);
  const [sent, setSent] = useState<readonly RefusalGround[]>([]);
  const { conflict, take } = useConflict(application);
  const step = useStep<{ grounds: RefusalGround[] }>(application.id, steps.prepareRefusal(application.id));
  const offer = offered(application, 'prepare_refusal');
  const grounds = toProposal(draft, application);

  // What the page itself sees, and what the server has said of the grounds that were sent.
  const refused = step.error instanceof ApiError ? step.error.fields : [];
  const own = attempt === 0 || !offer ? [] : faults(grounds);
  const errorOf = (fault: Fault): string | undefined => {
    const same = (other: Fault | undefined) => other?.code === fault.code && other.field === fault.field;
    if (own.some(same)) return t(`refusal.lacks.${fault.field as 'reason'}`, { number: groundNumber(fault.code) });
    const issue = refused.find((one) => same(faultAt(one.path, sent)));
    return issue && fieldText(issue);
  };
  const chosenCodes = groundCodes.filter((code) => draft[code]?.on);
  const entries = [
    ...(attempt > 0 && offer && grounds.length === 0
      ? [{ fieldId: firstOpenId(application), text: t('refusal.lacks.ground') }]
      : []),
    ...chosenCodes.flatMap((code) =>
      (['code', 'requirement', 'basis', 'reason', 'remedy'] as const).flatMap((field) => {
        const text = errorOf({ code, field });
        return text ? [{ fieldId: fieldId({ code, field }), text }] : [];
      }),
    ),
  ];

  /** The grounds when nothing is lacking; otherwise the errors come up and nothing is sent. */
  const complete = (): RefusalGround[] | undefined => {
    setAttempt((n) => n + 1);
    step.reset();
    return grounds.length > 0 && faults(grounds).length === 0 ? grounds : undefined;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const ready = complete();
    if (!ready || !offer || offer.blocked) return;
    setSent(ready);
    step.run(taken({ grounds: ready }), {
      onSuccess: () => {
        release();
        toFile();
      },
      onError: (error) => void take(error),
    });
  };

  return (
    <>
      <DocumentTitle title={t('refusal.title')} error={entries.length > 0} />
      <div className={styles.split}>
        <form className={styles.form} onSubmit={submit} noValidate>
          <h1>{t('refusal.title')}</h1>
          <p className="quiet small">
            {[
              application.applicant.name,
              t('refusal.signs'),
              application.step &&
                t('refusal.stepDue', { when: format.moment(application.step.dueAt, { year: false }) }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {conflict && <ConflictNote conflict={conflict} application={application} />}
          {!offer && !conflict && (
            <Note kind="attention" title={t('refusal.notNow')}>
              <p>{t('refusal.notNowText')}</p>
            </Note>
          )}
          {application.remarks && (
            <Note kind="attention" title={t('step.remarks')}>
              <p>{application.remarks}</p>
            </Note>
          )}
          <ErrorSummary entries={entries} attempt={attempt} />
          {!isConflict(step.error) && refused.length === 0 && <ErrorNote error={step.error} />}
          <fieldset>
            <legend className="legend">{t('refusal.legend')}</legend>
            {shownOrder(application).map((code) => (
              <GroundChoice
                key={code}
                code={code}
                application={application}
                service={service}
                value={draft[code] ?? emptyGround}
                onChange={(value) => keep({ ...draft, [code]: value })}
                errorOf={errorOf}
              />
            ))}
          </fieldset>
          <div className="actions after-title">
            <Button
              type="submit"
              busy={step.isPending && t('refusal.busy')}
              blocked={offer ? blockedText(offer) : t('refusal.notNow')}
            >
              {t('refusal.do')}
            </Button>
            <ButtonLink variant="link" to={paths.workApplication(application.id)}>
              {t('refusal.later')}
            </ButtonLink>
          </div>
          <p className="quiet small after-title">{t('refusal.kept')}</p>
        </form>
        <aside aria-label={t('letter.label')}>
          <Letter application={application} service={service} grounds={grounds} />
          <LetterPDF id={application.id} read={complete} />
        </aside>
      </div>
    </>
  );
}

function firstOpenId(application: Application): string | undefined {
  const code = groundCodes.find((one) => application.grounds?.some((offer) => offer.code === one && offer.open));
  return code && fieldId({ code, field: 'code' });
}
