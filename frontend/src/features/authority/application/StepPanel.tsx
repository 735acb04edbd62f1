import { useTranslation } from 'react-i18next';
import { type Application, offered, wantsPaper } from '@/api/applications';
import { useReader } from '@/api/session';
import { paths } from '@/app/paths';
import { ButtonLink } from '@/ui/Button';
import { NormMeter } from '@/ui/NormMeter';
import { Note } from '@/ui/Note';
import { useFormat } from '@/ui/useFormat';
import { Grounds } from '../decision/Grounds';
import type { StepName } from '../stepNames';
import { stepName } from '../stepNames';
import { urgencyOf, useTimeLeft } from '../timeLeft';
import { AssignAction } from './AssignAction';
import type { ActionProps } from './actionProps';
import { CheckActions } from './CheckActions';
import { CompletenessStrip } from './CompletenessStrip';
import styles from './file.module.css';
import { PrepareActions } from './PrepareActions';
import { ReassignAction } from './ReassignAction';
import { RegisterAction } from './RegisterAction';
import { SignActions } from './SignActions';
import { workingDaysLeft } from './termLeft';

/** The step that runs now: its time, its rule, what may be done, what comes next (design 09, right). */
export function StepPanel(props: ActionProps) {
  const { application } = props;
  const name = stepName(application.state);
  return (
    <section className={styles.step}>
      {name && application.step ? <Running name={name} {...props} /> : <Ended application={application} />}
    </section>
  );
}

function Running({ name, ...props }: ActionProps & { name: StepName }) {
  const { t } = useTranslation('authority');
  const { application } = props;
  const { step, state } = application;
  if (!step) return null;
  const title = name === 'sign' ? t(`step.${state as 'licence_prepared'}`) : t(`step.${name}`);
  return (
    <>
      <div>
        <p className="quiet">{t('step.of', { number: step.number, of: step.of })}</p>
        <h2>{title}</h2>
      </div>
      <Times application={application} />
      {application.remarks && (
        <Note kind="attention" title={t('step.remarks')} level={3}>
          <p>{application.remarks}</p>
        </Note>
      )}
      {(name === 'check' || name === 'prepare') && application.resolution && (
        <div>
          <h3>{t('step.resolution')}</h3>
          <p>{application.resolution}</p>
        </div>
      )}
      <blockquote className={styles.law}>
        {t(`law.${name}`)}
        <cite>{t(`law.${name}Cite`)}</cite>
      </blockquote>
      {name === 'sign' && application.decision?.grounds && (
        <Grounds application={application} grounds={application.decision.grounds} />
      )}
      {name === 'check' && <CompletenessStrip application={application} />}
      <Acts name={name} {...props} />
      {offered(application, 'reassign') && <ReassignAction {...props} />}
      <div>
        <h3>{t('step.next')}</h3>
        <p>{t(`next.${name}`)}</p>
      </div>
    </>
  );
}

/** Only what the server offers; who has the step, when it offers nothing. */
function Acts({ name, ...props }: ActionProps & { name: StepName }) {
  const { t } = useTranslation('authority');
  const session = useReader();
  const { application } = props;
  const acts = application.actions.filter((action) => action.name !== 'save_checklist' && action.name !== 'reassign');
  if (acts.length === 0) {
    const role = application.step?.role;
    const own = session?.roles?.some((one) => one === role);
    return (
      <p className={styles.waits}>
        {t(role === 'chancery' ? 'waitsFor.chancery' : role === 'head' ? 'waitsFor.head' : 'waitsFor.executor')}
        {application.executor && (name === 'check' || name === 'prepare') && `: ${application.executor.name}`}
        {own && role === 'executor' && <span className="quiet"> {t('step.notYours')}</span>}
      </p>
    );
  }
  switch (name) {
    case 'register':
      return <RegisterAction {...props} />;
    case 'assign':
      return <AssignAction {...props} />;
    case 'check':
      return <CheckActions {...props} />;
    case 'prepare':
      return <PrepareActions {...props} />;
    case 'sign':
      return <SignActions {...props} />;
  }
}

function Times({ application }: { application: Application }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const timeLeft = useTimeLeft();
  const { step, term } = application;
  if (!step) return null;
  const moment = (value: string) => format.moment(value, { year: false });
  const whole = term && workingDaysLeft(term, new Date().toISOString());
  const urgency = urgencyOf(step);
  return (
    <div>
      <div className={styles.times}>
        <b className={urgency === 'late' ? styles.late : urgency === 'soon' ? styles.soon : undefined}>
          {timeLeft(step)}
        </b>
        <span>{t('step.stepDue', { when: moment(step.dueAt) })}</span>
        {term && whole !== undefined && (
          <>
            <b className={whole < 0 ? styles.late : undefined}>
              {whole < 0 ? t('time.overdueNow') : whole === 0 ? t('time.today') : t('time.days', { count: whole })}
            </b>
            <span>{t('step.wholeDue', { when: moment(term.dueAt) })}</span>
          </>
        )}
      </div>
      <NormMeter percent={step.usedPercent ?? 0} overdue={step.overdue} />
    </div>
  );
}

function Ended({ application }: { application: Application }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const { result, state } = application;
  const outcome = state === 'issued' || state === 'refused' || state === 'withdrawn' ? state : 'other';
  return (
    <>
      <div>
        <p className="quiet">{t('step.ended')}</p>
        <h2>{t(`outcome.${outcome}`)}</h2>
      </div>
      {result && (
        <>
          {result.licenceNumber && <p className={styles.number}>{result.licenceNumber}</p>}
          {result.grounds && <Grounds application={application} grounds={result.grounds} />}
          <p>{t('result.signedBy', { name: result.signer, when: format.moment(result.signedAt) })}</p>
          <p>
            {result.openedAt ? t('result.opened', { when: format.moment(result.openedAt) }) : t('result.notOpened')}
          </p>
          {wantsPaper(application) && <p>{t('result.paper')}</p>}
          <div className={styles.acts}>
            <ButtonLink variant="second" to={paths.workDecision(application.id)}>
              {t('result.open')}
            </ButtonLink>
          </div>
        </>
      )}
    </>
  );
}
