import type { ReactNode } from 'react';

/** What will be here, one sentence, one button. */
export function EmptyState({
  title,
  children,
  action,
  level = 2,
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** 3 where it stands under a heading of the second level. */
  level?: 2 | 3;
}) {
  const Heading = `h${level}` as const;
  return (
    <div className="empty">
      <Heading>{title}</Heading>
      {children && <p className="empty-text">{children}</p>}
      {action}
    </div>
  );
}
