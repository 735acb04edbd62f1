import { useTranslation } from 'react-i18next';
import type { Application } from '@/api/applications';
import { paths } from '@/app/paths';
import { ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { Note } from '@/ui/Note';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';
import { GiveUp } from './GiveUp';
import type { OwnMoney } from './money';

/**
 * The money is there and cannot be counted without a person: who has paid is told so before anything else, what happens to it, and how to have it back. Nobody is
 * asked to pay again here.
 */
export function ParkedPayment({
  application,
  money,
  parked,
}: {
  application: Application;
  money: OwnMoney;
  parked: NonNullable<OwnMoney['parked']>;
}) {
  const { t } = useTranslation(['money', 'payment']);
  const format = useFormat();
  const facts: (Fact | undefined)[] = [
    parked.amount ? { term: t('parked.amount'), value: format.money(parked.amount) } : undefined,
    parked.receipt ? { term: t('parked.receipt'), value: parked.receipt } : undefined,
    parked.paidAt ? { term: t('parked.paidAt'), value: format.moment(parked.paidAt) } : undefined,
  ];
  return (
    <>
      <DocumentTitle title={t('parked.title')} />
      <h1>{t('parked.title')}</h1>
      <p className="lead after-title">{t('parked.lead')}</p>
      <div className="after-text">
        <SummaryList layout="tight" facts={facts.filter((one) => one !== undefined)} />
      </div>
      <div className="stack-5 after-text">
        <Note kind="attention" title={t('parked.onceTitle')}>
          <p>{t('parked.once')}</p>
        </Note>
        <section>
          <h2>{t('parked.nextTitle')}</h2>
          <p className="after-title">{parked.refundUnderWay ? t('parked.underWay') : t('parked.next')}</p>
          {money.canGiveUp && <p className="after-title">{t('parked.orGiveUp')}</p>}
        </section>
        <ButtonLink variant="link" to={paths.application(application.id)}>
          {t('payment:toApplication')}
        </ButtonLink>
        <GiveUp application={application} money={money} />
      </div>
    </>
  );
}
