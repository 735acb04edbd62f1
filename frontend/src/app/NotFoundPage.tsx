import { useTranslation } from 'react-i18next';
import { ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { paths } from './paths';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <div className="measure">
      <DocumentTitle title={t('notFound.title')} />
      <h1>{t('notFound.title')}</h1>
      <p className="lead after-title">{t('notFound.text')}</p>
      <div className="actions after-text">
        <ButtonLink to={paths.home}>{t('notFound.home')}</ButtonLink>
        <ButtonLink to={paths.check} variant="second">
          {t('notFound.check')}
        </ButtonLink>
      </div>
    </div>
  );
}
