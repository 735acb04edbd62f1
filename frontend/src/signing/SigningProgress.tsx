import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { useFormat } from '@/ui/useFormat';
import { type WaitingStep, WaitingSteps } from '@/ui/WaitingSteps';
import type { SigningState } from './useSigning';

type Running = Extract<SigningState, { phase: 'preparing' | 'waiting' | 'sending' }>;

/** Each step of a signing under its own name, with its time; what is safe; how to stop. */
export function SigningProgress({ state, onCancel, safe }: { state: Running; onCancel: () => void; safe?: string }) {
  const { t } = useTranslation(['signing', 'ui']);
  const format = useFormat();
  const seconds = useSeconds(state.phase === 'waiting' ? state.since : undefined);
  const viaProgram = state.way === 'ncalayer';
  const files = state.phase === 'preparing' ? undefined : state.toSign.files;
  const steps: WaitingStep[] = [
    {
      key: 'prepare',
      state: state.phase === 'preparing' ? 'now' : 'done',
      title: state.phase === 'preparing' ? t('steps.prepare') : t('steps.prepared'),
      detail: files
        ? t('steps.files', {
            files: t('ui:unit.files', { count: files.length }),
            size: format.bytes(files.reduce((sum, file) => sum + file.size, 0)),
          })
        : undefined,
      time: state.phase === 'preparing' ? undefined : format.timeExact(state.preparedAt),
    },
    {
      key: 'sign',
      state: state.phase === 'preparing' ? 'later' : state.phase === 'waiting' ? 'now' : 'done',
      title:
        state.phase === 'sending' ? t('steps.signed') : viaProgram ? t('steps.waitNcalayer') : t('steps.waitKeyFile'),
      detail: state.phase === 'waiting' && viaProgram ? t('steps.waitNcalayerHint') : undefined,
      time: state.phase === 'sending' ? format.timeExact(state.signedAt) : undefined,
    },
    { key: 'check', state: state.phase === 'sending' ? 'now' : 'later', title: t('steps.check') },
  ];
  return (
    <div>
      <p className="lead">{viaProgram ? t('steps.leadNcalayer') : t('steps.leadKeyFile')}</p>
      <WaitingSteps steps={steps} />
      {seconds > 1 && (
        // Not in the live list above: a reader of the screen would hear every second.
        <p className="quiet small" aria-hidden="true">
          {t('steps.seconds', { count: seconds })}
        </p>
      )}
      <p className="quiet small">{safe ?? t('steps.safe')}</p>
      {state.phase !== 'sending' && (
        <p className="after-title">
          <Button variant="second" onClick={onCancel}>
            {t('steps.cancel')}
          </Button>
        </p>
      )}
    </div>
  );
}

function useSeconds(since: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (since === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [since]);
  return since === undefined ? 0 : Math.max(0, Math.round((now - since) / 1000));
}
