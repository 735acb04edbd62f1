import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CapacityKind, Session } from '@/api/session';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { ErrorSummary } from '@/ui/ErrorSummary';
import { useChooseCapacity } from './queries';

/** Somebody whose key names an organisation says on whose behalf he acts; the two are kept apart. */
export function CapacityChoice({ session, onChosen }: { session: Session; onChosen: (session: Session) => void }) {
  const { t } = useTranslation('session');
  const text3 = useText3();
  const choose = useChooseCapacity();
  const [capacity, setCapacity] = useState<CapacityKind | ''>(session.capacity ?? '');
  const [attempt, setAttempt] = useState(0);
  const missing = attempt > 0 && capacity === '' ? t('capacity.required') : undefined;
  const label = (kind: CapacityKind) => {
    if (kind === 'person') return t('capacity.person', { name: session.name });
    if (kind === 'entity') return t('capacity.entity', { organisation: session.organisation });
    return t('capacity.official', { authority: text3(session.authorityName) || session.organisation });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAttempt((n) => n + 1);
    if (capacity !== '') choose.mutate(capacity, { onSuccess: onChosen });
  };
  return (
    <form className="measure stack-5" onSubmit={submit} noValidate>
      <DocumentTitle title={t('capacity.title')} error={missing !== undefined} />
      <ErrorSummary entries={missing ? [{ fieldId: 'capacity', text: missing }] : []} attempt={attempt} />
      <h1>{t('capacity.title')}</h1>
      <p>{t('capacity.text')}</p>
      <RadioGroup
        id="capacity"
        legend={t('capacity.legend')}
        options={(session.capacities ?? []).map((kind) => ({ value: kind, label: label(kind) }))}
        value={capacity}
        onChange={(value) => setCapacity(value as CapacityKind)}
        error={missing}
      />
      <ErrorNote error={choose.error} />
      <Button type="submit" busy={choose.isPending && t('capacity.choose')}>
        {t('capacity.choose')}
      </Button>
    </form>
  );
}
