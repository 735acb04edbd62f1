import { useTranslation } from 'react-i18next';
import type { Application, Invoice } from '@/api/applications';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { Note } from '@/ui/Note';
import { useFormat } from '@/ui/useFormat';
import { PayActions } from './PayActions';

/** The bank refused, or the payer left the gateway's page: nothing was taken, nothing is lost, trying again needs no refilling. */
export function NotPaid({
  application,
  invoice,
  why,
  asking,
}: {
  application: Application;
  invoice: Invoice;
  why: 'refused' | 'cancelled';
  asking: unknown;
}) {
  const { t } = useTranslation('payment');
  const format = useFormat();
  return (
    <>
      <DocumentTitle title={t(`${why}.title`)} error={why === 'refused'} />
      <Note kind={why === 'refused' ? 'bad' : 'attention'} level={1} title={t(`${why}.title`)} alert>
        <p>{t(`${why}.text`)}</p>
      </Note>
      <section className="after-text">
        <h2>{t('kept.title')}</h2>
        <p className="after-title">{t('kept.text')}</p>
      </section>
      <section className="after-text">
        <h2>{t('now.title')}</h2>
        <p className="after-title">{t(`${why}.now`)}</p>
      </section>
      <ErrorNote error={asking} />
      <PayActions application={application} label={t('again', { amount: format.money(invoice.amount) })} />
    </>
  );
}
