import { useTranslation } from 'react-i18next';
import type { components } from '@/api/schema.gen';

const known = [
  'two_days_passed',
  'completeness_confirmed',
  'completeness_not_confirmed',
  'checklist_not_done',
  'prepared_by_yourself',
] as const;

/** Why an offered action cannot be done now, in words; undefined when it can. */
export function useBlockedText(): (action: components['schemas']['Action'] | undefined) => string | undefined {
  const { t } = useTranslation('authority');
  return (action) => {
    if (!action?.blocked) return undefined;
    const code = known.find((one) => one === action.blocked);
    return t(code ? `blocked.${code}` : 'blocked.other');
  };
}
