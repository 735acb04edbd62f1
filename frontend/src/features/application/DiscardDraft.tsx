import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { applicationKey, offered } from '@/api/applications';
import { paths } from '@/app/paths';
import { ConfirmAction } from '@/ui/ConfirmAction';
import { dropLocalCopy } from './draft/localCopy';
import { useDraft } from './draft/useDraft';
import styles from './FormPage.module.css';
import { discardDraft } from './queries';

/** Throws the draft and its scans away, after asking: it cannot be undone. */
export function DiscardDraft() {
  const { t } = useTranslation('application');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { application } = useDraft();
  const offer = offered(application, 'discard');
  if (!offer || offer.blocked) return null;
  const discard = async () => {
    await discardDraft(application.id);
    dropLocalCopy(application.id);
    await navigate(paths.applications);
    queries.removeQueries({ queryKey: applicationKey(application.id) });
    void queries.invalidateQueries({ queryKey: ['applications'] });
  };
  return (
    <div className={styles.block}>
      <ConfirmAction
        label={t('discard.open')}
        title={t('discard.title')}
        confirm={t('discard.yes')}
        keep={t('discard.no')}
        busy={t('discard.busy')}
        act={discard}
      >
        <p>{t('discard.text')}</p>
      </ConfirmAction>
    </div>
  );
}
