import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '@/app/paths';
import { ConfirmAction } from '@/ui/ConfirmAction';
import { Note } from '@/ui/Note';
import { useFormat } from '@/ui/useFormat';
import css from './Money.module.css';
import { deskActs, type MoneyDesk, scanAddress, type TellsOvertaken, useDeskAct } from './money';
import { RemarkAction } from './RemarkAction';

type Receipt = MoneyDesk['receipts'][number];
/** Receipts of banks beside the invoices that they are to prove (S9.A1). */
export function MoneyReceipts({ receipts, onOvertaken }: { receipts: readonly Receipt[] } & TellsOvertaken) {
  const { t } = useTranslation('money');
  if (receipts.length === 0) return null;
  return (
    <section>
      <h2>{t('desk.receipts')}</h2>
      <table className="table table--dense cards after-title">
        <caption className="vh">{t('desk.receipts')}</caption>
        <thead>
          <tr>
            <th scope="col" className={css.about}>
              {t('desk.payer')}
            </th>
            <th scope="col" className={css.side}>
              {t('desk.due')}
            </th>
            <th scope="col">{t('desk.receipt')}</th>
            <th scope="col">{t('desk.todo')}</th>
          </tr>
        </thead>
        <tbody>
          {receipts.map((receipt) => (
            <Row key={receipt.id} receipt={receipt} onOvertaken={onOvertaken} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ receipt, onOvertaken }: { receipt: Receipt } & TellsOvertaken) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const pressed = { id: receipt.id, about: receipt.payer, onOvertaken };
  const confirm = useDeskAct({ ...pressed, act: 'confirm' }, (_: undefined, key) => deskActs.confirm(receipt.id, key));
  const reject = useDeskAct({ ...pressed, act: 'reject' }, (remark: string, key) =>
    deskActs.reject(receipt.id, remark, key),
  );
  const differs = receipt.amount !== receipt.due;
  return (
    <tr>
      <th scope="row">
        {receipt.payer}
        <br />
        <span className="quiet small">{receipt.payerId}</span>
      </th>
      <td data-k={t('desk.due')}>
        <div>
          № {receipt.invoice}
          <br />
          {format.money(receipt.due)}
          <br />
          <span className="quiet small">{t('desk.rateDay', { day: format.date(receipt.rateDay) })}</span>
        </div>
      </td>
      <td className="wide" data-k={t('desk.receipt')}>
        <div className={css.cell}>
          <p>
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
          </p>
          <Alike receipt={receipt} />
        </div>
      </td>
      <td className="wide" data-k={t('desk.todo')}>
        <div className={css.cell}>
          {differs && (
            <p>{t('desk.differs', { receipt: format.money(receipt.amount), due: format.money(receipt.due) })}</p>
          )}
          <div className="actions">
            {!differs && (
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
        </div>
      </td>
    </tr>
  );
}

/** Others that look like the same document: one payment pays one fee (S7.1). What is not the official's to see is only counted. */
function Alike({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const { alike } = receipt;
  if (alike.length === 0) return null;
  const earlier = alike.some((other) => other.earlier);
  const when = ({ attachedAt, earlier }: (typeof alike)[number]) =>
    attachedAt ? t('alike.attached', { when: format.moment(attachedAt) }) : t(earlier ? 'alike.before' : 'alike.after');
  return (
    <Note kind="attention" level={3} title={earlier ? t('alike.title') : t('alike.later')}>
      <ul>
        {alike.map((other, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: of what is not shown nothing else tells one from another
          <li key={at}>
            {other.sameFile ? t('alike.file') : t('alike.facts')} <Other other={other} />, {when(other)}
          </li>
        ))}
      </ul>
      {alike.some(shown) && <p>{t('alike.todo')}</p>}
      {!alike.every(shown) && <p>{t('alike.todoHidden')}</p>}
    </Note>
  );
}

/** Whether it is the official's to see. */
const shown = (other: Receipt['alike'][number]) => other.invoice !== undefined;

function Other({ other }: { other: Receipt['alike'][number] }) {
  const { t } = useTranslation('money');
  const { application, applicationId, invoice } = other;
  if (application && applicationId)
    return <Link to={paths.workApplication(applicationId)}>{t('alike.application', { number: application })}</Link>;
  return <>{invoice ? t('alike.invoice', { number: invoice }) : t('alike.elsewhere')}</>;
}
