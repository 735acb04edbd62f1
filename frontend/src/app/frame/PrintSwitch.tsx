import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isLargePrint, setLargePrint } from '../print';

/** Large print on and off. It stands in the header, the phone menu and the footer; each shows what pressing will do. */
export function PrintSwitch({ className }: { className?: string }) {
  const { t } = useTranslation();
  const [, redraw] = useState(0);
  const large = isLargePrint();
  return (
    <button
      type="button"
      className={className}
      onClick={() => {
        setLargePrint(!isLargePrint());
        redraw((n) => n + 1);
      }}
    >
      {large ? t('normalPrint') : t('largePrint')}
    </button>
  );
}
