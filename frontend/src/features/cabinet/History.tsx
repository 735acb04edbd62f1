import { useTranslation } from 'react-i18next';
import type { Application, HistoryEvent } from '@/api/applications';
import { isOneOf } from '@/api/isOneOf';
import { useService } from '@/api/service';
import { Timeline, type TimelineEntry } from '@/ui/Timeline';
import { useFormat } from '@/ui/useFormat';

const known = [
  'create',
  'sign',
  'reopen',
  'file',
  'register',
  'assign',
  'reassign',
  'confirm_complete',
  'sign_result',
  'withdraw',
  'open_result',
] as const;

type Coming = 'register' | 'assign' | 'check' | 'review' | 'sign' | 'result';

// What is still to come in each state, in the order of the process; the first is what happens now.
const ahead: Partial<Record<Application['state'], readonly Coming[]>> = {
  filed: ['register', 'assign', 'check', 'review', 'sign', 'result'],
  registered: ['assign', 'check', 'review', 'sign', 'result'],
  assigned: ['check', 'review', 'sign', 'result'],
  in_review: ['review', 'sign', 'result'],
  decision_prepared: ['sign', 'result'],
  licence_prepared: ['sign', 'result'],
  refusal_prepared: ['sign', 'result'],
};

// Who does a step, and the norm of the declaration that limits it (R5).
const doers = {
  register: { role: 'chancery', norm: 'register' },
  assign: { role: 'head', norm: 'assign' },
  check: { role: 'executor', norm: 'check' },
  review: { role: 'executor', norm: 'prepare' },
  sign: { role: 'head', norm: 'sign' },
} as const;

/** What happened, what happens now and what comes, from the journal and in plain words (RA). */
export function History({ application }: { application: Application }) {
  const { t } = useTranslation(['cabinet', 'common']);
  const format = useFormat();
  const who = useActor();
  const kind = useService(application.service, application.serviceVersion).data?.service.kinds.find(
    (one) => one.code === application.kind,
  );
  const { history, state, step, dueAt } = application;
  const until = (moment: string) => t('history.until', { when: format.moment(moment, { year: false, form: 'until' }) });
  const done: TimelineEntry[] = history
    .filter((event) => isOneOf(known, event.action))
    .map((event, index) => ({
      key: `${event.at} ${event.action} ${index}`,
      state: 'done',
      title: titleOf(event),
      when: [format.moment(event.at, { year: false }), who(event)].filter(Boolean).join(' · '),
    }));
  const steps = ahead[state] ?? [];
  const coming: TimelineEntry[] = steps.map((name, index) => ({
    key: name,
    state: index === 0 ? 'now' : 'later',
    title: t(`ahead.${name}`),
    when:
      index === 0
        ? step && t('history.running', { until: until(step.dueAt) })
        : name === 'result'
          ? dueAt && until(dueAt)
          : limitOf(name),
  }));
  function limitOf(name: Exclude<Coming, 'result'>) {
    const { role, norm: step } = doers[name];
    const norm = kind?.norms.find((one) => one.step === step);
    const limit = norm?.minutes
      ? t('history.upToMinutes', { count: norm.minutes })
      : norm?.workingDays && t('history.upToDays', { count: norm.workingDays });
    return [t(`common:role.${role}`), limit].filter(Boolean).join(', ');
  }
  function titleOf(event: HistoryEvent) {
    if (!isOneOf(known, event.action)) return '';
    const text = (key: string) => {
      const value = event.params?.[key];
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    };
    if (event.action === 'register' && text('incomingNumber'))
      return t('event.registerNumber', { number: text('incomingNumber') });
    if (event.action === 'sign_result')
      return event.params?.kind === 'refusal' || application.state === 'refused'
        ? t('event.signRefusal')
        : t('event.signLicence');
    return t(`event.${event.action}`);
  }
  return (
    <section>
      <h2>{t('history.title')}</h2>
      <div className="after-title">
        <Timeline entries={[...done, ...coming]} />
      </div>
    </section>
  );
}

function useActor(): (event: HistoryEvent) => string {
  const { t } = useTranslation(['cabinet', 'common']);
  return ({ actorRole, actorName }) => {
    if (actorName) return actorName;
    switch (actorRole) {
      case 'chancery':
      case 'head':
      case 'executor':
        return t(`common:role.${actorRole}`);
      case 'gateway':
        return t('history.gateway');
      default:
        return '';
    }
  };
}
