import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import { isConflict, steps, useStep } from '../queries';
import type { ActionProps } from './actionProps';
import styles from './file.module.css';

/** The chancery gives the incoming number: one press (R5.1). */
export function RegisterAction({ application, onDone, onConflict }: ActionProps) {
  const { t } = useTranslation('authority');
  const step = useStep<undefined>(application.id, steps.register(application.id));
  const press = () =>
    step.run(undefined, { onSuccess: () => onDone('register'), onError: (error) => void onConflict(error) });
  return (
    <div className={styles.acts}>
      {!isConflict(step.error) && <ErrorNote error={step.error} />}
      <Button wide onClick={press} busy={step.isPending && t('act.register.busy')}>
        {t('act.register.do')}
      </Button>
    </div>
  );
}
