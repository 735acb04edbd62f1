import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Application, RefusalGround } from '@/api/applications';
import type { DeclaredService } from '@/api/declaration';
import { useLanguage } from '@/i18n/useLanguage';
import { formatDate } from '@/ui/format';
import { groundText, type LetterKey, type LetterLanguage, letterText } from './letterTexts';
import styles from './refusal.module.css';

const repairable = ['S10.2', 'S10.3', 'S10.4', 'S10.7'];

/** A date as the letter says it before a noun: "от 27 марта 2026 года", "2026 жылғы 27 наурыздағы" (letters.md §0). */
export function attributive(moment: string, language: LetterLanguage): string {
  if (language === 'ru') return `от ${formatDate(moment, 'ru')}`;
  const on = formatDate(moment, 'kk', { form: 'on' });
  return `${on}${on.endsWith('а') ? 'ғы' : 'гі'}`;
}

/**
 * What the letter will say of the grounds, as it grows, in the language that is chosen for it; what the executor typed is marked (design 09b). The
 * whole letter is the PDF's.
 */
export function Letter({
  application,
  service,
  grounds,
}: {
  application: Application;
  service: DeclaredService;
  grounds: readonly RefusalGround[];
}) {
  const { t } = useTranslation('authority');
  const page = useLanguage();
  const [language, setLanguage] = useState<LetterLanguage>(page === 'kk' ? 'kk' : 'ru');
  const say = (key: LetterKey, values?: Record<string, string>) => letterText(key, language, values);
  const { applicant, filedAt, incomingNumber, completeness } = application;
  const idWord = language === 'kk' ? (applicant.bin ? 'БСН' : 'ЖСН') : applicant.bin ? 'БИН' : 'ИИН';
  const addressee = `${applicant.name}, ${idWord} ${applicant.bin ?? applicant.iin}`;
  return (
    <div>
      <div className={styles.letterHead}>
        <p className="small quiet">{t('letter.about')}</p>
        <p className={styles.languages}>
          {(['kk', 'ru'] as const).map((one) => (
            <button
              key={one}
              type="button"
              className="lnk"
              lang={one}
              aria-pressed={language === one}
              onClick={() => setLanguage(one)}
            >
              {one === 'kk' ? 'Қазақша' : 'Русский'}
            </button>
          ))}
        </p>
      </div>
      <article className={styles.letter} lang={language} aria-label={t('letter.reasons')}>
        <p className={styles.letterTitle}>{say('ref.title')}</p>
        <p>{addressee}</p>
        {filedAt && (
          <p>{say('ref.intro', { 'filed.attr': attributive(filedAt, language), in_no: incomingNumber ?? '—' })}</p>
        )}
        {grounds.length === 0 ? (
          <p className="quiet" lang={page}>
            {t('letter.empty')}
          </p>
        ) : (
          <p>{say(grounds.length > 1 ? 'ref.decision.many' : 'ref.decision.one')}</p>
        )}
        {grounds.map((ground, index) => {
          const requirement = service.requirements.find((one) => one.id === ground.requirement)?.text[language];
          const reason = groundText(ground.code, 'reason', language, ground.reason);
          return (
            <section key={ground.code}>
              <p>
                <b>
                  {grounds.length > 1 && `${index + 1}. `}
                  {groundText(ground.code, undefined, language)}
                </b>
              </p>
              {requirement && <p>{groundText(ground.code, 'requirement', language, requirement)}</p>}
              {ground.basis && <Typed text={groundText(ground.code, 'basis', language, ground.basis)} />}
              {ground.reason && <Typed text={reason} />}
              {ground.code === 'S10.7' && completeness && (
                <p>{groundText('S10.7', 'deadline', language, formatDate(completeness.closesAt, language))}</p>
              )}
              {ground.remedy && <Typed text={say('ref.remedy', { value: ground.remedy })} />}
            </section>
          );
        })}
        {grounds.some((ground) => repairable.includes(ground.code)) && <p>{say('ref.again')}</p>}
        <p>{say('ref.fee')}</p>
        <p>
          <b>{say('ref.appeal.title')}</b>
        </p>
        <p>{say('ref.appeal.way')}</p>
        <p>{say('ref.appeal.2021.term')}</p>
        <p className="quiet" lang={page}>
          {t('letter.signature')}
        </p>
      </article>
      <p className="small after-title">{t('letter.whole')}</p>
    </div>
  );
}

function Typed({ text }: { text: string | undefined }) {
  return (
    <p>
      <mark>{text}</mark>
    </p>
  );
}
