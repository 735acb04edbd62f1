import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Application, Invoice } from '@/api/applications';
import { paths } from '@/app/paths';
import { Note } from '@/ui/Note';
import { useFormat } from '@/ui/useFormat';
import { GiveUp } from './GiveUp';
import type { OwnMoney } from './money';

/** What stands beside the invoice before it is paid: a new rate, a rejected receipt, the other way to pay. */
export function BesideInvoice({
  application,
  invoice,
  money,
}: {
  application: Application;
  invoice: Invoice;
  money: OwnMoney | undefined;
}) {
  const { t } = useTranslation('money');
  const format = useFormat();
  if (!money) return null;
  const { feeNow, receipt } = money;
  return (
    <div className="stack-5 after-text">
      {feeNow && feeNow.amount !== invoice.amount && (
        <Note
          kind="attention"
          title={t('newRate.title', {
            day: format.date(feeNow.rateDay, { form: 'since' }),
            amount: format.money(feeNow.amount),
          })}
        >
          <p>
            {t('newRate.text', { mci: format.money(feeNow.mci), coefficient: format.coefficient(feeNow.coefficient) })}
          </p>
        </Note>
      )}
      {receipt?.state === 'rejected' && (
        <Note kind="bad" title={t('rejected.title')}>
          <p>{receipt.remark}</p>
        </Note>
      )}
      <p>
        <Link to={paths.receipt(application.id)}>{t('receipt.open')}</Link>
      </p>
      <GiveUp application={application} money={money} />
    </div>
  );
}
