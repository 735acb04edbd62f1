import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '@/app/paths';
import { ConfirmAction } from '@/ui/ConfirmAction';
import { useFormat } from '@/ui/useFormat';
import { Closing } from './Closing';
import css from './Money.module.css';
import { type CaseDecision, deskActs, type MoneyCase, offersOf, type TellsOvertaken, useDeskAct } from './money';
import { RemarkAction } from './RemarkAction';

/** One list of differences between our book and the gateway's: both sides, and what to do with each. */
export function MoneyCases({
  list,
  cases,
  head,
  onOvertaken,
}: {
  list: MoneyCase['list'];
  cases: readonly MoneyCase[];
  head: boolean;
} & TellsOvertaken) {
  const { t } = useTranslation('money');
  if (cases.length === 0) return null;
  return (
    <section>
      <h2>{t(`list.${list}`)}</h2>
      <table className="table table--dense cards after-title">
        <caption className="vh">{t(`list.${list}`)}</caption>
        <thead>
          <tr>
            <th scope="col" className={css.about}>
              {t('desk.about')}
            </th>
            <th scope="col" className={css.side}>
              {t('desk.here')}
            </th>
            <th scope="col" className={css.side}>
              {t('desk.there')}
            </th>
            <th scope="col">{t('desk.todo')}</th>
          </tr>
        </thead>
        <tbody>
          {cases.map((one) => (
            <Row key={one.id} one={one} head={head} onOvertaken={onOvertaken} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ one, head, onOvertaken }: { one: MoneyCase; head: boolean } & TellsOvertaken) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const about = one.application ?? one.invoice ?? one.reference;
  const pressed = { id: one.id, about, onOvertaken };
  const refund = useDeskAct({ ...pressed, act: 'refund' }, (_: undefined, key) => deskActs.refund(one.id, key));
  const accept = useDeskAct({ ...pressed, act: 'accept' }, (note: string, key) => deskActs.accept(one.id, note, key));
  const amount = one.theirs.amount ? format.money(one.theirs.amount) : '';
  const offers = offersOf(one);
  return (
    <tr>
      <th scope="row">
        <About one={one} />
      </th>
      <td data-k={t('desk.here')}>
        <Side side={one.ours} />
      </td>
      <td data-k={t('desk.there')}>
        <Side side={one.theirs} />
      </td>
      <td className="wide" data-k={t('desk.todo')}>
        <div className={css.cell}>
          <p>{t(`reason.${one.reason}`)}</p>
          {one.certificate && <p>{t('desk.certificate')}</p>}
          {one.refundUnderWay && <p>{t('desk.underWay')}</p>}
          {!head && <p className="quiet small">{t('desk.headOnly')}</p>}
          {head && !one.certificate && (
            <div className="actions">
              {offers.refund && (
                <ConfirmAction
                  label={
                    <>
                      {one.refundUnderWay ? t('desk.refundAgain') : t('desk.refund')}{' '}
                      <span className="vh">— {about}</span>
                    </>
                  }
                  variant="first"
                  size="dense"
                  stop={false}
                  title={t('desk.refundTitle')}
                  confirm={t('desk.refund')}
                  keep={t('desk.keep')}
                  busy={t('desk.busy')}
                  act={() => refund.mutateAsync(undefined)}
                >
                  <p>{t('desk.refundText', { amount })}</p>
                </ConfirmAction>
              )}
              {offers.accept && (
                <RemarkAction
                  label={t('desk.accept')}
                  title={t('desk.acceptTitle')}
                  text={t('desk.acceptText')}
                  field={t('desk.note')}
                  about={about}
                  act={(note) => accept.mutateAsync(note)}
                />
              )}
              {offers.close && <CloseCase one={one} about={about} onOvertaken={onOvertaken} />}
            </div>
          )}
        </div>
      </td>
    </tr>
  );
}

type Outcome = CaseDecision['outcome'];

/** The head's word about a case. Where money is there, he says where it belongs, and the books follow. */
function CloseCase({ one, about, onOvertaken }: { one: MoneyCase; about: string } & TellsOvertaken) {
  const { t } = useTranslation('money');
  const [outcome, setOutcome] = useState<Outcome>();
  const close = useDeskAct({ id: one.id, about, onOvertaken, act: 'close' }, (decision: CaseDecision, key) =>
    deskActs.close(one.id, decision, key),
  );
  const [only] = one.outcomes;
  const chosen = one.outcomes.length === 1 ? only : outcome;
  return (
    <RemarkAction
      label={t('desk.close')}
      title={t('desk.closeTitle')}
      text={one.outcomes.length > 1 ? t('desk.closeText') : undefined}
      field={t('desk.note')}
      about={about}
      choice={
        one.outcomes.length > 1 && {
          legend: t('desk.outcome'),
          needed: t('desk.outcomeNeeded'),
          value: outcome,
          options: one.outcomes.filter(placed).map((value) => ({
            value,
            label: t(`outcome.${value}`),
            hint: t(`outcome.${value}Hint`),
          })),
          onChange: (value) => setOutcome(one.outcomes.find((known) => known === value)),
        }
      }
      act={async (remark) => {
        if (!chosen) throw new Error('an outcome is asked for before'); // never a silent "done"
        return close.mutateAsync({ outcome: chosen, remark });
      }}
    />
  );
}

/** An explanation alone places no money. */
const placed = (outcome: Outcome): outcome is Exclude<Outcome, 'explained'> => outcome !== 'explained';

/** What was decided last: how, by whom, and what was found out. */
export function ClosedCases({ cases }: { cases: readonly MoneyCase[] }) {
  const { t } = useTranslation('money');
  if (cases.length === 0) return null;
  return (
    <details>
      <summary>{t('desk.closed', { count: cases.length })}</summary>
      <table className="table table--dense cards after-title">
        <caption className="vh">{t('desk.closed', { count: cases.length })}</caption>
        <thead>
          <tr>
            <th scope="col" className={css.about}>
              {t('desk.about')}
            </th>
            <th scope="col" className={css.side}>
              {t('desk.there')}
            </th>
            <th scope="col">{t('desk.decided')}</th>
          </tr>
        </thead>
        <tbody>
          {cases.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <About one={one} />
              </th>
              <td data-k={t('desk.there')}>
                <Side side={one.theirs} />
              </td>
              <td className="wide" data-k={t('desk.decided')}>
                <p>
                  <Closing one={one} />
                </p>
                {one.note && <p>{one.note}</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function About({ one }: { one: MoneyCase }) {
  const { t } = useTranslation('money');
  return (
    <>
      {one.payer ?? t('desk.unknown')}
      <br />
      {one.application && one.applicationId ? (
        <Link to={paths.workApplication(one.applicationId)}>{one.application}</Link>
      ) : (
        <span className="quiet small">{one.invoice ? `№ ${one.invoice}` : one.reference}</span>
      )}
    </>
  );
}

function Side({ side }: { side: MoneyCase['ours'] }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  if (!side.amount) return <>{t('desk.none')}</>;
  return (
    <div>
      {/* To the tiyn: a difference may be one. */}
      {format.moneyExact(side.amount)}
      {side.paidAt && (
        <>
          <br />
          <span className="quiet small">{format.moment(side.paidAt)}</span>
        </>
      )}
      {side.receipt && (
        <>
          <br />
          <span className="quiet small">№ {side.receipt}</span>
        </>
      )}
    </div>
  );
}
