import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { draftAddress, fileAddress, useReread } from '@/api/applications';
import type { components } from '@/api/schema.gen';
import { Button } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import { useDraft, useDraftSnapshot } from '../draft/useDraft';
import styles from '../FormPage.module.css';
import { prepareDocument, stateToSign } from '../queries';

type Built = {
  content: string;
  state: string;
  draft: string;
  fixed?: { address: string; files: components['schemas']['DocumentToSign']['files'] };
};

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
  // Kept here: what is shown stays while it is built anew.
  const [built, setBuilt] = useState<Built>();
  const build = useMutation({
    mutationFn: async (content: string): Promise<Built | undefined> => {
      await store.flush();
      const { save, revision } = store.snapshot();
      // Why it is not saved stands above; an older form is not what was asked for.
      if (save.kind !== 'saved') return undefined;
      const state = stateToSign(revision, attachments);
      // Another address after each change, so that an older form is never shown.
      const draft = `${draftAddress(id)}?of=${encodeURIComponent(state)}`;
      if (!confirmed) return { content, state, draft };
      const { digest, files } = await prepareDocument(id).catch(reread);
      const address = `${fileAddress(id, 'request.pdf', true)}&of=${digest.slice(0, 16)}`;
      return { content, state, draft, fixed: { address, files } };
    },
    onSuccess: (now) => now && setBuilt(now),
  });
  // It stays open while one confirms or takes that back, as a draft when the bytes would be others: it would be taken away from above the hand
  // that ticks.
  const shown = built?.content === content ? built : undefined;
  const fixed = shown?.state === stateToSign(revision, attachments) ? shown.fixed : undefined;
  const address = fixed?.address ?? shown?.draft;
  const opened = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // The button that was pressed is gone: the focus goes to what took its place.
    if (built) opened.current?.focus();
  }, [built]);
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
