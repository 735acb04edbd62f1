import { type ReactNode, useEffect, useRef } from 'react';

const kindClass = { information: '', attention: 'note--attention', good: 'note--good', bad: 'note--bad' } as const;

/**
 * A message inside the page; it stays until what it tells of is solved. `alert` makes a screen reader say it at once; what keeps one from going on
 * takes the focus each time that is tried (raise `attempt`).
 */
export function Note({
  kind = 'information',
  title,
  level = 2,
  alert,
  attempt = 0,
  children,
}: {
  kind?: keyof typeof kindClass;
  title?: ReactNode;
  level?: 1 | 2 | 3;
  alert?: boolean;
  attempt?: number;
  children?: ReactNode;
}) {
  const Heading = `h${level}` as const;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (attempt > 0) box.current?.focus();
  }, [attempt]);
  return (
    <div
      className={['note', kindClass[kind]].filter(Boolean).join(' ')}
      role={alert ? 'alert' : undefined}
      tabIndex={attempt > 0 ? -1 : undefined}
      ref={box}
    >
      {title && <Heading className={level === 1 ? 'note-title' : undefined}>{title}</Heading>}
      {children}
    </div>
  );
}
