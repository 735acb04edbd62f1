import { type ReactNode, useId, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import styles from './Dialog.module.css';

let questions = 0;
const watchers = new Set<() => void>();

function count(change: 1 | -1): void {
  questions += change;
  for (const tell of watchers) tell();
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

/** Whether a question stands open: what it is asked about must not be taken away under it. */
export const useAsking = (): boolean => useSyncExternalStore(watch, () => questions > 0);

/**
 * A question that must be answered before going on: something that cannot be undone, or a session that ended. The browser's own dialog
 * keeps the focus inside and the page behind still. Without `onClose` the Escape key does nothing.
 *
 * The focus goes to the title: a browser by itself puts it on the first button, and a second Enter would do what is only being asked. From
 * there a reader hears the title and `text`, what it is about.
 */
export function Dialog({
  title,
  text,
  children,
  onClose,
}: {
  title: ReactNode;
  text?: ReactNode;
  children: ReactNode;
  onClose?: () => void;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  const textId = useId();
  const show = () => {
    const dialog = box.current;
    if (!dialog?.isConnected || dialog.open) return;
    dialog.showModal();
    heading.current?.focus();
  };
  // Closed while it still stands on the page: only so does the browser give the focus back to what asked.
  // biome-ignore lint/correctness/useExhaustiveDependencies: shown once, for as long as it is there
  useLayoutEffect(() => {
    const dialog = box.current;
    show();
    count(1);
    return () => {
      count(-1);
      dialog?.close();
    };
  }, []);
  return (
    <dialog
      ref={box}
      className={styles.dialog}
      aria-labelledby={titleId}
      aria-describedby={text ? textId : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      // A browser closes at the third Escape whatever is said to it. A question that still stands is shown again.
      onClose={show}
    >
      <h2 id={titleId} tabIndex={-1} ref={heading}>
        {title}
      </h2>
      {text && <div id={textId}>{text}</div>}
      {children}
    </dialog>
  );
}
