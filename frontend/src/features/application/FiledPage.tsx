import { useTranslation } from 'react-i18next';
import { Navigate, useParams } from 'react-router';
import { type Application, fileAddress, useApplication } from '@/api/applications';
import { useAuthority } from '@/api/directory';
import { useService } from '@/api/service';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { DueDate } from '@/ui/DueDate';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { Timeline, type TimelineEntry } from '@/ui/Timeline';
import { useFormat } from '@/ui/useFormat';
import styles from './FiledPage.module.css';

/** Received: the number, the due date with its working, what comes next, the papers to keep (R6.2, design 06b). */
export function FiledPage() {
  const { id = '' } = useParams();
  const application = useApplication(id);
  const { data } = application;
  if (!data)
    return application.isError ? (
      <ErrorNote error={application.error} onRetry={() => application.refetch()} />
    ) : (
      <Loading />
    );
  if (!data.filedAt || !data.number) return <Navigate to={paths.application(id)} replace />;
  return <Filed application={data} filedAt={data.filedAt} number={data.number} />;
}

function Filed({ application, filedAt, number }: { application: Application; filedAt: string; number: string }) {
  const { t } = useTranslation(['application', 'ui']);
  const format = useFormat();
  const { id, term, invoice } = application;
  const kind = useService(application.service, application.serviceVersion).data?.service.kinds.find(
    (one) => one.code === application.kind,
  );
  // "S4.1" is our own mark for paragraph 4 of the Standard.
  const paragraph = /^S(\d+)/.exec(term?.clause ?? '')?.[1];
  return (
    <div className="cols cols-side">
      <div>
        <DocumentTitle title={t('filed.title')} />
        <div className={styles.done} role="status">
          <h1>{t('filed.title')}</h1>
          <p>
            {t('filed.number')}
            <span className={styles.number}>{number}</span>
          </p>
          <p>{format.moment(filedAt, { weekday: true })}</p>
        </div>
        {term && (
          <div className={styles.due}>
            <DueDate
              term={term}
              sentence={[
                `${t('ui:unit.workingDays', { count: term.workingDays })}.`,
                kind?.term.start === 'filing_day'
                  ? t('filed.firstDaySame', { day: format.date(term.firstDay, { year: false }) })
                  : t('filed.firstDayNext', { day: format.date(term.firstDay, { year: false }) }),
              ].join(' ')}
            >
              {paragraph && t('filed.rule', { paragraph })}
            </DueDate>
          </div>
        )}
        <section className={styles.next}>
          <h2>{t('filed.next')}</h2>
          <Next application={application} filedAt={filedAt} />
        </section>
      </div>
      <aside className="stack">
        <ButtonLink wide to={paths.application(id)}>
          {t('filed.open')}
        </ButtonLink>
        <div className="panel">
          <h2>{t('filed.papers')}</h2>
          <p className="small">
            <a className="lnk" href={fileAddress(id, 'receipt.pdf')} download>
              {t('filed.receipt')}
            </a>
            <br />
            <a className="lnk" href={fileAddress(id, 'request.asice')} download>
              {t('filed.container')}
            </a>
            {invoice?.state === 'paid' && (
              <>
                <br />
                <a className="lnk" href={fileAddress(id, 'payment-receipt.pdf')} download>
                  {t('filed.payment', { amount: format.money(invoice.amount) })}
                </a>
              </>
            )}
          </p>
        </div>
        <Considers code={application.authorityCode} />
      </aside>
    </div>
  );
}

function Next({ application, filedAt }: { application: Application; filedAt: string }) {
  const { t } = useTranslation('application');
  const format = useFormat();
  const { invoice, step, completeness, dueAt, state } = application;
  const until = (moment: string) => t('filed.until', { when: format.moment(moment, { year: false, form: 'until' }) });
  const entries: TimelineEntry[] = [
    {
      key: 'filed',
      state: 'done',
      title: invoice ? t('filed.signedPaid') : t('filed.signed'),
      when: format.moment(filedAt, { year: false }),
    },
    {
      key: 'register',
      state: state === 'filed' ? 'now' : 'done',
      title: t('filed.register'),
      when:
        state === 'filed' && step
          ? until(step.dueAt)
          : application.registeredAt && format.moment(application.registeredAt, { year: false }),
    },
    {
      key: 'completeness',
      state: 'later',
      title: t('filed.completeness'),
      when: completeness && `${until(completeness.closesAt)}. ${t('filed.completenessRule')}`,
    },
    { key: 'decision', state: 'later', title: t('filed.decision'), when: dueAt && until(dueAt) },
  ];
  return (
    <div className="after-title">
      <Timeline entries={entries} />
    </div>
  );
}

function Considers({ code }: { code: string | undefined }) {
  const { t } = useTranslation('application');
  const text = useText3();
  const authority = useAuthority(code);
  if (!authority) return null;
  return (
    <div className="panel">
      <h2>{t('filed.considers')}</h2>
      <p className="small">
        {text(authority.name)}
        <br />
        <a className="lnk" href={`tel:${authority.phone.replace(/[^\d+]/g, '')}`}>
          {authority.phone}
        </a>
      </p>
    </div>
  );
}
