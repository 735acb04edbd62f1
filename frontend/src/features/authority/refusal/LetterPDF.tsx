import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RefusalGround } from '@/api/applications';
import { answer, api } from '@/api/client';
import { Button } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import styles from './refusal.module.css';

/** The letter exactly as it would be signed, drawn by the server from what is typed now. */
export function LetterPDF({
  id,
  read,
}: {
  id: string /** Gives the grounds, or undefined when something is still missing. */;
  read: () => RefusalGround[] | undefined;
}) {
  const { t } = useTranslation('authority');
  const [address, setAddress] = useState<string>();
  const draw = useMutation({
    mutationFn: (grounds: RefusalGround[]) =>
      answer(
        api.POST('/api/applications/{id}/refusal-preview', {
          params: { path: { id } },
          body: { grounds },
          parseAs: 'blob',
        }),
      ),
    onSuccess: (pdf) => setAddress(URL.createObjectURL(pdf as unknown as Blob)),
  });
  useEffect(() => {
    if (!address) return;
    return () => URL.revokeObjectURL(address);
  }, [address]);
  const press = () => {
    const grounds = read();
    if (grounds) draw.mutate(grounds);
  };
  return (
    <div className="stack after-title">
      <Button variant="second" size="dense" onClick={press} busy={draw.isPending && t('letter.drawing')}>
        {address ? t('letter.again') : t('letter.asPDF')}
      </Button>
      <ErrorNote error={draw.error} />
      {address && (
        <>
          <p>
            <a className="lnk" href={address} target="_blank" rel="noreferrer">
              {t('documents.newWindow')}
            </a>
          </p>
          <iframe className={styles.sheet} src={address} title={t('letter.label')} />
        </>
      )}
    </div>
  );
}
