import { useTranslation } from 'react-i18next';
import { DocumentTitle } from '@/ui/DocumentTitle';

const parts = ['what', 'who', 'key', 'cookies', 'journal'] as const;

export function PrivacyPage() {
  const { t } = useTranslation('help');
  return (
    <div className="measure stack-5">
      <DocumentTitle title={t('privacy.title')} />
      <h1>{t('privacy.title')}</h1>
      <p className="lead">{t('privacy.lead')}</p>
      {parts.map((part) => (
        <section className="stack" key={part}>
          <h2>{t(`privacy.${part}.title`)}</h2>
          <p>{t(`privacy.${part}.text`)}</p>
        </section>
      ))}
    </div>
  );
}
