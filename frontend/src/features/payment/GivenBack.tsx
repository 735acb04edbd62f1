import { useTranslation } from 'react-i18next';
import type { Application, Invoice } from '@/api/applications';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { Note } from '@/ui/Note';
import { useFormat } from '@/ui/useFormat';
import type { OwnMoney } from './money';
import { PayActions } from './PayActions';

/** The money of this invoice was given back: by whom nothing was cancelled is not told that he did. Paying anew needs no refilling. */
export function GivenBack({
  application,
  invoice,
  returned,
}: {
  application: Application;
  invoice: Invoice;
  returned: NonNullable<OwnMoney['returned']>;
}) {
  const { t } = useTranslation(['money', 'payment']);
  const format = useFormat();
  return (
    <>
      <DocumentTitle title={t('returned.title')} />
      <Note kind="good" level={1} title={t('returned.title')}>
        <p>{t('returned.text', { amount: format.money(returned.amount), day: format.date(returned.at) })}</p>
      </Note>
      <section className="after-text">
        <h2>{t('payment:kept.title')}</h2>
        <p className="after-title">{t('returned.kept')}</p>
      </section>
      <section className="after-text">
        <h2>{t('payment:now.title')}</h2>
        <p className="after-title">{t('returned.now')}</p>
      </section>
      <PayActions application={application} label={t('returned.again', { amount: format.money(invoice.amount) })} />
    </>
  );
}
