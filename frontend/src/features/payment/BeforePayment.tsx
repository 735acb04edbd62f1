import { useTranslation } from 'react-i18next';
import type { Application, Invoice } from '@/api/applications';
import { paths } from '@/app/paths';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { LicencesInForce } from '@/ui/LicencesInForce';
import { Note } from '@/ui/Note';
import { useFormat } from '@/ui/useFormat';
import { PayActions } from './PayActions';
import styles from './PaymentPage.module.css';

/** What is to be paid, how the sum comes about, what cannot be undone afterwards (S7.1). */
export function BeforePayment({
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
  const amount = format.money(invoice.amount);
  const begun = invoice.paymentState === 'created';
  return (
    <>
      <DocumentTitle title={t('before.title')} />
      <h1>{t('before.title')}</h1>
      <p className="lead after-title">{t('before.lead')}</p>
      <table className={`table ${styles.sum}`}>
        <caption>{t('before.how')}</caption>
        <tbody>
          <tr>
            <th scope="row">{t('before.mci', { day: format.date(invoice.fee.rateDay) })}</th>
            <td className="num">{format.money(invoice.fee.mci)}</td>
          </tr>
          <tr>
            <th scope="row">{t('before.coefficient')}</th>
            <td className="num">× {format.coefficient(invoice.fee.coefficient)}</td>
          </tr>
          <tr className={styles.total}>
            <th scope="row">{t('before.total')}</th>
            <td className="num">{amount}</td>
          </tr>
        </tbody>
      </table>
      <div className="stack-5">
        <ErrorNote error={asking} />
        {invoice.nowDifferent && (
          <Note kind="attention" title={t('before.differentTitle')}>
            <p>{t('before.different')}</p>
          </Note>
        )}
        {begun && (
          <Note title={t('before.begunTitle')}>
            <p>{t('before.begun')}</p>
          </Note>
        )}
        <LicencesInForce service={application.service} address={paths.checkNumber} />
        <Note kind="attention">
          <p>{t('before.noRefund')}</p>
        </Note>
      </div>
      <PayActions application={application} label={t('before.pay', { amount })} />
    </>
  );
}
