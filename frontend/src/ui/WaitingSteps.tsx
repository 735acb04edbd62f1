import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './Icon';
import styles from './WaitingSteps.module.css';

export type WaitingStep = {
  key: string;
  state: 'done' | 'now' | 'later';
  title: ReactNode;
  detail?: ReactNode /** When it was done, or how long it has taken. */;
  time?: ReactNode;
};

/** Long work told step by step. Below it say what is safe and how to stop. */
export function WaitingSteps({ steps }: { steps: readonly WaitingStep[] }) {
  const { t } = useTranslation('ui');
  return (
    <ol className={styles.steps} aria-live="polite">
      {steps.map((step) => (
        <li key={step.key} className={step.state === 'later' ? styles.later : undefined}>
          {step.state === 'done' && (
            <span className={styles.done}>
              <Icon name="tick" />
              <span className="vh">{t('waiting.done')}</span>
            </span>
          )}
          {step.state === 'now' && <span className={styles.spin} role="img" aria-label={t('waiting.now')} />}
          {step.state === 'later' && (
            <span>
              <Icon name="ring" />
            </span>
          )}
          <span>
            {step.state === 'later' ? step.title : <b>{step.title}</b>}
            {step.detail && <span className={styles.detail}>{step.detail}</span>}
          </span>
          <small>{step.time}</small>
        </li>
      ))}
    </ol>
  );
}
