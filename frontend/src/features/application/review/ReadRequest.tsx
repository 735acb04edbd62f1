import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { draftAddress, fileAddress, useReread } from '@/api/applications';
import { Button } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import { useDraft } from '../draft/useDraft';
import styles from '../FormPage.module.css';
import { prepareDocument } from '../queries';

/**
 * The filled form as the law prints it, shown in the page and in a window of its own. Before the confirmations it is a draft, so that what is
 * confirmed can be read; after them it is built, with the digest of each file that the signature will cover, and until something changes the
 * signature is asked for these very bytes. `state` names what would be signed now, `content` the same without the confirmations.
 */
export function ReadRequest({
  blocked,
  confirmed,
  state,
  content,
}: {
  blocked: string | undefined;
  confirmed: boolean;
  state: string;
  content: string;
}) {
  const { t } = useTranslation('application');
  const { application, store } = useDraft();
  const { id } = application;
  const reread = useReread(id);
  const build = useMutation({
    mutationFn: async (of: { state: string; content: string }) => {
      await store.flush();
      // Another address after each change, so that an older form is never shown.
      if (!confirmed) return { address: `${draftAddress(id)}?of=${encodeURIComponent(of.state)}` };
      const { digest, files } = await prepareDocument(id).catch(reread);
      return { address: `${fileAddress(id, 'request.pdf', true)}&of=${digest.slice(0, 16)}`, fixed: { files } };
    },
  });
  const of = build.variables;
  // A draft stays open while one confirms: it would be taken away from above the hand that ticks.
  const current = build.data && !build.data.fixed ? of?.content === content : of?.state === state;
  const { address, fixed } = (current && build.data) || {};
  const opened = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // The button that was pressed is gone: the focus goes to what took its place.
    if (address) opened.current?.focus();
  }, [address]);
  return (
    <>
      <ErrorNote error={current && build.error} />
      {address && (
        <>
          {!fixed && <p className="quiet small">{t(confirmed ? 'review.readDraftConfirmed' : 'review.readDraft')}</p>}
          <p>
            <a ref={opened} className="lnk" href={address} target="_blank" rel="noreferrer">
              {t('review.openPdf')}
            </a>
          </p>
          <iframe
            className={`desk ${styles.preview}`}
            title={t('review.pdf')}
            src={`${address}#navpanes=0&view=FitH`}
          />
        </>
      )}
      {fixed && (
        <details>
          <summary>{t('review.digests')}</summary>
          <p className="quiet small">{t('review.digestsHint')}</p>
          <dl className={styles.digests}>
            {(fixed.files ?? []).map((file) => (
              <div key={`${file.name} ${file.sha256}`}>
                <dt>{file.name}</dt>
                <dd>{file.sha256}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {(!address || (confirmed && !fixed)) && (
        <p>
          <Button
            variant="second"
            size="dense"
            blocked={blocked}
            busy={build.isPending && t('review.building')}
            onClick={() => build.mutate({ state, content })}
          >
            {t('review.read')}
          </Button>
        </p>
      )}
    </>
  );
}
