import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Icon } from './Icon';

/** The way back, above the title. */
export function Crumb({ to, children }: { to: string; children: string }) {
  const { t } = useTranslation('ui');
  return (
    <nav className="crumbs" aria-label={t('crumbs')}>
      <Link to={to}>
        <Icon name="back" />
        {children}
      </Link>
    </nav>
  );
}
