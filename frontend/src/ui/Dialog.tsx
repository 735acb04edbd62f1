import { type ReactNode, useEffect, useId, useRef } from 'react';
import styles from './Dialog.module.css';

/**
 * A question that must be answered before going on: something that cannot be undone, or a session that ended. The browser's own dialog
 * keeps the focus inside and the page behind still. Without `onClose` the Escape key does nothing.
 */
export function Dialog({ title, children, onClose }: { title: ReactNode; children: ReactNode; onClose?: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      className={styles.dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClose={() => {
        // A browser closes at the third Escape whatever is said to it. A question that still stands is shown again.
        const dialog = box.current;
        if (dialog?.isConnected && !dialog.open) dialog.showModal();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}
