import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useConfig } from '@/api/config';
import { useFormat } from '@/ui/useFormat';

/** What a sheet of paper must say of itself, because the header stays on the screen: whose page it is, its address, when it was printed. */
export function Printed() {
  const { t } = useTranslation();
  const format = useFormat();
  const demo = useConfig().data?.demo;
  const { pathname } = useLocation();
  // Only while it is printed: on the screen there is no such line, for those either who hear the page.
  const [at, setAt] = useState<string>();
  useEffect(() => {
    // The browser draws the sheet as soon as this returns.
    const stamp = () => flushSync(() => setAt(new Date().toISOString()));
    const remove = () => setAt(undefined);
    window.addEventListener('beforeprint', stamp);
    window.addEventListener('afterprint', remove);
    return () => {
      window.removeEventListener('beforeprint', stamp);
      window.removeEventListener('afterprint', remove);
    };
  }, []);
  if (!at) return null;
  const line = [
    ...(demo ? [t('demo.label')] : []),
    t('brand.name'),
    window.location.origin + pathname,
    t('printed', { moment: format.moment(at, { form: 'on' }) }),
  ];
  return (
    <div className="wrap printed">
      <p>{line.join(' · ')}</p>
    </div>
  );
}
