import { useTranslation } from 'react-i18next';

export function SkipLink() {
  const { t } = useTranslation();
  return (
    <a className="skiplink" href="#main">
      {t('skip')}
    </a>
  );
}
