import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { DocumentTitle } from '@/ui/DocumentTitle';
import styles from './HelpPage.module.css';

const questions = ['eds', 'ncalayer', 'draft', 'files', 'term', 'paid', 'withdraw', 'refused'] as const;

/** Common questions, each with an address of its own (/help#eds). */
export function HelpPage() {
  const { t } = useTranslation('help');
  const { hash } = useLocation();
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  return (
    <div className="measure">
      <DocumentTitle title={t('help.title')} />
      <h1>{t('help.title')}</h1>
      <p className="lead after-title">{t('help.lead')}</p>
      <div className={styles.questions}>
        {questions.map((question) => (
          <section key={question} id={question}>
            <h2>{t(`help.${question}.q`)}</h2>
            <p>{t(`help.${question}.a`)}</p>
          </section>
        ))}
      </div>
    </div>
  );
}
