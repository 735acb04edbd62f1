import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { applicationKey, offered } from '@/api/applications';
import { paths } from '@/app/paths';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorNote } from '@/ui/ErrorNote';
import { localCopy } from './draft/localCopy';
import { useDraft } from './draft/useDraft';
import styles from './FormPage.module.css';
import { useDiscard } from './queries';

/** Throws the draft and its scans away, after asking: it cannot be undone. */
export function DiscardDraft() {
  const { t } = useTranslation('application');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { application } = useDraft();
  const [asking, setAsking] = useState(false);
  const discard = useDiscard(application.id);
  const offer = offered(application, 'discard');
  if (!offer || offer.blocked) return null;
  return (
    <p className={styles.block}>
      <Button variant="stop-link" onClick={() => setAsking(true)}>
        {t('discard.open')}
      </Button>
      {asking && (
        <Dialog title={t('discard.title')} onClose={() => setAsking(false)}>
          <p>{t('discard.text')}</p>
          <ErrorNote error={discard.error} />
          <div className="actions after-title">
            <Button
              variant="stop"
              busy={discard.isPending && t('discard.busy')}
              onClick={() =>
                discard.mutate(undefined, {
                  onSuccess: () => {
                    localCopy.drop(application.id);
                    navigate(paths.applications);
                    queries.removeQueries({ queryKey: applicationKey(application.id) });
                    void queries.invalidateQueries({ queryKey: ['applications'] });
                  },
                })
              }
            >
              {t('discard.yes')}
            </Button>
            <Button variant="link" onClick={() => setAsking(false)}>
              {t('discard.no')}
            </Button>
          </div>
        </Dialog>
      )}
    </p>
  );
}
