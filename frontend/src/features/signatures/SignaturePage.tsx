import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { FileField } from '@/ui/FileField';
import { useCheckSignature } from './queries';
import { DocumentNeeded, SignatureReportView } from './SignatureReportView';
import { useFilesFault } from './useFilesFault';

/** Is this signature good, and whose is it? For anyone and any signed file (product.md §6). */
export function SignaturePage() {
  const { t } = useTranslation(['signatures', 'ui']);
  const [error, setError] = useState<string>();
  const check = useCheckSignature();
  const faultOf = useFilesFault();
  const take = (...files: File[]) => {
    check.reset();
    const fault = faultOf(files);
    setError(fault);
    if (!fault) check.mutate({ files, asked: false });
  };
  const { data: report, variables: sent } = check;
  const names = (sent?.files ?? []).map((file) => file.name);
  // A signature that is kept apart from its document waits here for it, until both are judged and belong together.
  const waits = sent?.asked
    ? report === undefined || report.reason === 'signature_content_differs'
    : report?.reason === 'signature_content_missing';
  const apart = waits ? sent?.files[0] : undefined;
  return (
    <>
      <DocumentTitle title={t('title')} error={error !== undefined} />
      <h1>{t('title')}</h1>
      <p className="lead after-title">{t('lead')}</p>
      <div className="stack-5 after-text">
        {report?.reason === 'signature_content_missing' && <DocumentNeeded />}
        {report && report.reason !== 'signature_content_missing' && (
          <SignatureReportView report={report} names={names} />
        )}
        {report?.code === 'TRY_LATER' && sent && (
          <Button variant="second" onClick={() => check.mutate(sent)}>
            {t('ui:retry')}
          </Button>
        )}
        <ErrorNote error={check.error} />
        {apart && (
          <DocumentField
            signature={apart}
            busy={check.isPending}
            onFile={(document) => check.mutate({ files: [apart, document], asked: true })}
          />
        )}
        <section className="panel">
          <FileField
            label={t('file.label')}
            hint={t('file.hint')}
            prompt={t('file.prompt')}
            multiple
            onFile={take}
            error={error}
          />
          <p role="status">{check.isPending && !apart ? t('file.busy') : ''}</p>
        </section>
      </div>
    </>
  );
}

/** Asks for the document that a signature is over. */
function DocumentField({
  signature,
  busy,
  onFile,
}: {
  signature: File;
  busy: boolean;
  onFile: (document: File) => void;
}) {
  const { t } = useTranslation('signatures');
  const [error, setError] = useState<string>();
  const faultOf = useFilesFault();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <section className="panel">
      <FileField
        label={t('document.label')}
        hint={t('document.hint', { name: signature.name })}
        prompt={t('file.prompt')}
        ref={field}
        onFile={(document) => {
          const fault = faultOf([signature, document]);
          setError(fault);
          if (!fault) onFile(document);
        }}
        error={error}
      />
      <p role="status">{busy ? t('file.busy') : ''}</p>
    </section>
  );
}
