import { useTranslation } from 'react-i18next';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';
import { type Outcome, Verdict } from '@/ui/Verdict';
import type { ReportedSignature, SignatureOutcome, SignatureReport } from './queries';

const shown: Record<SignatureOutcome, Outcome> = {
  'TOTAL-PASSED': 'good',
  'TOTAL-FAILED': 'bad',
  NO_SIGNATURE_FOUND: 'bad',
  INDETERMINATE: 'unknown', // neither good nor bad
};

/** The verdict about a file in one band, then each signature by itself. `names` are those of the file, or of the signature and its document. */
export function SignatureReportView({ report, names }: { report: SignatureReport; names: readonly string[] }) {
  const { t } = useTranslation('signatures');
  const format = useFormat();
  const reasonText = useReasonText();
  return (
    <>
      <Verdict outcome={shown[report.outcome]} title={t(`outcomes.${report.outcome}`)}>
        {report.reason && <p>{reasonText(report.reason)}</p>}
        <p className="small">
          {names.length > 1 ? t('file.names', { names: names.join(', ') }) : t('file.name', { name: names[0] })}.{' '}
          {t('at', { at: format.moment(report.asOf) })}
        </p>
      </Verdict>
      {report.signatures.map((signature, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the signatures of one report keep their order and have no name of their own
        <OneSignature key={i} signature={signature} number={i + 1} />
      ))}
    </>
  );
}

/** A signature without its document: there is nothing to say of it yet. */
export function DocumentNeeded() {
  const { t } = useTranslation('signatures');
  return (
    <Verdict outcome="unknown" title={t('document.title')}>
      <p>{t('document.text')}</p>
    </Verdict>
  );
}

/** A reason of the signing library in plain words; one that this page does not know is shown as its code. */
function useReasonText() {
  const { t, i18n } = useTranslation('signatures');
  return (reason: string): string => {
    const key = `reasons.${reason}` as 'reasons.signature_wrong';
    return i18n.exists(`signatures:${key}`) ? t(key) : reason;
  };
}

function OneSignature({ signature, number }: { signature: ReportedSignature; number: number }) {
  const { t } = useTranslation('signatures');
  const reasonText = useReasonText();
  const facts = useFacts(signature);
  return (
    <section className="panel stack">
      <h2>
        {t('heading', { number })}: {t(`outcomes.${signature.outcome}`)}
      </h2>
      {signature.reason && <p>{reasonText(signature.reason)}</p>}
      {!signature.coversWholeFile && <p>{t('changed')}</p>}
      {facts.length > 0 && <SummaryList facts={facts} layout="tight" />}
      <details>
        <summary>{t('checksTitle')}</summary>
        <ul>
          {signature.checks.map((check) => (
            <li key={check.name}>
              {check.rule}: {t(`check.${check.outcome}`)}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function useFacts(signature: ReportedSignature): Fact[] {
  const { t } = useTranslation('signatures');
  const format = useFormat();
  const reasonText = useReasonText();
  const facts: Fact[] = [];
  const add = (key: string, term: string, value: string | undefined) => {
    if (value) facts.push({ key, term, value });
  };
  const { certificateFrom: from, certificateUntil: until } = signature;
  add('signer', t('facts.signer'), signature.signer);
  add('organisation', t('facts.organisation'), signature.organisation);
  add('bin', t('facts.bin'), signature.bin);
  add('period', t('facts.period'), from && until && `${format.moment(from)} – ${format.moment(until)}`);
  add('claimedAt', t('facts.claimedAt'), signature.claimedAt && format.moment(signature.claimedAt));
  add('provenAt', t('facts.provenAt'), signature.provenAt && format.moment(signature.provenAt));
  // A signature that failed before its time stamps were looked for is not said to have none.
  const lookedFor = signature.checks.some(({ name }) => name === 'time-stamps');
  if (lookedFor && signature.timeStamps.length === 0) add('timestamp', t('facts.timestamp'), t('facts.noTimestamp'));
  for (const [i, stamp] of signature.timeStamps.entries()) {
    const said = [stamp.at && format.moment(stamp.at), stamp.authority, stamp.reason && reasonText(stamp.reason)];
    add(`timestamp-${i}`, t('facts.timestamp'), said.filter(Boolean).join(', '));
  }
  add('algorithm', t('facts.algorithm'), signature.algorithm);
  return facts;
}
