import { useTranslation } from 'react-i18next';
import { changeLanguage } from '@/i18n/i18n';
import type { Language } from '@/i18n/language';
import { useLanguage } from '@/i18n/useLanguage';

// Each language names itself in its own words, Kazakh first.
const offered: readonly { code: Language; short: string; name: string }[] = [
  { code: 'kk', short: 'Қаз', name: 'Қазақша' },
  { code: 'ru', short: 'Рус', name: 'Русский' },
  { code: 'en', short: 'Eng', name: 'English' },
];

export function LanguageSwitch() {
  const { t } = useTranslation();
  const now = useLanguage();
  return (
    <fieldset className="lang" aria-label={t('language')}>
      {offered.map((language) => (
        <button
          key={language.code}
          type="button"
          lang={language.code}
          // The visible word begins the spoken name, so that those who speak to their computer can press it (WCAG 2.5.3).
          aria-label={`${language.short}, ${language.name}`}
          aria-current={language.code === now ? 'true' : undefined}
          onClick={() => changeLanguage(language.code)}
        >
          {language.short}
        </button>
      ))}
    </fieldset>
  );
}
