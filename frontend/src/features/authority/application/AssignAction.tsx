import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problem';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { ErrorNote } from '@/ui/ErrorNote';
import { ErrorSummary } from '@/ui/ErrorSummary';
import { TextAreaField } from '@/ui/Field';
import { Loading } from '@/ui/Loading';
import { useFieldErrorText } from '@/ui/useErrorText';
import { isConflict, steps, useExecutors, useStep } from '../queries';
import { useSessionDraft } from '../sessionDraft';
import styles from './file.module.css';
import type { ActionProps } from './StepPanel';

const maxResolution = 2000;
const phrases = ['consider', 'term', 'site'] as const;
type Draft = { executorId: string; resolution: string };

/** The head names the executor and writes the resolution (R5.2). */
export function AssignAction({ application, onDone, onConflict }: ActionProps) {
  const { t } = useTranslation('authority');
  const fieldText = useFieldErrorText();
  const executors = useExecutors();
  const [draft, keep, forget] = useSessionDraft<Draft>(`assign:${application.id}`, { executorId: '', resolution: '' });
  const [attempt, setAttempt] = useState(0);
  const step = useStep<Draft>(application.id, steps.assign(application.id));

  const refused = step.error instanceof ApiError ? step.error.fields : [];
  const refusedAt = (path: string) => refused.find((field) => field.path === path);
  const errorOf = (path: 'executorId' | 'resolution'): string | undefined => {
    if (attempt === 0) return undefined;
    if (!draft[path].trim()) return t(`act.assign.${path}Missing`);
    const issue = refusedAt(path);
    return issue && fieldText(issue);
  };
  const entries = (['executorId', 'resolution'] as const).flatMap((path) => {
    const text = errorOf(path);
    return text ? [{ fieldId: `assign-${path}`, text }] : [];
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAttempt((n) => n + 1);
    step.reset();
    if (!draft.executorId || !draft.resolution.trim()) return;
    step.mutate(draft, {
      onSuccess: () => {
        forget();
        onDone('assign');
      },
      onError: (error) => void onConflict(error, draft.resolution),
    });
  };
  const add = (phrase: string) =>
    keep({ ...draft, resolution: [draft.resolution.trim(), phrase].filter(Boolean).join(' ') });

  return (
    <form className={styles.acts} onSubmit={submit} noValidate>
      <ErrorSummary entries={entries} attempt={attempt} />
      {!isConflict(step.error) && refused.length === 0 && <ErrorNote error={step.error} />}
      {executors.isPending && <Loading />}
      {executors.isError && <ErrorNote error={executors.error} onRetry={() => executors.refetch()} />}
      {executors.data && executors.data.length === 0 && <p>{t('act.assign.nobody')}</p>}
      {executors.data && executors.data.length > 0 && (
        <RadioGroup
          id="assign-executorId"
          legend={t('act.assign.executor')}
          value={draft.executorId}
          onChange={(executorId) => keep({ ...draft, executorId })}
          error={errorOf('executorId')}
          options={executors.data.map((one) => ({
            value: one.id,
            label: one.name,
            hint: t('act.assign.load', { count: one.openApplications }),
          }))}
        />
      )}
      <TextAreaField
        id="assign-resolution"
        label={t('act.assign.resolution')}
        value={draft.resolution}
        onChange={(resolution) => keep({ ...draft, resolution })}
        rows={3}
        maxLength={maxResolution}
        error={errorOf('resolution')}
      />
      <fieldset className={styles.phrases}>
        <legend className="small quiet">{t('act.assign.phrases')}</legend>
        {phrases.map((key) => (
          <button key={key} type="button" className="lnk" onClick={() => add(t(`act.assign.phrase.${key}`))}>
            {t(`act.assign.phrase.${key}`)}
          </button>
        ))}
      </fieldset>
      <Button type="submit" wide busy={step.isPending && t('act.assign.busy')}>
        {t('act.assign.do')}
      </Button>
    </form>
  );
}
