import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/useFormat';
import type { MoneyCase } from './money';

const closings = [
  'refunded',
  'returned',
  'kept',
  'written_off',
  'explained',
  'accepted',
  'certificate',
  'applied',
] as const;

const closingOf = (one: MoneyCase) => closings.find((how) => how === one.closedHow) ?? 'explained';

/** How a case was decided, when and by whom. */
export function Closing({ one }: { one: MoneyCase }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  return (
    <>
      {t(`closedHow.${closingOf(one)}`)}
      <br />
      <span className="quiet small">
        {one.closedAt && format.moment(one.closedAt)}
        {one.closedBy && one.closedBy !== 'gateway' && ` · ${one.closedBy}`}
      </span>
    </>
  );
}
