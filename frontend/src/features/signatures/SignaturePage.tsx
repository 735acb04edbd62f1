import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { FileField } from '@/ui/FileField';
import { useCheckSignature } from './queries';
import { SignatureReportView } from './SignatureReportView';

// As the server accepts: told before the file travels.
const maxBytes = 20 * 1024 * 1024;

/** Is this signature good, and whose is it? For anyone and any signed file (product.md §6). */
export function SignaturePage() {
  const { t } = useTranslation('signatures');
  const [error, setError] = useState<string>();
  const check = useCheckSignature();
  const take = (file: File) => {
    check.reset();
    if (file.size > maxBytes) return setError(t('file.tooLarge'));
    setError(undefined);
    check.mutate(file);
  };
  return (
    <>
      <DocumentTitle title={t('title')} error={error !== undefined} />
      <h1>{t('title')}</h1>
      <p className="lead after-title">{t('lead')}</p>
      {check.data && <SignatureReportView report={check.data} name={check.variables?.name ?? ''} />}
      <ErrorNote error={check.error} />
      <section className="panel after-title">
        <FileField
          label={t('file.label')}
          hint={t('file.hint')}
          prompt={t('file.prompt')}
          accept=".pdf,.asice,.p7s,.p7m,.cms,.sig"
          onFile={take}
          error={error}
        />
        <p role="status">{check.isPending ? t('file.busy') : ''}</p>
      </section>
    </>
  );
}
