import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fileAddress } from '@/api/applications';
import { Button } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import { useDraft } from '../draft/useDraft';
import styles from '../FormPage.module.css';
import { prepareDocument } from '../queries';

/**
 * The filled form as the law prints it: built on request, shown in the page and in a window of its own, with the digest of each file that the
 * signature will cover. Until something changes, the signature is asked for these very bytes.
 */
export function ReadRequest({ blocked }: { blocked: string | undefined }) {
  const { t } = useTranslation('application');
  const { application, store } = useDraft();
  const build = useMutation({
    mutationFn: async () => {
      await store.flush();
      return prepareDocument(application.id);
    },
  });
  const address = fileAddress(application.id, 'request.pdf', true);
  return (
    <>
      <ErrorNote error={build.error} />
      {build.isSuccess ? (
        <>
          <p>
            <a className="lnk" href={address} target="_blank" rel="noreferrer">
              {t('review.openPdf')}
            </a>
          </p>
          {/* The digest makes it another address after each build, so that an older form is never shown. */}
          <iframe
            className={`desk ${styles.preview}`}
            title={t('review.pdf')}
            src={`${address}&of=${build.data.digest.slice(0, 16)}#navpanes=0&view=FitH`}
          />
          <details>
            <summary>{t('review.digests')}</summary>
            <p className="quiet small">{t('review.digestsHint')}</p>
            <dl className={styles.digests}>
              {(build.data.files ?? []).map((file) => (
                <div key={`${file.name} ${file.sha256}`}>
                  <dt>{file.name}</dt>
                  <dd>{file.sha256}</dd>
                </div>
              ))}
            </dl>
          </details>
        </>
      ) : (
        <p>
          <Button
            variant="second"
            size="dense"
            blocked={blocked}
            busy={build.isPending && t('review.building')}
            onClick={() => build.mutate()}
          >
            {t('review.read')}
          </Button>
        </p>
      )}
    </>
  );
}
