import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { draftAddress, fileAddress, useReread } from '@/api/applications';
import { Button } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import { useDraft, useDraftSnapshot } from '../draft/useDraft';
import styles from '../FormPage.module.css';
import { prepareDocument, stateToSign } from '../queries';

/**
 * The filled form as the law prints it, shown in the page and in a window of its own. Before the confirmations it is a draft, so that what is
 * confirmed can be read; after them it is built, with the digest of each file that the signature will cover, and until something changes the
 * signature is asked for these very bytes. `content` names what would be signed now without the confirmations.
 */
export function ReadRequest({
  blocked,
  confirmed,
  content,
}: {
  blocked: string | undefined;
  confirmed: boolean;
  content: string;
}) {
  const { t } = useTranslation('application');
  const { application, store } = useDraft();
  const { id, attachments } = application;
  const { revision } = useDraftSnapshot();
  const reread = useReread(id);
  const build = useMutation({
    mutationFn: async (content: string) => {
      await store.flush();
      const { save, revision } = store.snapshot();
      // Why it is not saved stands above; an older form is not what was asked for.
      if (save.kind !== 'saved') return undefined;
      const state = stateToSign(revision, attachments);
      // Another address after each change, so that an older form is never shown.
      if (!confirmed) return { content, state, address: `${draftAddress(id)}?of=${encodeURIComponent(state)}` };
      const { digest, files } = await prepareDocument(id).catch(reread);
      const address = `${fileAddress(id, 'request.pdf', true)}&of=${digest.slice(0, 16)}`;
      return { content, state, address, fixed: { files } };
    },
  });
  const built = build.data;
  // A draft stays open while one confirms: it would be taken away from above the hand that ticks.
  const current = built?.fixed ? built.state === stateToSign(revision, attachments) : built?.content === content;
  const { address, fixed } = (current && built) || {};
  const opened = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // The button that was pressed is gone: the focus goes to what took its place.
    if (address) opened.current?.focus();
  }, [address]);
  return (
    <>
      <ErrorNote error={build.variables === content && build.error} />
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
            onClick={() => build.mutate(content)}
          >
            {t('review.read')}
          </Button>
        </p>
      )}
    </>
  );
}
