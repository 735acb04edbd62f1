import { useTranslation } from 'react-i18next';
import { type Application, fileAddress } from '@/api/applications';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';
import styles from './file.module.css';

/** Who signed the request and the result, when and with which certificate. */
export function SignatureTab({ application }: { application: Application }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const { signature, result } = application;
  const facts: Fact[] = signature
    ? [
        { term: t('signature.signer'), value: signature.signer },
        ...(signature.organisation ? [{ term: t('signature.organisation'), value: signature.organisation }] : []),
        { term: t('signature.at'), value: format.moment(signature.signedAt) },
        { term: t('signature.serial'), value: <span className="code">{signature.certificateSerial}</span> },
        ...(signature.issuer ? [{ term: t('signature.issuer'), value: signature.issuer }] : []),
      ]
    : [];
  return (
    <div className="stack-7">
      <section>
        <h2 className={styles.heading}>{t('signature.request')}</h2>
        {signature ? (
          <>
            <p className={styles.accepted}>{t('signature.accepted')}</p>
            <SummaryList facts={facts} layout="tight" />
            <p className="small after-title">
              {t('signature.container')}{' '}
              <a className="lnk" href={fileAddress(application.id, 'request.asice')} download>
                {t('signature.download')}
              </a>
            </p>
          </>
        ) : (
          <p>{t('signature.none')}</p>
        )}
      </section>
      {result && (
        <section>
          <h2 className={styles.heading}>{t('signature.result')}</h2>
          <SummaryList
            layout="tight"
            facts={[
              { term: t('signature.signer'), value: result.signer },
              { term: t('signature.at'), value: format.moment(result.signedAt) },
            ]}
          />
        </section>
      )}
    </div>
  );
}
