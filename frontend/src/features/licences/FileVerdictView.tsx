import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/ui/useErrorText';
import { useFormat } from '@/ui/useFormat';
import { type Answer, Answers, type Outcome, Verdict } from '@/ui/Verdict';
import { LicenceEntry } from './LicenceEntry';
import { useInForceAnswer } from './LicenceVerdict';
import type { FileVerdict } from './queries';

export type Judgement = 'valid' | 'notInForce' | 'refusal' | 'false' | 'unsigned' | 'partly';

/** One sentence out of three answers. What is bad outweighs what is not known, and what is not known is never called good. */
export function judge(verdict: FileVerdict): Judgement {
  const { signature, register, inForce } = verdict;
  // Nobody pretended anything: a receipt, a printout.
  if (signature.reason === 'file_unsigned' && register.answer === 'unknown') return 'unsigned';
  if (signature.answer === 'bad' || register.answer !== 'same') return 'false';
  if (signature.answer === 'not_checked') return inForce.answer === 'no' ? 'notInForce' : 'partly';
  if (register.kind === 'refusal') return 'refusal';
  return inForce.answer === 'yes' ? 'valid' : 'notInForce';
}

const outcomes: Record<Judgement, Outcome> = {
  valid: 'good',
  refusal: 'good',
  notInForce: 'bad',
  false: 'bad',
  unsigned: 'bad',
  partly: 'unknown',
};

/** Three answers about a dropped file: its signature, the register, in force today. */
export function FileVerdictView({ verdict, name }: { verdict: FileVerdict; name: string }) {
  const { t } = useTranslation('check');
  const format = useFormat();
  const at = format.moment(verdict.asOf);
  const judgement = judge(verdict);
  const said: Record<Judgement, { title: string; text: string }> = {
    valid: { title: t('verdict.valid'), text: t('verdict.validText', { at }) },
    refusal: { title: t('verdict.genuineRefusal'), text: t('verdict.genuineRefusalText', { at }) },
    notInForce: { title: t('verdict.notInForce'), text: t('verdict.notInForceText', { at }) },
    unsigned: { title: t('verdict.unsigned'), text: t('verdict.unsignedText', { at }) },
    false: { title: t('verdict.false'), text: t('verdict.falseText', { at }) },
    partly: { title: t('verdict.partly'), text: t('verdict.partlyText') },
  };
  return (
    <>
      <Verdict outcome={outcomes[judgement]} title={said[judgement].title}>
        <p>{said[judgement].text}</p>
        {name && <p className="small">{t('file.name', { name })}</p>}
      </Verdict>
      <Answers answers={useThreeAnswers(verdict)} />
      {verdict.licence && <LicenceEntry licence={verdict.licence} changed={verdict.register.answer === 'differs'} />}
    </>
  );
}

function useThreeAnswers(verdict: FileVerdict): Answer[] {
  const { t } = useTranslation('check');
  const inForceOf = useInForceAnswer();
  const signature = useSignatureAnswer(verdict.signature);
  const register: Record<FileVerdict['register']['answer'], Omit<Answer, 'key' | 'question'>> = {
    same: { outcome: 'good', answer: t('a.register.same'), why: t('a.register.sameText') },
    differs: {
      outcome: 'bad',
      answer: t('a.register.differs'),
      why: verdict.licence
        ? t('a.register.differsText', { number: verdict.licence.number })
        : t('a.register.differsRefusalText'),
    },
    unknown: { outcome: 'bad', answer: t('a.register.unknown'), why: t('a.register.unknownText') },
  };
  let inForce: Answer;
  const question = t('q.inForce');
  const changed = verdict.register.answer === 'differs';
  if (verdict.licence && !changed) inForce = inForceOf(verdict.licence);
  else if (verdict.inForce.answer === 'not_applicable') {
    inForce = {
      key: 'inForce',
      question,
      outcome: 'unknown',
      answer: t('a.inForce.notApplicable'),
      why: changed && verdict.licence ? t('a.inForce.changedText') : t('a.inForce.notApplicableText'),
    };
  } else {
    const status = verdict.inForce.status;
    inForce =
      verdict.inForce.answer === 'yes'
        ? { key: 'inForce', question, outcome: 'good', answer: t('a.inForce.yes'), why: t('a.inForce.yesText') }
        : {
            key: 'inForce',
            question,
            outcome: 'bad',
            answer: status && status !== 'valid' ? t(`a.inForce.${status}`) : t('a.inForce.no'),
          };
  }
  return [signature, { key: 'register', question: t('q.register'), ...register[verdict.register.answer] }, inForce];
}

function useSignatureAnswer(signature: FileVerdict['signature']): Answer {
  const { t, i18n } = useTranslation('check');
  const format = useFormat();
  const errorText = useErrorText();
  const base = { key: 'signature', question: t('q.signature') };
  if (signature.answer === 'not_checked') {
    return { ...base, outcome: 'unknown', answer: t('a.signature.notChecked'), why: t('a.signature.notCheckedText') };
  }
  if (signature.answer === 'bad') {
    const code = signature.reason ?? '';
    if (code === 'file_unsigned')
      return { ...base, outcome: 'bad', answer: t('a.signature.none'), why: t('a.signature.noneText') };
    // The reason is one of the codes of the signing library; its title says it in plain words.
    const ofFile = {
      file_malformed: t('a.signature.malformedText'),
      file_several_signatures: t('a.signature.severalText'),
      signature_content_differs: t('a.signature.changedText'),
    };
    const why =
      ofFile[code as keyof typeof ofFile] ??
      (i18n.exists(`errors:${code}.title`) ? errorText(code).title : t('a.signature.badText'));
    return { ...base, outcome: 'bad', answer: t('a.signature.bad'), why };
  }
  const signer = [signature.signer, signature.organisation].filter(Boolean).join(', ');
  const at = signature.signedAt ? format.moment(signature.signedAt) : '';
  return {
    ...base,
    outcome: 'good',
    answer: t('a.signature.good'),
    why: signer ? t('a.signature.goodText', { signer, at }) : undefined,
  };
}
