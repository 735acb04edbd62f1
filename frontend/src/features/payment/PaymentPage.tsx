import { Navigate, useParams } from 'react-router';
import { type Application, type Invoice, useApplication } from '@/api/applications';
import { isSilence } from '@/api/problem';
import { paths } from '@/app/paths';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { BeforePayment } from './BeforePayment';
import { BesideInvoice } from './BesideInvoice';
import { GivenBack } from './GivenBack';
import { InvoicePanel } from './InvoicePanel';
import { type OwnMoney, useMoney } from './money';
import { NotPaid } from './NotPaid';
import { ParkedPayment } from './ParkedPayment';
import { PendingPayment } from './PendingPayment';
import { usePaymentState } from './queries';
import { ReceiptWaiting } from './ReceiptWaiting';
import { UnknownPayment } from './UnknownPayment';

/**
 * Everything about paying stands at one address, which is also where the gateway sends the payer back to: before, waiting, refused,
 * cancelled, parked, given back, unknown. Coming here proves nothing, so the gateway is asked (S7.2). Paid is the page with the number.
 */
export function PaymentPage() {
  const { id = '' } = useParams();
  const application = useApplication(id);
  const { data } = application;
  const begun = data?.state === 'awaiting_payment' && (data.invoice?.paymentState ?? 'none') !== 'none';
  const stand = usePaymentState(id, begun);
  // Read after the gateway was asked, which may find that money does not fit. A failure of it is in nobody's way.
  const money = useMoney(id, data?.state === 'awaiting_payment' && (!begun || stand.isFetched));
  if (!data)
    return application.isError ? (
      <ErrorNote error={application.error} onRetry={() => application.refetch()} />
    ) : (
      <Loading />
    );
  const elsewhere = addressOf(data, money.data);
  if (elsewhere) return <Navigate to={elsewhere} replace />;
  // What the gateway says now, not what was noted before the payer left.
  if (begun && ((!stand.data && !stand.refusal) || money.isPending)) return <Loading />;
  if (!data.invoice) return <ErrorNote error={undefined} />;
  return (
    <div className="cols cols-side">
      <div className="measure">
        <Payment
          application={data}
          invoice={data.invoice}
          money={money.data}
          asking={stand.refusal}
          busy={stand.isFetching}
          onAsk={() => void stand.refetch()}
        />
      </div>
      <InvoicePanel application={data} invoice={data.invoice} />
    </div>
  );
}

type PaymentProps = {
  application: Application;
  invoice: Invoice;
  money: OwnMoney | undefined;
  asking: unknown;
  busy: boolean;
  onAsk: () => void;
};

/** Money that is there, or was given back, is told before any state of the invoice. */
function Payment({ application, invoice, money, asking, busy, onAsk }: PaymentProps) {
  if (money?.parked) return <ParkedPayment application={application} money={money} parked={money.parked} />;
  if (money?.returned) return <GivenBack application={application} invoice={invoice} returned={money.returned} />;
  const pending = invoice.paymentState === 'pending';
  if (!pending && isSilence(asking)) return <UnknownPayment application={application} asking={busy} onRetry={onAsk} />;
  if (money?.via === 'receipt' && pending)
    return <ReceiptWaiting application={application} money={money} asking={asking} />;
  return (
    <>
      <Stand
        application={application}
        // A rejected receipt is told beside the invoice: no bank has refused anything.
        invoice={money?.via === 'receipt' ? { ...invoice, paymentState: 'none' } : invoice}
        asking={asking}
      />
      {!pending && invoice.paymentState !== 'paid' && (
        <BesideInvoice application={application} invoice={invoice} money={money} />
      )}
    </>
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
