import { useTranslation } from 'react-i18next';
import { ConfirmAction } from '@/ui/ConfirmAction';
import { useFormat } from '@/ui/useFormat';
import { deskActs, type MoneyDesk, scanAddress, useDeskAct } from './money';
import { RemarkAction } from './RemarkAction';

type Receipt = MoneyDesk['receipts'][number];

/** Receipts of banks beside the invoices that they are to prove (S9.A1). */
export function MoneyReceipts({ receipts }: { receipts: readonly Receipt[] }) {
  const { t } = useTranslation('money');
  if (receipts.length === 0) return null;
  return (
    <section>
      <h2>{t('desk.receipts')}</h2>
      <table className="table table--dense cards after-title">
        <caption className="vh">{t('desk.receipts')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('desk.payer')}</th>
            <th scope="col">{t('desk.due')}</th>
            <th scope="col">{t('desk.receipt')}</th>
            <th scope="col">{t('desk.todo')}</th>
          </tr>
        </thead>
        <tbody>
          {receipts.map((receipt) => (
            <Row key={receipt.id} receipt={receipt} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const confirm = useDeskAct((_: undefined, key) => deskActs.confirm(receipt.id, key));
  const reject = useDeskAct((remark: string, key) => deskActs.reject(receipt.id, remark, key));
  const differs = receipt.amount !== receipt.due;
  return (
    <tr>
      <th scope="row">
        {receipt.payer}
        <br />
        <span className="quiet small">{receipt.payerId}</span>
      </th>
      <td data-k={t('desk.due')}>
        № {receipt.invoice}
        <br />
        {format.money(receipt.due)}
        <br />
        <span className="quiet small">{t('desk.rateDay', { day: format.date(receipt.rateDay) })}</span>
      </td>
      <td data-k={t('desk.receipt')}>
        {t('waiting.facts', {
          bank: receipt.bank,
          number: receipt.number,
          day: format.date(receipt.paidOn),
          amount: format.money(receipt.amount),
        })}
        <br />
        <a className="lnk" href={scanAddress(receipt.id)} download>
          {t('desk.scan')} <span className="vh">— {receipt.payer}</span>
        </a>
      </td>
      <td data-k={t('desk.todo')}>
        <div className="actions">
          {differs ? (
            <p>{t('desk.differs', { receipt: format.money(receipt.amount), due: format.money(receipt.due) })}</p>
          ) : (
            <ConfirmAction
              label={
                <>
                  {t('desk.confirm')} <span className="vh">— {receipt.payer}</span>
                </>
              }
              variant="first"
              size="dense"
              stop={false}
              title={t('desk.confirmTitle')}
              confirm={t('desk.confirmYes')}
              keep={t('desk.keep')}
              busy={t('desk.busy')}
              act={() => confirm.mutateAsync(undefined)}
            >
              <p>{t('desk.confirmText')}</p>
            </ConfirmAction>
          )}
          <RemarkAction
            label={t('desk.reject')}
            title={t('desk.rejectTitle')}
            field={t('desk.remark')}
            about={receipt.payer}
            act={(remark) => reject.mutateAsync(remark)}
          />
        </div>
      </td>
    </tr>
  );
}
