import { useTranslation } from 'react-i18next';
import type { Application, Invoice } from '@/api/applications';
import { useText3 } from '@/i18n/text3';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';

/** The invoice with everything that a bank may ask for (S7.1: tax office, КБК, КНП). */
export function InvoicePanel({ application, invoice }: { application: Application; invoice: Invoice }) {
  const { t } = useTranslation('payment');
  const text = useText3();
  const format = useFormat();
  const { requisites, fee } = invoice;
  const { applicant } = application;
  const id =
    applicant.kind === 'entity'
      ? t('invoice.bin', { bin: applicant.bin ?? '' })
      : t('invoice.iin', { iin: applicant.iin });
  const facts: (Fact | undefined)[] = [
    {
      term: t('invoice.amount'),
      value: t('invoice.amountMci', {
        amount: format.money(invoice.amount),
        coefficient: format.coefficient(fee.coefficient),
      }),
    },
    { term: t('invoice.purpose'), value: t('invoice.purposeText', { kbk: requisites.kbk, knp: requisites.knp }) },
    { term: t('invoice.payer'), value: `${applicant.name}, ${id}` },
    { term: t('invoice.number'), value: invoice.number },
    fact(t('invoice.beneficiary'), text(requisites.beneficiary)),
    fact(t('invoice.beneficiaryBin'), requisites.bin),
    fact(t('invoice.taxOffice'), requisites.taxOffice),
    fact(t('invoice.iik'), requisites.iik),
    fact(t('invoice.bic'), requisites.bic),
  ];
  return (
    <aside className="panel">
      <h2>{t('invoice.title')}</h2>
      <SummaryList layout="side" facts={facts.filter((one) => one !== undefined)} />
    </aside>
  );
}

const fact = (term: string, value: string | undefined): Fact | undefined => (value ? { term, value } : undefined);
