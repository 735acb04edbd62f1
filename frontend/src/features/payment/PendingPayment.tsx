import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Application, Invoice } from '@/api/applications';
import { useService } from '@/api/service';
import { paths } from '@/app/paths';
import { ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { Note } from '@/ui/Note';
import { useFormat } from '@/ui/useFormat';
import styles from './PaymentPage.module.css';

const usualSeconds = 60;
const longSeconds = 120;

/** The bank works on it: how long it has taken, that the page may be closed, that one does not pay twice (design 06). */
export function PendingPayment({
  application,
  invoice,
  asking,
}: {
  application: Application;
  invoice: Invoice;
  asking: unknown;
}) {
  const { t } = useTranslation('payment');
  const format = useFormat();
  const seconds = useSecondsSince(invoice.paymentChangedAt);
  const email = useEmail(application);
  // It nears the end and never comes there by itself: only the bank ends it.
  const part = Math.min(95, Math.round((1 - Math.exp(-seconds / usualSeconds)) * 100));
  return (
    <>
      <DocumentTitle title={t('pending.title')} />
      <h1>{t('pending.title')}</h1>
      <p className="lead after-title">{t('pending.lead', { amount: format.money(invoice.amount) })}</p>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={t('pending.bar')}
        aria-valuetext={t('pending.seconds', { count: seconds })}
      >
        <i style={{ width: `${part}%` }} />
      </div>
      <p className="quiet small">
        {t('pending.seconds', { count: seconds })} {seconds > longSeconds ? t('pending.long') : t('pending.byItself')}
      </p>
      <div className="after-text stack-5">
        <ErrorNote error={asking} />
        <Note title={t('pending.closeTitle')}>
          <p>{email ? t('pending.closeMail', { email }) : t('pending.close')}</p>
        </Note>
        <ButtonLink variant="link" to={paths.application(application.id)}>
          {t('toApplication')}
        </ButtonLink>
      </div>
    </>
  );
}

/** Seconds since the payer did his part, not since he opened this page; his clock may go wrong, so never fewer than none. */
function useSecondsSince(moment: string | undefined): number {
  const [here] = useState(() => Date.now());
  const [now, setNow] = useState(here);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const since = moment ? Date.parse(moment) : here;
  return Math.max(0, Math.round((now - since) / 1000));
}

/** The address that notices go to: the answer to the declared e-mail question. */
function useEmail(application: Application): string | undefined {
  const sections = useService(application.service, application.serviceVersion).data?.service.sections ?? [];
  const field = sections.flatMap((section) => section.fields).find((one) => one.type === 'email');
  const answer = field && application.answers[field.id];
  return typeof answer === 'string' && answer !== '' ? answer : undefined;
}
