import { useTranslation } from 'react-i18next';
import { DocumentTitle } from '@/ui/DocumentTitle';

const possible = ['keyboard', 'reader', 'print', 'phone', 'motion'] as const;

export function AccessibilityPage() {
  const { t } = useTranslation('help');
  return (
    <div className="measure stack-5">
      <DocumentTitle title={t('accessibility.title')} />
      <h1>{t('accessibility.title')}</h1>
      <p className="lead">{t('accessibility.lead')}</p>
      <section className="stack">
        <h2>{t('accessibility.do.title')}</h2>
        <ul>
          {possible.map((item) => (
            <li key={item}>{t(`accessibility.do.${item}`)}</li>
          ))}
        </ul>
      </section>
      <section className="stack">
        <h2>{t('accessibility.limits.title')}</h2>
        <p>{t('accessibility.limits.text')}</p>
      </section>
      <section className="stack">
        <h2>{t('accessibility.tell.title')}</h2>
        <p>{t('accessibility.tell.text')}</p>
      </section>
    </div>
  );
}
