import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import { TextAreaField } from '@/ui/Field';
import { isConflict, steps, useStep } from '../queries';
import type { ActionProps } from './actionProps';
import styles from './file.module.css';

const maxRemarks = 2000;

/** The head's remarks, without which nothing goes back (R5.5). */
export function ReturnForm({
  application,
  remarks,
  onDone,
  onConflict,
}: Pick<ActionProps, 'application' | 'remarks' | 'onDone' | 'onConflict'>) {
  const { t } = useTranslation('authority');
  const { text } = remarks.value;
  const missing = text.trim() === '';
  const [tried, setTried] = useState(false);
  const step = useStep<{ remarks: string }>(application.id, steps.returnDecision(application.id));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing) {
      document.getElementById('return-remarks')?.focus();
      return;
    }
    step.run(remarks.take({ remarks: text.trim() }), {
      onSuccess: () => {
        remarks.forget();
        onDone('return');
      },
      onError: (error) => void onConflict(error, text),
    });
  };
  return (
    <form className={styles.acts} onSubmit={submit} noValidate>
      {!isConflict(step.error) && <ErrorNote error={step.error} />}
      <TextAreaField
        id="return-remarks"
        label={t('act.return.remarks')}
        hint={t('act.return.hint')}
        value={text}
        onChange={(text) => remarks.change({ text })}
        rows={4}
        maxLength={maxRemarks}
        error={tried && missing ? t('act.return.missing') : undefined}
      />
      <Button type="submit" variant="stop" wide busy={step.isPending && t('act.return.busy')}>
        {t('act.return.do')}
      </Button>
    </form>
  );
}
