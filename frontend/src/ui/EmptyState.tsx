import type { ReactNode } from 'react';

/** What will be here, one sentence, one button. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children && <p className="empty-text">{children}</p>}
      {action}
    </div>
  );
}
