import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { fileAddress } from '@/api/applications';
import { type MyLicence, useMyLicences } from '@/api/licences';
import { useReader } from '@/api/session';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorNote';
import { Icon, type IconName } from '@/ui/Icon';
import { Loading } from '@/ui/Loading';
import { useFormat } from '@/ui/useFormat';
import styles from './Cabinet.module.css';

const looks: Record<MyLicence['status'], { kind: string; sign: IconName }> = {
  valid: { kind: 'good', sign: 'tick' },
  suspended: { kind: 'wait', sign: 'clock' },
  terminated: { kind: 'bad', sign: 'cross' },
  expired: { kind: 'none', sign: 'clock' },
};

/** The holder's own licences with what they allow and where anybody can check them. */
export function LicencesPage() {
  const { t } = useTranslation('cabinet');
  const session = useReader();
  const licences = useMyLicences(session);
  return (
    <>
      <DocumentTitle title={t('licences.title')} />
      <div className={styles.head}>
        <h1>{t('licences.title')}</h1>
      </div>
      {licences.isPending && <Loading />}
      <ErrorNote error={licences.error} onRetry={() => licences.refetch()} />
      {licences.data?.length === 0 && (
        <EmptyState
          level={2}
          title={t('licences.emptyTitle')}
          action={<ButtonLink to={paths.applications}>{t('applications.title')}</ButtonLink>}
        >
          {t('licences.empty')}
        </EmptyState>
      )}
      {licences.data && licences.data.length > 0 && (
        <ul className={styles.list}>
          {licences.data.map((licence) => (
            <Entry key={licence.number} licence={licence} />
          ))}
        </ul>
      )}
    </>
  );
}

function Entry({ licence }: { licence: MyLicence }) {
  const { t } = useTranslation('cabinet');
  const text = useText3();
  const format = useFormat();
  const look = looks[licence.status];
  return (
    <li>
      <div>
        <h2 className={styles.number}>{licence.number}</h2>
        <p className="quiet">
          {t('licences.annex', { annex: licence.annexNumber })} ·{' '}
          {t('licences.issued', { day: format.date(licence.issuedOn, { form: 'on' }) })}
        </p>
        <span className={`tag tag--${look.kind}`}>
          <Icon name={look.sign} />
          {t(`licences.status.${licence.status}`)}
        </span>
        <ul className={styles.activities}>
          {licence.subActivities.map((activity) => (
            <li key={activity.ru}>{text(activity)}</li>
          ))}
        </ul>
      </div>
      <p className={styles.acts}>
        <a className="lnk" href={fileAddress(licence.applicationId, 'result.pdf')} download>
          {t('licences.download')} <span className="vh">— {licence.number}</span>
        </a>
        <Link className="lnk" to={paths.checkNumber(licence.number)}>
          {t('licences.check')} <span className="vh">— {licence.number}</span>
        </Link>
        <Link className="lnk" to={paths.application(licence.applicationId)}>
          {t('licences.application')} <span className="vh">— {licence.number}</span>
        </Link>
      </p>
    </li>
  );
}
