import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problem';
import { ButtonLink } from '@/ui/Button';
import { Note } from '@/ui/Note';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { useErrorText } from '@/ui/useErrorText';
import { useFormat } from '@/ui/useFormat';
import { SigningError } from './signer';

/**
 * Why a signing failed, what is kept, what to do now, and what the server told about the key that was used and about its checks (design 05c).
 * What is kept differs with who signs what, so the page says it; null where there is nothing to keep. The ways to sign are the page's own and
 * stand below.
 */
export function SigningFailure({ error, kept, children }: { error: unknown; kept: ReactNode; children?: ReactNode }) {
  const { t } = useTranslation('signing');
  const said = useFailureText(error);
  const facts = useKeyFacts(error);
  const way = wayOut[error instanceof ApiError || error instanceof SigningError ? error.code : ''];
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
      {way && (
        <section>
          <h3>{t('failed.now.title')}</h3>
          <ol>
            {([1, 2, 3] as const).map((step) => (
              <li key={step}>{t(`failed.now.${way}${step}`)}</li>
            ))}
          </ol>
        </section>
      )}
      {facts.length > 0 && <SummaryList facts={facts} layout="tight" />}
      {way === 'key' && (
        <p>
          <ButtonLink variant="second" to={helpOnKeys}>
            {t('failed.getKey')}
          </ButtonLink>
        </p>
      )}
      <ChecksMade error={error} />
      {children}
    </div>
  );
}

// Signing knows no pages (paths.ts stands above it): the one address that it leads to.
const helpOnKeys = '/help#eds';

// What leads out: another key or a new one, the same key a little later, the program. Where the detail says it all there is no list.
const wayOut: Record<string, 'key' | 'later' | 'program'> = {
  signer_not_applicant: 'key',
  signer_without_right: 'key',
  signer_not_official: 'key',
  no_signing_key: 'key',
  certificate_auth_only: 'key',
  certificate_not_for_people: 'key',
  certificate_profile: 'key',
  certificate_untrusted: 'key',
  certificate_expired: 'key',
  certificate_revoked: 'key',
  revocation_unavailable: 'later',
  program_not_running: 'program',
  program_lost: 'program',
};

type Check = { rule: string; outcome: 'passed' | 'warning' | 'failed' | 'skipped' };

function isCheck(one: unknown): one is Check {
  const { rule, outcome } = (one ?? {}) as Partial<Check>;
  return typeof rule === 'string' && ['passed', 'warning', 'failed', 'skipped'].includes(String(outcome));
}

/** What was checked, rule by rule, for whoever has to find out why. */
function ChecksMade({ error }: { error: unknown }) {
  const { t } = useTranslation('signing');
  const checks = error instanceof ApiError && Array.isArray(error.params.checks) ? error.params.checks : [];
  const made = checks.filter(isCheck);
  if (made.length === 0) return null;
  return (
    <details>
      <summary>{t('failed.report')}</summary>
      <ul className="small">
        {made.map((check, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule may be asked of several certificates, in an order that stays
          <li key={at}>
            {check.rule}: {t(`failed.check.${check.outcome}`)}
          </li>
        ))}
      </ul>
    </details>
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
  const seenAt = useSeenAt(error);
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
    [t('failed.checkedAt'), text('signer') && format.moment(seenAt)],
  ];
  return facts.flatMap(([term, value]) => (value ? [{ key: term, term, value }] : []));
}

/** When an answer came: a key that is refused now may be good tomorrow. */
function useSeenAt(error: unknown): string {
  const [seen, setSeen] = useState(() => ({ error, at: new Date().toISOString() }));
  if (seen.error === error) return seen.at;
  const next = { error, at: new Date().toISOString() };
  setSeen(next);
  return next.at;
}
