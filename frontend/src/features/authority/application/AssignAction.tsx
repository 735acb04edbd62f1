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
import type { ActionProps } from './actionProps';
import styles from './file.module.css';

const maxResolution = 2000;

/** The head names the executor and writes the resolution (R5.2). */
export function AssignAction(props: ActionProps) {
  const { t } = useTranslation('authority');
  const phrases = (['consider', 'term', 'site'] as const).map((key) => t(`act.assign.phrase.${key}`));
  const words = {
    resolution: t('act.assign.resolution'),
    nobody: t('act.assign.nobody'),
    do: t('act.assign.do'),
    busy: t('act.assign.busy'),
    phrases,
  };
  return <ExecutorForm {...props} action="assign" words={words} />;
}

type Words = Record<'resolution' | 'nobody' | 'do' | 'busy', string> & { phrases: string[] };

/** Whom, and with which resolution: for naming an executor and for giving the file to another one. */
export function ExecutorForm({
  application,
  onDone,
  onConflict,
  naming,
  action,
  words,
}: ActionProps & { action: 'assign' | 'reassign'; words: Words }) {
  const { t } = useTranslation('authority');
  const fieldText = useFieldErrorText();
  const executors = useExecutors();
  const others = executors.data?.filter((one) => action === 'assign' || one.id !== application.executor?.id);
  const { value: draft, change: keep, take, forget } = naming[action];
  const [attempt, setAttempt] = useState(0);
  const step = useStep<typeof draft>(application.id, steps[action](application.id));

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
    return text ? [{ fieldId: `${action}-${path}`, text }] : [];
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAttempt((n) => n + 1);
    step.reset();
    if (!draft.executorId || !draft.resolution.trim()) return;
    step.run(take({ ...draft, resolution: draft.resolution.trim() }), {
      onSuccess: () => {
        forget();
        onDone(action);
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
      {others?.length === 0 && <p>{words.nobody}</p>}
      {others && others.length > 0 && (
        <RadioGroup
          id={`${action}-executorId`}
          legend={t('act.assign.executor')}
          value={draft.executorId}
          onChange={(executorId) => keep({ ...draft, executorId })}
          error={errorOf('executorId')}
          options={others.map((one) => ({
            value: one.id,
            label: one.name,
            hint: t('act.assign.load', { count: one.openApplications }),
          }))}
        />
      )}
      <TextAreaField
        id={`${action}-resolution`}
        label={words.resolution}
        value={draft.resolution}
        onChange={(resolution) => keep({ ...draft, resolution })}
        rows={3}
        maxLength={maxResolution}
        error={errorOf('resolution')}
      />
      <fieldset className={styles.phrases}>
        <legend className="small quiet">{t('act.assign.phrases')}</legend>
        {words.phrases.map((phrase) => (
          <button key={phrase} type="button" className="lnk" onClick={() => add(phrase)}>
            {phrase}
          </button>
        ))}
      </fieldset>
      <Button type="submit" wide busy={step.isPending && words.busy}>
        {words.do}
      </Button>
    </form>
  );
}
