import { Navigate, useParams } from 'react-router';
import { type Application, type Invoice, useApplication } from '@/api/applications';
import { paths } from '@/app/paths';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { BeforePayment } from './BeforePayment';
import { BesideInvoice } from './BesideInvoice';
import { InvoicePanel } from './InvoicePanel';
import { type OwnMoney, useMoney } from './money';
import { NotPaid } from './NotPaid';
import { PendingPayment } from './PendingPayment';
import { usePaymentState } from './queries';
import { ReceiptWaiting } from './ReceiptWaiting';

/**
 * Everything about paying stands at one address, which is also where the gateway sends the payer back to: before, waiting, refused,
 * cancelled. Coming here proves nothing, so the gateway is asked (S7.2). Paid is the page with the number.
 */
export function PaymentPage() {
  const { id = '' } = useParams();
  const application = useApplication(id);
  const { data } = application;
  const begun = data?.state === 'awaiting_payment' && (data.invoice?.paymentState ?? 'none') !== 'none';
  const stand = usePaymentState(id, begun);
  // Beside the invoice and never in its way: without it the invoice can be paid all the same.
  const money = useMoney(id, data?.state === 'awaiting_payment').data;
  if (!data)
    return application.isError ? (
      <ErrorNote error={application.error} onRetry={() => application.refetch()} />
    ) : (
      <Loading />
    );
  const elsewhere = addressOf(data, money);
  if (elsewhere) return <Navigate to={elsewhere} replace />;
  // What the gateway says now, not what was noted before the payer left.
  if (begun && !stand.data && !stand.isError) return <Loading />;
  if (!data.invoice) return <ErrorNote error={undefined} />;
  return (
    <div className="cols cols-side">
      <div className="measure">
        {money?.via === 'receipt' && data.invoice.paymentState === 'pending' ? (
          <ReceiptWaiting application={data} money={money} asking={stand.error} />
        ) : (
          <Stand
            application={data}
            // A rejected receipt is told beside the invoice: no bank has refused anything.
            invoice={money?.via === 'receipt' ? { ...data.invoice, paymentState: 'none' } : data.invoice}
            asking={stand.error}
          />
        )}
        {data.invoice.paymentState !== 'pending' && data.invoice.paymentState !== 'paid' && (
          <BesideInvoice application={data} invoice={data.invoice} money={money} />
        )}
      </div>
      <InvoicePanel application={data} invoice={data.invoice} />
    </div>
  );
}

function addressOf(application: Application, money: OwnMoney | undefined): string | undefined {
  if (application.state === 'awaiting_payment') return undefined;
  // Who gave up looks for his fee, not for the form, whichever answer comes first.
  if (money?.refunds.some((refund) => refund.state === 'asked')) return paths.payments;
  if (application.state === 'draft') return paths.review(application.id);
  return application.state === 'filed' ? paths.filed(application.id) : paths.application(application.id);
}

type StandProps = { application: Application; invoice: Invoice; asking: unknown };

function Stand({ application, invoice, asking }: StandProps) {
  switch (invoice.paymentState ?? 'none') {
    case 'pending':
    // Paid and not yet filed is a moment between two answers.
    case 'paid':
      return <PendingPayment application={application} invoice={invoice} asking={asking} />;
    case 'refused':
      return <NotPaid application={application} invoice={invoice} why="refused" asking={asking} />;
    case 'cancelled_by_payer':
      return <NotPaid application={application} invoice={invoice} why="cancelled" asking={asking} />;
    default:
      return <BeforePayment application={application} invoice={invoice} asking={asking} />;
  }
}
