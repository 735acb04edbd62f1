import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Application } from '@/api/applications';
import { forgetSessionDraft } from '@/api/sessionDraft';
import { paths } from '@/app/paths';
import { ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { Note } from '@/ui/Note';
import { useFormat } from '@/ui/useFormat';
import { GiveUp } from './GiveUp';
import { type OwnMoney, receiptDraft } from './money';

/** A receipt waits for an official: nothing to do, or give up before filing (S7.1). */
export function ReceiptWaiting({
  application,
  money,
  asking,
}: {
  application: Application;
  money: OwnMoney;
  asking: unknown;
}) {
  const { t } = useTranslation(['money', 'payment']);
  const format = useFormat();
  const { receipt } = money;
  // Also when the answer that said so was lost on the way.
  useEffect(() => forgetSessionDraft(receiptDraft(application.id)), [application.id]);
  return (
    <>
      <DocumentTitle title={t('waiting.title')} />
      <h1>{t('waiting.title')}</h1>
      <p className="lead after-title">{t('waiting.lead')}</p>
      <div className="stack-5 after-text">
        <ErrorNote error={asking} />
        {receipt && (
          <Note>
            <p>
              {t('waiting.facts', {
                bank: receipt.bank,
                number: receipt.number,
                day: format.date(receipt.paidOn),
                amount: format.money(receipt.amount),
              })}
            </p>
          </Note>
        )}
        <ButtonLink variant="link" to={paths.application(application.id)}>
          {t('payment:toApplication')}
        </ButtonLink>
        <GiveUp application={application} money={money} />
      </div>
    </>
  );
}
