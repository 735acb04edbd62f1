import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useParams } from 'react-router';
import { type Application, type Invoice, useApplication } from '@/api/applications';
import { isSilence } from '@/api/problem';
import { useSessionDraft } from '@/api/sessionDraft';
import { paths } from '@/app/paths';
import { toBase64 } from '@/signing/base64';
import { Button, ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { ErrorSummary } from '@/ui/ErrorSummary';
import { DateField, TextField } from '@/ui/Field';
import { FileField } from '@/ui/FileField';
import { Loading } from '@/ui/Loading';
import { useFormat } from '@/ui/useFormat';
import { useIsHere } from '@/ui/useIsHere';
import { InvoicePanel } from './InvoicePanel';
import { receiptDraft, useAttachReceipt } from './money';

const maxBytes = 5 * 1024 * 1024;
const fields = ['bank', 'number', 'paidOn', 'amount', 'file'] as const;
type FieldName = (typeof fields)[number];

/** What is copied from the receipt. The amount is the invoice's until another one is typed. */
type Typed = { bank: string; number: string; paidOn: string; amount?: string };
const nothing: Typed = { bank: '', number: '', paidOn: '' };

/** Paying by the receipt of a bank (S7.1, S9.A1): what stands on it and its scan. */
export function ReceiptPage() {
  const { id = '' } = useParams();
  const application = useApplication(id);
  const { data } = application;
  if (!data)
    return application.isError ? (
      <ErrorNote error={application.error} onRetry={() => application.refetch()} />
    ) : (
      <Loading />
    );
  if (data.state !== 'awaiting_payment' || !data.invoice) return <Navigate to={paths.payment(id)} replace />;
  return (
    <div className="cols cols-side">
      <div className="measure">
        <ReceiptForm application={data} invoice={data.invoice} />
      </div>
      <InvoicePanel application={data} invoice={data.invoice} />
    </div>
  );
}

function ReceiptForm({ application, invoice }: { application: Application; invoice: Invoice }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const navigate = useNavigate();
  const attach = useAttachReceipt(application.id);
  const isHere = useIsHere();
  const [typed, keep, forget] = useSessionDraft(receiptDraft(application.id), nothing);
  const { bank, number, paidOn, amount = invoice.amount } = typed;
  const change = (more: Partial<Typed>) => keep({ ...typed, ...more });
  const [file, setFile] = useState<File>();
  const [wrong, setWrong] = useState<readonly FieldName[]>([]);
  const [attempt, setAttempt] = useState(0);
  // Chosen, and then moved or written anew.
  const [unread, setUnread] = useState<File>();
  const said = (name: FieldName) =>
    name === 'file' && file && file === unread ? t('receipt.notRead') : t(`receipt.need.${name}`);
  const error = (name: FieldName) => wrong.includes(name) && said(name);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const decimal = asDecimal(amount);
    const missing: Record<FieldName, boolean> = {
      bank: bank.trim() === '',
      number: number.trim() === '',
      paidOn: !isPastDay(paidOn),
      amount: decimal === undefined,
      file: !file || file.size === 0 || file.size > maxBytes,
    };
    const found = fields.filter((name) => missing[name]);
    setWrong(found);
    setAttempt((n) => n + 1);
    if (found.length > 0 || !file || decimal === undefined) return;
    let content: string;
    try {
      content = toBase64(new Uint8Array(await file.arrayBuffer()));
    } catch {
      setUnread(file);
      setWrong(['file']);
      setAttempt((n) => n + 1);
      return;
    }
    setUnread(undefined);
    attach.mutateAsync({ bank: bank.trim(), number: number.trim(), paidOn, amount: decimal, content }).then(
      () => {
        forget();
        if (isHere()) navigate(paths.payment(application.id));
      },
      () => undefined, // told below
    );
  };
  // The answer was lost on the way, and the application read anew tells that the receipt has arrived.
  if (isSilence(attach.error) && invoice.paymentState === 'pending')
    return <Navigate to={paths.payment(application.id)} replace />;
  return (
    <form onSubmit={(event) => void send(event)} noValidate>
      <DocumentTitle title={t('receipt.title')} error={wrong.length > 0} />
      <ErrorSummary
        attempt={attempt}
        entries={wrong.map((name) => ({ fieldId: `receipt-${name}`, text: said(name) }))}
      />
      <h1>{t('receipt.title')}</h1>
      <p className="lead after-title">{t('receipt.lead')}</p>
      <div className="stack-5 after-text">
        <TextField
          id="receipt-bank"
          label={t('receipt.bank')}
          value={bank}
          onChange={(bank) => change({ bank })}
          maxLength={200}
          error={error('bank')}
        />
        <TextField
          id="receipt-number"
          label={t('receipt.number')}
          value={number}
          onChange={(number) => change({ number })}
          maxLength={60}
          width="short"
          error={error('number')}
        />
        <DateField
          id="receipt-paidOn"
          label={t('receipt.paidOn')}
          hint={t('receipt.paidOnHint')}
          value={paidOn}
          onChange={(paidOn) => change({ paidOn })}
          error={error('paidOn')}
        />
        <TextField
          id="receipt-amount"
          label={t('receipt.amount')}
          hint={t('receipt.amountHint', { amount: format.money(invoice.amount) })}
          value={amount}
          onChange={(amount) => change({ amount })}
          inputMode="decimal"
          width="short"
          error={error('amount')}
        />
        <FileField
          id="receipt-file"
          label={t('receipt.file')}
          hint={t('receipt.fileHint')}
          accept=".pdf,.jpg,.jpeg,.png"
          prompt={t('receipt.choose')}
          chosen={file?.name}
          onFile={setFile}
          error={error('file')}
        />
        <ErrorNote error={attach.error} />
      </div>
      <div className="actions after-text">
        <Button type="submit" size="big" busy={attach.isPending && t('receipt.busy')}>
          {t('receipt.send')}
        </Button>
        <ButtonLink variant="link" to={paths.payment(application.id)}>
          {t('receipt.back')}
        </ButtonLink>
      </div>
    </form>
  );
}

/** "43 250", "43250,5" and "43250.00" as the decimal string of the contract; undefined when it is none. */
export function asDecimal(typed: string): string | undefined {
  const match = /^(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(typed.replace(/[\s\u00a0₸]/g, ''));
  if (!match) return undefined;
  const whole = (match[1] ?? '').replace(/^0+(?=\d)/, '');
  const decimal = `${whole}.${(match[2] ?? '').padEnd(2, '0')}`;
  return decimal === '0.00' ? undefined : decimal;
}

/** A day that has begun in Kazakhstan (UTC+5). */
function isPastDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  return new Date(`${day}T00:00:00+05:00`).getTime() <= Date.now();
}
