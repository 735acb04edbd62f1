import { useTranslation } from 'react-i18next';

/** The title of the page in the browser's tab. With `error` it starts with "Error:", so that a screen reader says it first. */
export function DocumentTitle({ title, error = false }: { title: string; error?: boolean }) {
  const { t } = useTranslation('ui');
  const portal = t('portal');
  const full = title === portal ? title : `${title} – ${portal}`;
  return <title>{error ? t('errorTitle', { title: full }) : full}</title>;
}
