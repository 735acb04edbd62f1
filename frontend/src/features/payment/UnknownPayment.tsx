import { useTranslation } from 'react-i18next';
import type { Application } from '@/api/applications';
import { paths } from '@/app/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { Note } from '@/ui/Note';

/**
 * The gateway does not say how the payment stands. What was noted before the payer left is no answer, so nothing of it is shown: neither "taken" nor
 * "not taken", and no button to pay.
 */
export function UnknownPayment({
  application,
  asking,
  onRetry,
}: {
  application: Application;
  asking: boolean;
  onRetry: () => void;
}) {
  const { t } = useTranslation('payment');
  return (
    <>
      <DocumentTitle title={t('unknown.title')} />
      <Note kind="attention" level={1} title={t('unknown.title')} alert>
        <p>{t('unknown.text')}</p>
      </Note>
      <section className="after-text">
        <h2>{t('now.title')}</h2>
        <p className="after-title">{t('unknown.now')}</p>
      </section>
      <div className="actions after-text">
        <Button busy={asking && t('unknown.busy')} onClick={onRetry}>
          {t('unknown.retry')}
        </Button>
        <ButtonLink variant="link" to={paths.application(application.id)}>
          {t('toApplication')}
        </ButtonLink>
      </div>
    </>
  );
}
