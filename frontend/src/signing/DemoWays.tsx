import { useTranslation } from 'react-i18next';
import styles from './DemoWays.module.css';
import { type DemoPerson, useDemoPeople } from './demoKeys';
import type { Way } from './useSigning';

export type DemoWaysProps = {
  onStart: (way: Way) => void;
  title?: string;
  text?: string;
  /** What is said under each name; the organisation unless told. */
  underName?: (person: DemoPerson) => string;
  /** Comes first: the person who is signed in. */
  first?: string | undefined;
  /** Shown as a heading of this level. */
  level?: 2 | 3;
};

/** Demo mode only: one press fetches the person's key file and signs with it. */
export function DemoWays({ onStart, title, text, underName, first, level = 2 }: DemoWaysProps) {
  const { t } = useTranslation('signing');
  const people = useDemoPeople().data;
  if (!people || people.people.length === 0) return null;
  const Heading = `h${level}` as const;
  const ordered = [...people.people].sort((a, b) => Number(b.name === first) - Number(a.name === first));
  return (
    <section className={styles.demo}>
      <Heading>{title ?? t('ways.demo.title')}</Heading>
      <p className="small">{text ?? t('ways.demo.text')}</p>
      <div className={styles.people}>
        {ordered.map((person) => (
          <button
            key={person.id}
            type="button"
            onClick={() => onStart({ kind: 'demo', person, password: people.password })}
          >
            <b>{person.name}</b> <span>{underName ? underName(person) : person.organisation}</span>
          </button>
        ))}
      </div>
    </section>
  );
}
