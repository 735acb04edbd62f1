import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/useFormat';
import { type Answer, Answers, Verdict } from '@/ui/Verdict';
import { LicenceEntry } from './LicenceEntry';
import type { PublicLicence } from './queries';

/** What the register says about a number: the entry, and whether it is in force today. A signature cannot be judged by a number. */
export function LicenceVerdict({ licence }: { licence: PublicLicence }) {
  const { t } = useTranslation('check');
  const format = useFormat();
  const inForce = licence.status === 'valid';
  const at = format.moment(licence.asOf);
  return (
    <>
      <Verdict outcome={inForce ? 'good' : 'bad'} title={inForce ? t('verdict.valid') : t('verdict.notInForce')}>
        <p>{inForce ? t('verdict.validText', { at }) : t('verdict.notInForceText', { at })}</p>
      </Verdict>
      <Answers
        answers={[
          {
            key: 'register',
            question: t('q.register'),
            outcome: 'good',
            answer: t('a.register.found'),
            why: t('a.register.foundText'),
          },
          useInForceAnswer()(licence),
          {
            key: 'signature',
            question: t('q.signature'),
            outcome: 'unknown',
            answer: t('a.signature.notAsked'),
            why: t('a.signature.notAskedText'),
          },
        ]}
      />
      <LicenceEntry licence={licence} />
    </>
  );
}

/** "In force today" for an entry of the register. */
export function useInForceAnswer(): (licence: PublicLicence) => Answer {
  const { t } = useTranslation('check');
  const format = useFormat();
  return (licence) => {
    const question = t('q.inForce');
    if (licence.status !== 'valid')
      return { key: 'inForce', question, outcome: 'bad', answer: t(`a.inForce.${licence.status}`) };
    const end = licence.validUntil
      ? t('a.inForce.until', { date: format.date(licence.validUntil) })
      : t('a.inForce.noEnd');
    return {
      key: 'inForce',
      question,
      outcome: 'good',
      answer: t('a.inForce.yes'),
      why: `${t('a.inForce.yesText')} ${end}`,
    };
  };
}
