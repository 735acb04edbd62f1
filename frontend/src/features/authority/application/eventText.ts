import { useTranslation } from 'react-i18next';
import type { Application, HistoryEvent } from '@/api/applications';
import { isOneOf } from '@/api/isOneOf';
import { useService } from '@/api/service';
import { useText3 } from '@/i18n/text3';
import { useErrorText } from '@/ui/useErrorText';
import { useFormat } from '@/ui/useFormat';

/** The actions of the journal that have their own words; whatever comes later is shown by its name. */
const known = [
  'create',
  'attach',
  'detach',
  'sign',
  'sign_failed',
  'reopen',
  'file',
  'register',
  'assign',
  'reassign',
  'confirm_complete',
  'save_checklist',
  'prepare_licence',
  'prepare_refusal',
  'return',
  'sign_result',
  'sign_result_failed',
  'withdraw',
  'open_result',
] as const;

type GroundSaid = { code: string; reason: string; basis?: string; remedy?: string };

/** The grounds of a refusal as the journal keeps them in full. */
function groundsIn(value: unknown): GroundSaid[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one): one is GroundSaid => typeof one === 'object' && one !== null && 'code' in one && 'reason' in one,
  );
}

/** The marks that were saved, as the journal keeps them by their requirements; of earlier ones it kept the number alone. */
function marksIn(value: unknown): [requirement: string, met: 'yes' | 'no' | 'unmarked'][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).filter((one): one is [string, 'yes' | 'no' | 'unmarked'] =>
    isOneOf(['yes', 'no', 'unmarked'], one[1]),
  );
}

/** What the file itself knows of a line of its journal: which paper a scan was attached to and its name, which requirement was marked how. */
export function useFileFacts(
  application: Application,
): (event: HistoryEvent, all: readonly HistoryEvent[]) => string[] {
  const { t } = useTranslation('authority');
  const text3 = useText3();
  const service = useService(application.service, application.serviceVersion).data?.service;
  const slots = service?.sections.flatMap((section) => section.slots ?? []) ?? [];
  const meant = { yes: t('checklist.yes'), no: t('checklist.no'), unmarked: t('checklist.unmarked') };
  return ({ action, params = {} }, all) => {
    if (action === 'save_checklist')
      return marksIn(params.marks).map(([requirement, met]) => {
        const text = text3(service?.requirements.find((one) => one.id === requirement)?.text);
        return `${text || requirement}: ${meant[met]}`;
      });
    if (action !== 'attach' && action !== 'detach') return [];
    // A scan that came off names its place no more; the line with which it came does.
    const came = all.find((one) => one.action === 'attach' && one.params?.attachment === params.attachment);
    const slot = text3(slots.find((one) => one.id === (params.slot ?? came?.params?.slot))?.title);
    const name = application.attachments.find((scan) => scan.id === params.attachment)?.name;
    return [slot, name].filter((one): one is string => Boolean(one));
  };
}

/** A line of the journal in words: what was done, and the facts that the journal keeps with it. */
export function useEventText(): (event: HistoryEvent) => { what: string; facts: string[] } {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const errorText = useErrorText();
  return ({ action, params = {} }) => {
    const text = (name: string) => (typeof params[name] === 'string' ? (params[name] as string) : '');
    const facts: string[] = [];
    if (text('number')) facts.push(t('journal.number', { number: text('number') }));
    if (text('incomingNumber')) facts.push(t('queue.incoming', { number: text('incomingNumber') }));
    if (text('executorName')) facts.push(t('journal.executor', { name: text('executorName') }));
    if (text('formerName')) facts.push(t('journal.former', { name: text('formerName') }));
    if (text('resolution')) facts.push(t('journal.resolution', { text: text('resolution') }));
    if (text('due') && !Number.isNaN(Date.parse(text('due'))))
      facts.push(t('journal.due', { when: format.moment(text('due')) }));
    if (/^\d+(\.\d+)?$/.test(text('amount'))) facts.push(t('journal.amount', { amount: format.money(text('amount')) }));
    if (text('licence')) facts.push(t('journal.licence', { number: text('licence') }));
    if (text('order')) facts.push(t('journal.order', { number: text('order') }));
    if (text('remarks')) facts.push(t('journal.remarks', { text: text('remarks') }));
    const reasons = groundsIn(params.reasons);
    for (const { code, reason, basis, remedy } of reasons)
      facts.push(
        [
          t('journal.reason', { code: code.replace(/^S/, ''), reason }),
          basis && t('journal.basis', { basis }),
          remedy && t('journal.remedy', { remedy }),
        ]
          .filter(Boolean)
          .join('; '),
      );
    if (reasons.length === 0 && Array.isArray(params.grounds) && params.grounds.length > 0)
      facts.push(
        t('journal.grounds', { grounds: params.grounds.map((code) => String(code).replace(/^S/, '')).join(', ') }),
      );
    if (action.endsWith('_failed') && text('reason')) facts.push(errorText(text('reason')).title);
    // Whose key was refused: it may not be the actor's (I3).
    const key = [text('signerName'), text('signerIin'), text('signerBin')].filter(Boolean).join(', ');
    if (key) facts.push(t('journal.key', { who: key }));
    if (action.endsWith('_failed') && text('certificate'))
      facts.push(t('journal.certificate', { serial: text('certificate') }));
    return { what: isOneOf(known, action) ? t(`event.${action}`) : t('event.other', { action }), facts };
  };
}
