import type { ReactNode } from 'react';

export type Fact = {
  key?: string;
  term: ReactNode;
  value: ReactNode;
  /** A link or button to change it; name what is changed in a visually hidden word. */
  action?: ReactNode;
};

const shape = {
  wide: 'facts',
  tight: 'facts facts--tight',
  middle: 'facts facts--mid',
  side: 'facts facts--side',
} as const;

/** Terms and values. Facts with an empty value are the caller's to leave out. */
export function SummaryList({ facts, layout = 'wide' }: { facts: readonly Fact[]; layout?: keyof typeof shape }) {
  return (
    <dl className={shape[layout]}>
      {facts.map((fact, index) => (
        <div key={fact.key ?? index}>
          <dt>{fact.term}</dt>
          <dd>{fact.value}</dd>
          {fact.action && <dd className="act">{fact.action}</dd>}
        </div>
      ))}
    </dl>
  );
}
