import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './Icon';

export type SummaryEntry = {
  /** id of the field that the entry leads to; absent when there is none on this page. */
  fieldId?: string | undefined;
  /** The same words as at the field. */
  text: string;
};

/**
 * All errors of the page in one place, at its top. It takes the focus each time a new attempt fails (raise `attempt`), counts the errors
 * and leads to each field. When all are corrected it goes, and comes back only at the next attempt: what lacks again while one types on is told at
 * its field, and the focus stays there.
 */
export function ErrorSummary({ entries, attempt = 0 }: { entries: readonly SummaryEntry[]; attempt?: number }) {
  const { t } = useTranslation('ui');
  const box = useRef<HTMLDivElement>(null);
  const [told, setTold] = useState<number>();
  const [corrected, setCorrected] = useState<number>();
  if (entries.length > 0 && told !== attempt) setTold(attempt);
  if (entries.length === 0 && told === attempt && corrected !== attempt) setCorrected(attempt);
  const shown = entries.length > 0 && corrected !== attempt;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt takes the focus again even when the entries are the same
  useEffect(() => {
    if (shown) box.current?.focus();
  }, [shown, attempt]);
  if (!shown) return null;
  return (
    <div className="summary-error" role="alert" tabIndex={-1} ref={box}>
      <h2>
        <Icon name="bang" /> {t('errors.count', { count: entries.length })}
      </h2>
      <ul>
        {entries.map((entry) => (
          <li key={`${entry.fieldId ?? ''}${entry.text}`}>
            {entry.fieldId ? (
              <a
                href={`#${entry.fieldId}`}
                onClick={(event) => {
                  event.preventDefault();
                  const field = document.getElementById(entry.fieldId ?? '');
                  field?.scrollIntoView?.({ block: 'center' });
                  field?.focus();
                }}
              >
                {entry.text}
              </a>
            ) : (
              entry.text
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
