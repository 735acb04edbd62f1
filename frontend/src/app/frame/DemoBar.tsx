import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useConfig } from '@/api/config';
import { paths } from '../paths';

/** The yellow bar of demo mode (product.md §7); absent in a real installation. */
export function DemoBar() {
  const { t } = useTranslation();
  const config = useConfig();
  if (!config.data?.demo) return null;
  return (
    <aside className="demo" aria-label={t('demo.label')}>
      <div className="wrap">
        <span>
          <b>{t('demo.title')}</b> <span className="x">{t('demo.text')}</span>
        </span>
        <Link to={paths.signIn}>{t('demo.switch')}</Link>
        <Link to={paths.demoMail}>{t('demo.mail')}</Link>
      </div>
    </aside>
  );
}
