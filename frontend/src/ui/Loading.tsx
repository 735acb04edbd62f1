import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Nothing for the first second, then words (design README, Waiting). */
export function Loading() {
  const { t } = useTranslation('ui');
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 1000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className="loading" role="status">
      {late ? t('waiting.loading') : ''}
    </p>
  );
}
