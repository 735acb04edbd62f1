import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReader } from '@/api/session';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorNote';
import { DateField } from '@/ui/Field';
import { dayOf } from '@/ui/format';
import { Loading } from '@/ui/Loading';
import { NotePlace } from '@/ui/NotePlace';
import { useFormat } from '@/ui/useFormat';
import css from './Money.module.css';
import { ClosedCases, MoneyCases } from './MoneyCases';
import { MoneyReceipts } from './MoneyReceipts';
import { MoneyRefunds } from './MoneyRefunds';
import { exportAddress, type MoneyCase, type MoneyDesk, type OvertakenAct, useMoneyDesk } from './money';
import { Overtaken } from './Overtaken';

const lists: readonly MoneyCase['list'][] = [
  'paid_without_application',
  'application_without_payment',
  'amounts_differ',
];

/** What officials must look at about money: receipts, differences between the books with what to do, certificates to sign (S7.1). */
export function MoneyPage() {
  const { t } = useTranslation('money');
  const desk = useMoneyDesk();
  const head = useReader()?.roles?.includes('head') ?? false;
  const { data } = desk;
  const [overtaken, setOvertaken] = useState<readonly OvertakenAct[]>([]);
  const onOvertaken = (late: OvertakenAct) =>
    setOvertaken((before) => [...before.filter(({ act, id }) => act !== late.act || id !== late.id), late]);
  const nothing = data && data.receipts.length + data.cases.length + data.refunds.length === 0;
  const behind = data?.reconciled.some((source) => source.behind);
  return (
    <>
      <DocumentTitle title={t('desk.title')} />
      <h1 className={css.title}>{t('desk.title')}</h1>
      <p className="quiet">{t('desk.lead')}</p>
      <NotePlace>
        <ErrorNote error={desk.error} onRetry={() => desk.refetch()} />
      </NotePlace>
      <Overtaken acts={overtaken} closed={data?.closed ?? []} />
      {desk.isPending && <Loading />}
      {nothing && (
        <div className="after-title">
          {/* It means something only when the books are compared. */}
          <EmptyState level={2} title={behind ? t('desk.nothingYet') : t('desk.nothing')} />
        </div>
      )}
      {data && (
        <div className="stack-7 after-text">
          <MoneyReceipts receipts={data.receipts} onOvertaken={onOvertaken} />
          <MoneyRefunds refunds={data.refunds} head={head} onOvertaken={onOvertaken} />
          {lists.map((list) => (
            <MoneyCases
              key={list}
              list={list}
              cases={data.cases.filter((one) => one.list === list)}
              head={head}
              onOvertaken={onOvertaken}
            />
          ))}
          <Reconciled sources={data.reconciled} />
          <ClosedCases cases={data.closed} />
          <Export />
        </div>
      )}
    </>
  );
}

/** How far the books are compared with each source of money: an empty desk means nothing without it. */
function Reconciled({ sources }: { sources: MoneyDesk['reconciled'] }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  return (
    <section>
      <h2>{t('reconciled.title')}</h2>
      <ul className={css.list}>
        {sources.map((source) => (
          <li key={source.via}>
            {t(`reconciled.${source.via}`)}:{' '}
            {source.day && source.at
              ? t('reconciled.until', { day: format.date(source.day), when: format.moment(source.at) })
              : source.behind
                ? t('reconciled.never')
                : t('reconciled.nothing')}
            {source.behind && <strong> {t('reconciled.behind')}</strong>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The ledger of some days for the accountant. */
function Export() {
  const { t } = useTranslation('money');
  const today = dayOf(new Date().toISOString());
  // An accountant mostly wants the month so far.
  const [from, setFrom] = useState(`${today.slice(0, 8)}01`);
  const [to, setTo] = useState(today);
  const day = /^\d{4}-\d{2}-\d{2}$/;
  return (
    <section>
      <h2>{t('export.title')}</h2>
      <div className={`actions after-title ${css.period}`}>
        <DateField label={t('export.from')} value={from} onChange={setFrom} />
        <DateField label={t('export.to')} value={to} onChange={setTo} />
        {day.test(from) && day.test(to) && (
          <a className="btn btn--second" href={exportAddress(from, to)} download>
            {t('export.get')}
          </a>
        )}
      </div>
    </section>
  );
}
