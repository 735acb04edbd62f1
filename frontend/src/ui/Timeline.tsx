import type { ReactNode } from 'react';

export type TimelineEntry = {
  key: string;
  state: 'done' | 'now' | 'later';
  title: ReactNode;
  when?: ReactNode;
  children?: ReactNode;
};

const stateClass = { done: 'done', now: 'now', later: 'todo' } as const;

/** What happened, what happens now and what comes, oldest first. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className="timeline">
      {entries.map((entry) => (
        <li
          key={entry.key}
          className={stateClass[entry.state]}
          aria-current={entry.state === 'now' ? 'step' : undefined}
        >
          <b>{entry.title}</b>
          {entry.when && <span className="when">{entry.when}</span>}
          {entry.children}
        </li>
      ))}
    </ol>
  );
}
