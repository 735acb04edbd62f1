import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Application } from '@/api/applications';
import styles from './file.module.css';
import { type Tab, tabs } from './tabNames';

/** The parts of the file. Links with addresses of their own, so that a part can be opened in another window beside this one. */
export function Tabs({ application, tab }: { application: Application; tab: Tab }) {
  const { t } = useTranslation('authority');
  const count: Partial<Record<Tab, number>> = { documents: application.attachments.length };
  return (
    <nav className={styles.tabs} aria-label={t('tab.label')}>
      {tabs.map((name) => (
        <Link
          key={name}
          to={`?tab=${name}`}
          replace
          preventScrollReset
          aria-current={name === tab ? 'true' : undefined}
        >
          {t(`tab.${name}`)}
          {count[name] !== undefined && ` ${count[name]}`}
        </Link>
      ))}
    </nav>
  );
}
