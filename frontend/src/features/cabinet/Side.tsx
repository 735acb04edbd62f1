import { useTranslation } from 'react-i18next';
import { type Application, offered } from '@/api/applications';
import type { components } from '@/api/schema.gen';
import { paths } from '@/app/paths';
import { ButtonLink } from '@/ui/Button';
import { ConfirmAction } from '@/ui/ConfirmAction';
import { DueDate } from '@/ui/DueDate';
import { dayOf } from '@/ui/format';
import { useErrorText } from '@/ui/useErrorText';
import { useFormat } from '@/ui/useFormat';
import styles from './Cabinet.module.css';
import { useWithdraw } from './queries';

type Term = components['schemas']['Term'];

const final: readonly Application['state'][] = ['issued', 'refused', 'withdrawn'];

/** The payment was begun and is not confirmed yet: nobody is asked to pay a second time. */
export const isPaymentPending = ({ state, invoice }: Application): boolean =>
  state === 'awaiting_payment' && invoice?.paymentState === 'pending';

/** Whether anything stands beside the text: a term that runs, or something to do. */
export function hasSide(application: Application): boolean {
  const running = application.term !== undefined && !final.includes(application.state);
  return running || (['save', 'pay', 'withdraw'] as const).some((name) => offered(application, name));
}

/** Until when, and what one may do: only what the application offers now. */
export function Side({ application }: { application: Application }) {
  const { t } = useTranslation('cabinet');
  const { id, term, state } = application;
  const today = dayOf(new Date().toISOString());
  const running = !final.includes(state);
  const save = offered(application, 'save');
  const pay = offered(application, 'pay');
  const pending = isPaymentPending(application);
  const withdraw = offered(application, 'withdraw');
  const any = save || pay || withdraw;
  return (
    <aside className={`stack-5 ${styles.side}`}>
      {term && running && <DueDate side term={term} today={today} sentence={<DayOfTerm term={term} today={today} />} />}
      {any && (
        <section className="stack">
          <h2 className={styles.sideTitle}>{t('acts.title')}</h2>
          {save && <ButtonLink to={paths.form(id)}>{t('acts.continue')}</ButtonLink>}
          {pay && (
            <ButtonLink variant={pending ? 'second' : 'first'} to={paths.payment(id)}>
              {t(pending ? 'acts.whatHappens' : 'acts.pay')}
            </ButtonLink>
          )}
          {withdraw && <Withdraw application={application} blocked={withdraw.blocked} />}
        </section>
      )}
    </aside>
  );
}

function DayOfTerm({ term, today }: { term: Term; today: string }) {
  const { t } = useTranslation('cabinet');
  const format = useFormat();
  if (today < term.firstDay)
    return t('due.before', { day: format.date(term.firstDay, { year: false, form: 'since' }) });
  if (new Date().toISOString() > term.dueAt) return t('due.over');
  // A day off counts as the working day before it.
  const day = term.days.filter((one) => one.date <= today && one.number !== undefined).at(-1)?.number ?? 0;
  return t('due.day', { day, of: term.workingDays });
}

function Withdraw({ application, blocked }: { application: Application; blocked: string | undefined }) {
  const { t } = useTranslation('cabinet');
  const errorText = useErrorText();
  const withdraw = useWithdraw(application.id);
  if (blocked) return <p className="quiet small">{errorText(blocked).title}</p>;
  return (
    <>
      <ConfirmAction
        label={t('withdraw.open')}
        title={t('withdraw.title')}
        confirm={t('withdraw.yes')}
        keep={t('withdraw.no')}
        busy={t('withdraw.busy')}
        act={() => withdraw.mutateAsync(undefined)}
      >
        <p>{t('withdraw.text')}</p>
      </ConfirmAction>
      <p className="quiet small">{t('withdraw.rule')}</p>
    </>
  );
}
