import { useTranslation } from 'react-i18next';
import { useLabel, useQuoted } from '../issueText';
import type { Pasted } from './paste';

/** What was not taken as it stands in the sheet: the row of headings, columns by their place, columns and cells that are left out. */
export function usePasteNotes(): (pasted: Pasted) => string {
  const { t } = useTranslation('application');
  const label = useLabel();
  const quoted = useQuoted();
  return ({ header, byOrder, unknown, spare }) =>
    [
      header && t('paste.header'),
      byOrder.length > 0 &&
        t('paste.byOrder', {
          columns: byOrder
            .map((one) =>
              one.heading === ''
                ? quoted(label(one.column))
                : t('paste.oneByOrder', { heading: one.heading, column: label(one.column) }),
            )
            .join(', '),
        }),
      unknown.length > 0 &&
        t('paste.unknown', {
          columns: unknown
            .map((one) => (one.heading === '' ? t('paste.unnamed', { place: one.place }) : quoted(one.heading)))
            .join(', '),
        }),
      spare > 0 && t('paste.spare', { count: spare }),
    ]
      .filter(Boolean)
      .join(' ');
}
