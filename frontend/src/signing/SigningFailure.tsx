import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problem';
import { Note } from '@/ui/Note';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { useErrorText } from '@/ui/useErrorText';
import { useFormat } from '@/ui/useFormat';
import { SigningError } from './signer';

/**
 * Why a signing failed, what is kept, and what the server told about the key that was used. What is kept differs with who signs what, so the
 * page says it; null where there is nothing to keep. Buttons are the page's own.
 */
export function SigningFailure({ error, kept, children }: { error: unknown; kept: ReactNode; children?: ReactNode }) {
  const { t } = useTranslation('signing');
  const said = useFailureText(error);
  const facts = useKeyFacts(error);
  // Stopping is the person's own wish, and an unanswered check is nobody's fault: neither is shown in red.
  const mild =
    (error instanceof SigningError && error.code === 'cancelled') ||
    (error instanceof ApiError && error.code === 'revocation_unavailable');
  return (
    <div className="stack-5">
      <Note kind={mild ? 'attention' : 'bad'} title={said.title} alert>
        {said.detail && <p>{said.detail}</p>}
        {error instanceof SigningError && error.said && (
          <p className="small">{t('failed.said', { text: error.said })}</p>
        )}
      </Note>
      {kept !== null && (
        <section>
          <h3>{t('failed.kept')}</h3>
          <p>{kept}</p>
        </section>
      )}
      {facts.length > 0 && <SummaryList facts={facts} layout="tight" />}
      {children}
    </div>
  );
}

function useFailureText(error: unknown): { title: string; detail: string } {
  const { t } = useTranslation('signing');
  const text = useErrorText();
  if (error instanceof SigningError)
    return { title: t(`failure.${error.code}.title`), detail: t(`failure.${error.code}.detail`) };
  return text(error);
}

// The keys that the server may ask for.
const keys = ['person', 'entity', 'entity_right', 'official'] as const;

// The server names the key that was used and the one that is needed in the params of its refusal, as far as it knows them.
function useKeyFacts(error: unknown): Fact[] {
  const { t } = useTranslation('signing');
  const format = useFormat();
  if (!(error instanceof ApiError)) return [];
  const text = (name: string) => (typeof error.params[name] === 'string' ? (error.params[name] as string) : undefined);
  const day = (name: string) => {
    const value = text(name);
    return value && !Number.isNaN(Date.parse(value)) ? format.date(value) : undefined;
  };
  const kind = keys.find((one) => one === error.params.needed);
  const facts: [string, string | undefined][] = [
    [t('failed.signedWith'), text('signer')],
    [t('failed.needed'), kind && t(`failed.key.${kind}`)],
    [t('failed.validUntil'), day('validUntil')],
    [t('failed.revokedAt'), day('revokedAt')],
  ];
  return facts.flatMap(([term, value]) => (value ? [{ key: term, term, value }] : []));
}
