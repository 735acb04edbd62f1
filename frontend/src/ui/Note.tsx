import type { ReactNode } from 'react';

const kindClass = { information: '', attention: 'note--attention', good: 'note--good', bad: 'note--bad' } as const;

/** A message inside the page; it stays until what it tells of is solved. `alert` makes a screen reader say it at once. */
export function Note({
  kind = 'information',
  title,
  level = 2,
  alert,
  children,
}: {
  kind?: keyof typeof kindClass;
  title?: ReactNode;
  level?: 1 | 2 | 3;
  alert?: boolean;
  children?: ReactNode;
}) {
  const Heading = `h${level}` as const;
  return (
    <div className={['note', kindClass[kind]].filter(Boolean).join(' ')} role={alert ? 'alert' : undefined}>
      {title && <Heading className={level === 1 ? 'note-title' : undefined}>{title}</Heading>}
      {children}
    </div>
  );
}
