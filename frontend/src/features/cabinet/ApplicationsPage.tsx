import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useService } from '@/api/service';
import { useReader } from '@/api/session';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { Button, ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { StatusTag } from '@/ui/StatusTag';
import { useFormat } from '@/ui/useFormat';
import styles from './Cabinet.module.css';
import { type ApplicationSummary, useMyApplications } from './queries';

const serviceCode = 'medical-activity';

/** The applicant's own applications, newest first. */
export function ApplicationsPage() {
  const { t } = useTranslation('cabinet');
  const session = useReader();
  const list = useMyApplications(session);
  const applications = list.data?.pages.flatMap((page) => page.applications) ?? [];
  return (
    <>
      <DocumentTitle title={t('applications.title')} />
      <div className={styles.head}>
        <h1>{t('applications.title')}</h1>
        {applications.length > 0 && (
          <ButtonLink variant="second" to={paths.start}>
            {t('applications.start')}
          </ButtonLink>
        )}
      </div>
      {list.isPending && <Loading />}
      <ErrorNote error={list.error} onRetry={() => list.refetch()} />
      {list.data && applications.length === 0 && (
        <EmptyState
          level={2}
          title={t('applications.emptyTitle')}
          action={<ButtonLink to={paths.service}>{t('applications.emptyAct')}</ButtonLink>}
        >
          {t('applications.empty')}
        </EmptyState>
      )}
      {applications.length > 0 && (
        <ul className={styles.list}>
          {applications.map((application) => (
            <Entry key={application.id} application={application} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <p className="after-text">
          <Button
            variant="second"
            busy={list.isFetchingNextPage && t('applications.loading')}
            onClick={() => list.fetchNextPage()}
          >
            {t('applications.more')}
          </Button>
        </p>
      )}
    </>
  );
}

function Entry({ application }: { application: ApplicationSummary }) {
  const { t } = useTranslation('cabinet');
  const text = useText3();
  const format = useFormat();
  const kind = useService(serviceCode).data?.service.kinds.find((one) => one.code === application.kind);
  const { id, state, number, dueAt, filedAt, updatedAt, applicant, resultOpenedAt, paymentUnderWay } = application;
  const final = state === 'issued' || state === 'refused' || state === 'withdrawn';
  const to =
    state === 'draft' ? paths.form(id) : state === 'awaiting_payment' ? paths.payment(id) : paths.application(id);
  return (
    <li>
      <div>
        <h2>
          <Link to={to}>{text(kind?.title) || t('applications.application')}</Link>
        </h2>
        <p className="quiet">
          {number ? t('applications.number', { number }) : t('applications.noNumber')} · {applicant.name}
        </p>
        <StatusTag state={state} />
        {(state === 'issued' || state === 'refused') && !resultOpenedAt && (
          <span className={styles.fresh}>{t('applications.unread')}</span>
        )}
      </div>
      <p className={styles.when}>
        {state === 'draft' && t('applications.changed', { when: format.moment(updatedAt, { form: 'on' }) })}
        {state === 'awaiting_payment' && t(paymentUnderWay ? 'applications.paying' : 'applications.pay')}
        {filedAt && t('applications.filed', { when: format.date(filedAt, { form: 'on' }) })}
        {dueAt && !final && (
          <b>{t('applications.due', { when: format.moment(dueAt, { form: 'until', weekday: false }) })}</b>
        )}
      </p>
    </li>
  );
}
