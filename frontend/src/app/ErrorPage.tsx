import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { Button } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';

/**
 * What is shown when a page breaks. A chunk that can no longer be fetched means that the portal was renewed under an open page: opening it
 * again heals that.
 */
export function ErrorPage() {
  const { t } = useTranslation();
  const error = useRouteError();
  const renewed = error instanceof TypeError && /import|module|fetch/i.test(error.message);
  return (
    <div className="measure" role="alert">
      <DocumentTitle title={t('crash.title')} error />
      <h1>{t('crash.title')}</h1>
      <p className="lead after-title">{renewed ? t('crash.updated') : t('crash.text')}</p>
      <p className="after-text">
        <Button onClick={() => window.location.reload()}>{t('crash.reload')}</Button>
      </p>
    </div>
  );
}

/** The same when the frame itself breaks. */
export function ErrorAlone() {
  return (
    <main id="main" className="wrap">
      <ErrorPage />
    </main>
  );
}
