import type { ReactNode } from 'react';
import { Icon } from './Icon';
import styles from './Verdict.module.css';

/** good, bad, or "could not be learnt now", which is neither (product.md §4: three outcomes, never two). */
export type Outcome = 'good' | 'bad' | 'unknown';

const signs = { good: 'tick', bad: 'cross', unknown: 'clock' } as const;

/** The answer first: a full-width band with its sign and one sentence. */
export function Verdict({ outcome, title, children }: { outcome: Outcome; title: ReactNode; children?: ReactNode }) {
  return (
    <section className={`${styles.verdict} ${styles[outcome]}`} role="status">
      <h2>
        <Icon name={signs[outcome]} />
        {title}
      </h2>
      {children}
    </section>
  );
}

export type Answer = { key: string; question: ReactNode; outcome: Outcome; answer: ReactNode; why?: ReactNode };

/** The questions behind a verdict, each with its own sign. */
export function Answers({ answers }: { answers: readonly Answer[] }) {
  return (
    <ol className={styles.answers}>
      {answers.map((item) => (
        <li key={item.key}>
          <span className={styles.question}>{item.question}</span>
          <div className={`${styles.answer} ${styles[item.outcome]}`}>
            <Icon name={signs[item.outcome]} />
            {item.answer}
          </div>
          {item.why && <p>{item.why}</p>}
        </li>
      ))}
    </ol>
  );
}
