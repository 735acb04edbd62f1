import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FileField } from '@/ui/FileField';
import styles from './CheckPage.module.css';

// As the server accepts (facts of the house): told before the file travels.
const maxBytes = 20 * 1024 * 1024;

/** A place for the file of a licence or a refusal. */
export function FileCheck({ busy, onFile }: { busy: boolean; onFile: (file: File) => void }) {
  const { t } = useTranslation('check');
  const [error, setError] = useState<string>();
  const take = async (file: File) => {
    if (file.size > maxBytes) return setError(t('file.tooLarge'));
    if ((await file.slice(0, 5).text()) !== '%PDF-') return setError(t('file.notPdf'));
    setError(undefined);
    onFile(file);
  };
  return (
    <section className={`panel ${styles.file}`}>
      <div>
        <h2>{t('file.title')}</h2>
        <p>{t('file.text')}</p>
        <p role="status">{busy ? t('file.busy') : ''}</p>
      </div>
      <FileField
        label={t('file.label')}
        prompt={t('file.prompt')}
        accept="application/pdf,.pdf"
        onFile={take}
        error={error}
      />
    </section>
  );
}
