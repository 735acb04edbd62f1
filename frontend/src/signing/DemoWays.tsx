import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './DemoWays.module.css';
import { type DemoPerson, useDemoPeople } from './demoKeys';
import { useKeyAlgorithm } from './keyAlgorithm';
import type { Way } from './useSigning';

export type DemoWaysProps = {
  onStart: (way: Way) => void;
  title?: string;
  text?: string;
  /** Comes first: the person who is signed in. */
  first?: string | undefined;
  /** Shown as a heading of this level. */
  level?: 2 | 3;
};

const purposes = [
  'person',
  'sole_trader',
  'director',
  'chancery',
  'head',
  'executor',
  'expired',
  'revoked',
  'auth_only',
  'untrusted',
] as const;

/** What a demo person is there for; several keys bear one name and differ only in this. */
function usePurpose(): (person: DemoPerson) => string {
  const { t } = useTranslation('signing');
  return (person) => {
    const purpose = purposes.find((known) => known === person.purpose);
    const organisation = person.organisation ?? '';
    return purpose ? t(`ways.demo.purpose.${purpose}`, { organisation }) : organisation;
  };
}

/** Demo mode only: one press fetches the person's key file and signs with it. */
export function DemoWays({ onStart, title, text, first, level = 2 }: DemoWaysProps) {
  const { t } = useTranslation('signing');
  const purpose = usePurpose();
  const [algorithm] = useKeyAlgorithm();
  const people = useDemoPeople().data;
  if (!people || people.people.length === 0) return null;
  const Heading = `h${level}` as const;
  const ordered = [...people.people].sort((a, b) => Number(b.name === first) - Number(a.name === first));
  return (
    <section className={styles.demo}>
      <Heading>{title ?? t('ways.demo.title')}</Heading>
      <p className="small">{text ?? t('ways.demo.text')}</p>
      <AlgorithmChoice />
      <div className={styles.people}>
        {ordered.map((person) => (
          <button
            key={person.id}
            type="button"
            onClick={() => onStart({ kind: 'demo', key: { person, algorithm, password: people.password } })}
          >
            <b>{person.name}</b> <span>{purpose(person)}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

const algorithms = ['rsa', 'gost'] as const;

/** Everybody of the demonstration has two keys, as in life: which one is taken. */
function AlgorithmChoice() {
  const { t } = useTranslation('signing');
  const [algorithm, choose] = useKeyAlgorithm();
  const name = useId();
  return (
    <fieldset className={styles.algorithm}>
      <legend>{t('ways.demo.algorithm')}</legend>
      {algorithms.map((one) => (
        <label className="choice" key={one}>
          <input type="radio" name={name} checked={one === algorithm} onChange={() => choose(one)} />
          {t(`ways.demo.${one}`)}
        </label>
      ))}
    </fieldset>
  );
}
