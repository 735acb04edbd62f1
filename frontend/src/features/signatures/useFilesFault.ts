import { useTranslation } from 'react-i18next';

// As the server accepts: told before the files travel.
const maxBytes = 20 * 1024 * 1024;
const maxFiles = 2;

/** Why these files cannot be checked, in words; undefined when they can. */
export function useFilesFault(): (files: readonly File[]) => string | undefined {
  const { t } = useTranslation('signatures');
  return (files) => {
    if (files.length > maxFiles) return t('file.tooMany');
    const empty = files.find((file) => file.size === 0);
    if (empty) return t('file.empty', { name: empty.name });
    if (files.reduce((sum, file) => sum + file.size, 0) <= maxBytes) return undefined;
    return files.length > 1 ? t('file.tooLargeTogether') : t('file.tooLarge');
  };
}
