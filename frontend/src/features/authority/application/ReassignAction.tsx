import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { ExecutorForm } from './AssignAction';
import type { ActionProps } from './actionProps';
import styles from './file.module.css';

/** The head gives the file of an executor who is away to another one; marks and terms stay (R5.2). */
export function ReassignAction(props: ActionProps) {
  const { t } = useTranslation('authority');
  const [giving, setGiving] = useState(false);
  const phrases = (['ill', 'away', 'dismissed'] as const).map((key) => t(`act.reassign.phrase.${key}`));
  const words = {
    resolution: t('act.reassign.resolution'),
    nobody: t('act.reassign.nobody'),
    do: t('act.reassign.do'),
    busy: t('act.reassign.busy'),
    phrases,
  };
  const onDone: ActionProps['onDone'] = (action) => {
    setGiving(false);
    props.onDone(action);
  };
  return (
    <div className={styles.acts}>
      <Button wide variant="second" aria-expanded={giving} onClick={() => setGiving(!giving)}>
        {t('act.reassign.open')}
      </Button>
      <p className="small quiet">{t('act.reassign.hint')}</p>
      {giving && <ExecutorForm {...props} onDone={onDone} action="reassign" words={words} />}
    </div>
  );
}
