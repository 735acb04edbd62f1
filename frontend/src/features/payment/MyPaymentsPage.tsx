import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useReader } from '@/api/session';
import { paths } from '@/app/paths';
import { ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { useFormat } from '@/ui/useFormat';
import css from './Money.module.css';
import { MyPaymentActs } from './MyPaymentActs';
import { type MyPayment, useMyPayments } from './money';

/** Every invoice of the payer's with what became of it, its arithmetic and its documents (S7.1). */
export function MyPaymentsPage() {
  const { t } = useTranslation('money');
  const payments = useMyPayments(useReader());
  return (
    <>
      <DocumentTitle title={t('mine.title')} />
      <h1>{t('mine.title')}</h1>
      {payments.isPending && <Loading />}
      <ErrorNote error={payments.error} onRetry={() => payments.refetch()} />
      {payments.data?.length === 0 && (
        <div className="after-title">
          <EmptyState
            level={2}
            title={t('mine.emptyTitle')}
            action={<ButtonLink to={paths.applications}>{t('mine.toApplications')}</ButtonLink>}
          >
            {t('mine.empty')}
          </EmptyState>
        </div>
      )}
      {payments.data && payments.data.length > 0 && (
        <table className="table cards after-title">
          <caption className="vh">{t('mine.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('mine.invoice')}</th>
              <th scope="col">{t('mine.application')}</th>
              <th scope="col">{t('mine.amount')}</th>
              <th scope="col">{t('mine.state')}</th>
              <th scope="col">{t('mine.documents')}</th>
            </tr>
          </thead>
          <tbody>
            {payments.data.map((payment) => (
              <Row key={payment.invoice} payment={payment} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Row({ payment }: { payment: MyPayment }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const { applicationId: id, fee } = payment;
  return (
    <tr>
      <th scope="row" className="nowrap">
        № {payment.invoice}
      </th>
      <td data-k={t('mine.application')}>
        {payment.gone ? (
          t('mine.gone')
        ) : (
          <Link className={css.number} to={paths.application(id)}>
            {payment.application ?? t('mine.notFiled')}
          </Link>
        )}
      </td>
      <td data-k={t('mine.amount')}>
        <div>
          {format.money(payment.amount)}
          <br />
          <span className="quiet small">
            {t('mine.arithmetic', {
              mci: format.money(fee.mci),
              coefficient: format.coefficient(fee.coefficient),
              day: format.date(fee.rateDay),
            })}
          </span>
        </div>
      </td>
      <td data-k={t('mine.state')}>
        <div>
          {t(`state.${stateOf(payment)}`)}
          <br />
          <span className="quiet small">
            <When payment={payment} />
            {payment.receipt && ` · № ${payment.receipt}`}
          </span>
        </div>
      </td>
      <td data-k={t('mine.documents')}>
        <div className={css.acts}>
          <MyPaymentActs payment={payment} />
        </div>
      </td>
    </tr>
  );
}

function When({ payment }: { payment: MyPayment }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  if (payment.parked) return <>{t('mine.parked', { amount: format.money(payment.parked) })}</>;
  if (payment.refunded)
    return (
      <>
        {t('mine.returned', {
          amount: format.money(payment.refunded),
          when: format.date(payment.refundedAt ?? payment.issuedAt),
        })}
      </>
    );
  return <>{payment.paidAt ? t('mine.paidAt', { when: format.date(payment.paidAt) }) : t(`via.${payment.via}`)}</>;
}

/** What became of an invoice, in the words of a payer: the money itself before the state of the invoice. */
export function stateOf({
  state,
  paymentState,
  parked,
  refunded,
  via,
}: Pick<MyPayment, 'state' | 'paymentState' | 'parked' | 'refunded' | 'via'>) {
  if (parked) return 'parked';
  if (refunded) return 'returned';
  if (state !== 'open') return state;
  if (paymentState === 'pending' && via === 'online') return 'processing';
  if (paymentState === 'pending' || paymentState === 'refused') return paymentState;
  return 'open';
}
