import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { Button } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { useOnline } from '@/ui/useOnline';

/**
 * What is shown when a page breaks. A chunk that can no longer be fetched means that the portal was renewed under an open page: opening it
 * again heals that. Without a line it could only not be fetched now, and is opened by itself when the line is back.
 */
export function ErrorPage() {
  const { t } = useTranslation();
  const error = useRouteError();
  const unfetched = error instanceof TypeError && /import|module|fetch/i.test(error.message);
  const online = useOnline();
  const [cut] = useState(unfetched && !online);
  useEffect(() => {
    if (cut && online) window.location.reload();
  }, [cut, online]);
  return (
    <div className="measure" role="alert">
      <DocumentTitle title={t('crash.title')} error />
      <h1>{t('crash.title')}</h1>
      <p className="lead after-title">{cut ? t('crash.offline') : unfetched ? t('crash.updated') : t('crash.text')}</p>
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
