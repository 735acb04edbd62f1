import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { fileAddress } from '@/api/applications';
import { paths } from '@/app/paths';
import { ConfirmAction } from '@/ui/ConfirmAction';
import { useFormat } from '@/ui/useFormat';
import { certificateAddress, type MyPayment, useGiveUpInvoice, useWithdrawRefund } from './money';

/** Not while the money is there, or on its way: nobody is asked to pay a second time. */
const asksForPay = ({ parked, paymentState }: MyPayment) => !parked && paymentState !== 'pending';

/** What can be had or done about one payment. */
export function MyPaymentActs({ payment }: { payment: MyPayment }) {
  const { t } = useTranslation('money');
  const { applicationId: id, invoice, refundId } = payment;
  return (
    <>
      {payment.state === 'paid' && !payment.gone && (
        <a className="lnk" href={fileAddress(id, 'payment-receipt.pdf')} download>
          {t('mine.receipt')} <span className="vh">— {invoice}</span>
        </a>
      )}
      {payment.state === 'open' && !payment.gone && (
        <Link to={paths.payment(id)}>{asksForPay(payment) ? t('mine.pay') : t('mine.whatHappens')}</Link>
      )}
      {/* Money of an open invoice is given up on its own page. */}
      {payment.mayGiveUp && (payment.gone || payment.state !== 'open') && <GiveUpInvoice payment={payment} />}
      {payment.refund === 'signed' && refundId && (
        <a className="lnk" href={certificateAddress(refundId)} download>
          {t('mine.certificate')} <span className="vh">— {invoice}</span>
        </a>
      )}
      {payment.refund === 'asked' && refundId && (
        <>
          <p>{t('mine.certificateAsked')}</p>
          <Withdraw refundId={refundId} />
        </>
      )}
      {payment.refund === 'returned' && <p>{t('mine.certificateReturned')}</p>}
      {payment.decided && !payment.parked && <Decided decided={payment.decided} />}
      {payment.refund === 'declined' && <p>{t('mine.declined', { remark: payment.remark ?? '' })}</p>}
    </>
  );
}

/** What the head decided about money that filed nothing, and on what grounds. */
function Decided({ decided }: { decided: NonNullable<MyPayment['decided']> }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const { outcome, amount, note, at } = decided;
  return (
    <>
      <p>{t(`mine.decided.${outcome}`, { amount: format.moneyExact(amount), when: format.date(at) })}</p>
      <p>{t('mine.grounds', { note })}</p>
    </>
  );
}

function GiveUpInvoice({ payment }: { payment: MyPayment }) {
  const { t } = useTranslation('money');
  const giveUp = useGiveUpInvoice(payment.id);
  return (
    <ConfirmAction
      label={t('giveUp.openInvoice')}
      title={t('giveUp.title')}
      confirm={t('giveUp.yes')}
      keep={t('giveUp.no')}
      busy={t('giveUp.busy')}
      act={() => giveUp.mutateAsync()}
    >
      <p>{t('giveUp.textInvoice')}</p>
    </ConfirmAction>
  );
}

function Withdraw({ refundId }: { refundId: string }) {
  const { t } = useTranslation('money');
  const withdraw = useWithdrawRefund(refundId);
  return (
    <ConfirmAction
      label={t('withdraw.open')}
      title={t('withdraw.title')}
      confirm={t('withdraw.yes')}
      keep={t('giveUp.no')}
      busy={t('withdraw.busy')}
      act={() => withdraw.mutateAsync()}
    >
      <p>{t('withdraw.text')}</p>
    </ConfirmAction>
  );
}
