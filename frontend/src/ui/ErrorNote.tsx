import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problem';
import { Button } from './Button';
import { Note } from './Note';
import { useErrorText } from './useErrorText';

/** What went wrong with a request, in plain words, and the way to try again. Stays until it is solved. */
export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const { t } = useTranslation('ui');
  const text = useErrorText();
  if (!error) return null;
  const said = text(error);
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <Note kind="bad" title={said.title} alert>
      {said.detail && <p>{said.detail}</p>}
      {requestId && <p className="small">{t('errors.requestId', { id: requestId })}</p>}
      {onRetry && (
        <p className="note-act">
          <Button variant="second" onClick={onRetry}>
            {t('retry')}
          </Button>
        </p>
      )}
    </Note>
  );
}
