import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Application } from '@/api/applications';
import { paths } from '@/app/paths';
import { ConfirmAction } from '@/ui/ConfirmAction';
import { type OwnMoney, useGiveUp } from './money';

/** Before filing the payer may have the fee back: with the certificate of non-submission, from the tax office (S7.1). */
export function GiveUp({ application, money }: { application: Application; money: OwnMoney }) {
  const { t } = useTranslation('money');
  const navigate = useNavigate();
  const giveUp = useGiveUp(application.id);
  if (!money.canGiveUp) return null;
  return (
    <ConfirmAction
      label={t('giveUp.open')}
      title={t('giveUp.title')}
      confirm={t('giveUp.yes')}
      keep={t('giveUp.no')}
      busy={t('giveUp.busy')}
      act={async () => {
        await giveUp.mutateAsync(undefined);
        await navigate(paths.payments);
      }}
    >
      <p>{t('giveUp.text')}</p>
    </ConfirmAction>
  );
}
