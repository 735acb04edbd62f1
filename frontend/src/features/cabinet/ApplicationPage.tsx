import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { type Application, useApplication } from '@/api/applications';
import { useService } from '@/api/service';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { Crumb } from '@/ui/Crumb';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { StatusTag } from '@/ui/StatusTag';
import { useFormat } from '@/ui/useFormat';
import styles from './Cabinet.module.css';
import { Documents } from './Documents';
import { History } from './History';
import { Now } from './Now';
import { Result } from './Result';
import { hasSide, Side } from './Side';

// Officials act meanwhile: an open page is read anew now and then.
const refetchEveryMs = 60_000;

/** One application: what happens now, until when, what one may do, what happened, the papers (design 07, S15). */
export function ApplicationPage() {
  const { t } = useTranslation('cabinet');
  const text = useText3();
  const { id = '' } = useParams();
  const application = useApplication(id, refetchEveryMs);
  const card = useService(application.data?.service, application.data?.serviceVersion);
  const { data } = application;
  if (!data)
    return application.isError ? (
      <ErrorNote error={application.error} onRetry={() => application.refetch()} />
    ) : (
      <Loading />
    );
  const service = card.data?.service;
  const title = text(service?.kinds.find((one) => one.code === data.kind)?.title) || t('applications.application');
  return (
    <>
      <DocumentTitle title={data.number ? `${title}, ${data.number}` : title} />
      <Crumb to={paths.applications}>{t('applications.title')}</Crumb>
      <p className="quiet">
        <Headline application={data} />
      </p>
      <h1 className={styles.title}>{title}</h1>
      <StatusTag state={data.state} />
      <div className={hasSide(data) ? styles.grid : styles.single}>
        <Now application={data} />
        {hasSide(data) && <Side application={data} />}
        {data.result && <Result application={data} result={data.result} service={service} />}
        <History application={data} />
        <Documents application={data} />
      </div>
    </>
  );
}

function Headline({ application }: { application: Application }) {
  const { t } = useTranslation('cabinet');
  const format = useFormat();
  const { number, filedAt, savedAt, signature } = application;
  if (number && filedAt) return t('head.filed', { number, when: format.moment(filedAt, { form: 'on' }) });
  // Signed and not yet paid: no draft any more.
  return signature
    ? t('head.signed', { when: format.moment(signature.signedAt, { form: 'on' }) })
    : t('head.draft', { when: format.moment(savedAt, { form: 'on' }) });
}
