import { useTranslation } from 'react-i18next';
import type { components } from '@/api/schema.gen';
import { Icon, type IconName } from './Icon';

export type ApplicationState = components['schemas']['ApplicationState'];

const looks: Record<ApplicationState, { kind: 'none' | 'wait' | 'go' | 'good' | 'bad'; sign: IconName }> = {
  draft: { kind: 'none', sign: 'pen' },
  awaiting_payment: { kind: 'wait', sign: 'bang' },
  filed: { kind: 'go', sign: 'clock' },
  registered: { kind: 'go', sign: 'clock' },
  assigned: { kind: 'go', sign: 'clock' },
  in_review: { kind: 'go', sign: 'clock' },
  // Three names, one text: nobody learns of a refusal before it is signed.
  licence_prepared: { kind: 'go', sign: 'clock' },
  refusal_prepared: { kind: 'go', sign: 'clock' },
  decision_prepared: { kind: 'go', sign: 'clock' },
  issued: { kind: 'good', sign: 'tick' },
  refused: { kind: 'bad', sign: 'cross' },
  withdrawn: { kind: 'none', sign: 'undo' },
};

/** The state of an application as a sign, words and a colour; the internal name is never shown. */
export function StatusTag({ state }: { state: ApplicationState }) {
  const { t } = useTranslation('ui');
  const look = looks[state];
  return (
    <span className={`tag tag--${look.kind}`}>
      <Icon name={look.sign} />
      {t(`state.${state}`)}
    </span>
  );
}
