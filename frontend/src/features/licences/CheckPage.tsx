import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { ApiError } from '@/api/problem';
import { paths } from '@/app/paths';
import { Button } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { TextField } from '@/ui/Field';
import { Verdict } from '@/ui/Verdict';
import styles from './CheckPage.module.css';
import { FileCheck } from './FileCheck';
import { FileVerdictView } from './FileVerdictView';
import { LicenceVerdict } from './LicenceVerdict';
import { numberFault, tidyNumber } from './licenceNumber';
import { useCheckFile, usePublicLicence } from './queries';

/** Is this licence real and in force today? By number (typed or from the QR code) or by the file; no sign-in (design 10, 10b, 10c). */
export function CheckPage() {
  const { t } = useTranslation('check');
  const fromAddress = useParams().number;
  const navigate = useNavigate();
  const [typed, setTyped] = useState(fromAddress ?? '');
  const [asked, setAsked] = useState(fromAddress !== undefined);
  useEffect(() => {
    setTyped(fromAddress ?? '');
    setAsked(fromAddress !== undefined);
  }, [fromAddress]);
  const fault = numberFault(typed);
  const addressFault = fromAddress === undefined ? undefined : numberFault(fromAddress);
  const licence = usePublicLicence(fromAddress !== undefined && !addressFault ? tidyNumber(fromAddress) : undefined);
  const file = useCheckFile();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    file.reset();
    if (fault) return;
    const number = tidyNumber(typed);
    if (number === fromAddress) licence.refetch();
    else navigate(paths.checkNumber(number));
  };
  const error = asked && fault ? t(`number.${fault}`) : undefined;
  const fileShown = file.data !== undefined || file.isError;
  return (
    <>
      <DocumentTitle title={t('title')} error={error !== undefined} />
      <h1>{t('title')}</h1>
      {!fromAddress && !fileShown && <p className="lead after-title">{t('lead')}</p>}
      <form className={styles.ask} onSubmit={submit} noValidate>
        <TextField
          label={t('number.label')}
          hint={t('number.hint')}
          value={typed}
          onChange={(value) => {
            setTyped(value);
            setAsked(false);
          }}
          error={error}
          maxLength={32}
          spellCheck={false}
        />
        <Button type="submit" variant="second" busy={licence.isFetching && t('busy')}>
          {t('number.button')}
        </Button>
      </form>
      {fileShown ? (
        <>
          {file.data && <FileVerdictView verdict={file.data} name={file.variables?.name ?? ''} />}
          <ErrorNote error={file.error} />
        </>
      ) : (
        <ByNumber licence={licence} number={fromAddress} />
      )}
      <FileCheck busy={file.isPending} onFile={file.mutate} />
    </>
  );
}

function ByNumber({ licence, number }: { licence: ReturnType<typeof usePublicLicence>; number: string | undefined }) {
  const { t } = useTranslation('check');
  if (number === undefined) return null;
  if (licence.isError) {
    const absent = licence.error instanceof ApiError && licence.error.status === 404;
    return absent ? (
      <Verdict outcome="bad" title={t('verdict.notFound')}>
        <p>{t('verdict.notFoundText')}</p>
      </Verdict>
    ) : (
      <Verdict outcome="unknown" title={t('verdict.unavailable')}>
        <p>{t('verdict.unavailableText')}</p>
      </Verdict>
    );
  }
  if (!licence.data) return null;
  return <LicenceVerdict licence={licence.data} />;
}
