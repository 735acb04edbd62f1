import { useTranslation } from 'react-i18next';
import { offered } from '@/api/applications';
import { paths } from '@/app/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import { isConflict, steps, useStep } from '../queries';
import type { ActionProps } from './actionProps';
import { useBlockedText } from './blockedText';
import styles from './file.module.css';

/** The executor says that the documents are complete, or proposes a refusal while the two days run (S4.3, S4.4). */
export function CheckActions({ application, onDone, onConflict }: ActionProps) {
  const { t } = useTranslation('authority');
  const blockedText = useBlockedText();
  const step = useStep<undefined>(application.id, steps.confirmComplete(application.id));
  const confirm = offered(application, 'confirm_complete');
  const refuse = offered(application, 'prepare_refusal');
  const press = () =>
    step.run(undefined, { onSuccess: () => onDone('confirm_complete'), onError: (error) => void onConflict(error) });
  return (
    <div className={styles.acts}>
      {!isConflict(step.error) && <ErrorNote error={step.error} />}
      {confirm && (
        <>
          <Button wide onClick={press} busy={step.isPending && t('act.confirm.busy')} blocked={blockedText(confirm)}>
            {t('act.confirm.do')}
          </Button>
          <p className="small quiet">{t('act.confirm.hint')}</p>
        </>
      )}
      {refuse &&
        (refuse.blocked ? (
          <Button wide variant="second" blocked={blockedText(refuse)}>
            {t('act.refuseIncomplete.do')}
          </Button>
        ) : (
          <ButtonLink wide variant="second" to={paths.workRefusal(application.id)}>
            {t('act.refuseIncomplete.do')}
          </ButtonLink>
        ))}
    </div>
  );
}
