import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePress } from '@/api/usePress';
import { SignPanel } from '@/signing/SignPanel';
import { Button } from '@/ui/Button';
import { Note } from '@/ui/Note';
import { useFocusKept } from '@/ui/useFocusKept';
import { useFormat } from '@/ui/useFormat';
import css from './Money.module.css';
import { deskActs, draftAddress, type RefundRequest, type TellsOvertaken, useDeskAct } from './money';
import { RemarkAction } from './RemarkAction';

/** Payers who gave up before filing: the head signs the certificate of non-submission for the tax office (S7.1). */
export function MoneyRefunds({
  refunds,
  head,
  onOvertaken,
}: { refunds: readonly RefundRequest[]; head: boolean } & TellsOvertaken) {
  const { t } = useTranslation('money');
  const [signed, setSigned] = useState(false);
  if (refunds.length === 0 && !signed) return null;
  return (
    <section>
      <h2>{t('desk.refunds')}</h2>
      <div className="stack-5 after-title">
        {signed && (
          <Note kind="good" alert>
            <p>{t('desk.signed')}</p>
          </Note>
        )}
        {refunds.map((refund) => (
          <Certificate
            key={refund.id}
            refund={refund}
            head={head}
            onSigned={() => setSigned(true)}
            onOvertaken={onOvertaken}
          />
        ))}
      </div>
    </section>
  );
}

function Certificate({
  refund,
  head,
  onSigned,
  onOvertaken,
}: { refund: RefundRequest; head: boolean; onSigned: () => void } & TellsOvertaken) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const titleId = useId();
  // The button that opens the ways to sign gives way to them.
  const focus = useFocusKept(titleId);
  const press = usePress();
  const pressed = { id: refund.id, about: refund.payer, onOvertaken };
  const sign = useDeskAct({ ...pressed, act: 'sign' }, ({ digest, cms }: { digest: string; cms: string }, key) =>
    deskActs.sign(refund.id, digest, cms, key),
  );
  const decline = useDeskAct({ ...pressed, act: 'decline' }, (remark: string, key) =>
    deskActs.decline(refund.id, remark, key),
  );
  return (
    <div className={`panel ${css.cell}`} {...focus}>
      <h3 id={titleId} tabIndex={-1}>
        {t('desk.signTitle', { payer: refund.payer })}
      </h3>
      <p>
        {t('desk.signText', {
          number: refund.paymentNumber,
          amount: format.money(refund.amount),
          day: format.date(refund.paidAt),
        })}
      </p>
      {!head && <p className="quiet small">{t('desk.headOnly')}</p>}
      {head && !open && (
        <div className="actions">
          <Button onClick={() => setOpen(true)} aria-label={`${t('desk.sign')} — ${refund.payer}`}>
            {t('desk.sign')}
          </Button>
          <RemarkAction
            label={t('desk.decline')}
            title={t('desk.declineTitle')}
            text={t('desk.declineText')}
            field={t('desk.declineRemark')}
            about={refund.payer}
            act={(remark) => decline.mutateAsync(remark)}
          />
        </div>
      )}
      {head && open && (
        <p>
          <a className="lnk" href={draftAddress(refund.id)} target="_blank" rel="noreferrer">
            {t('desk.read')}
          </a>
        </p>
      )}
      {head && open && (
        <SignPanel
          level={3}
          kept={t('desk.signKept')}
          // The signature goes into the PDF, and PAdES forbids a signing time of its own (ETSI EN 319 142-1).
          prepare={async () => ({
            ...(await press(undefined, (key) => deskActs.prepare(refund.id, key))),
            signingTime: false,
          })}
          send={async (cms, document) => {
            await sign.mutateAsync({ digest: document.digest, cms });
            onSigned();
          }}
        />
      )}
    </div>
  );
}
