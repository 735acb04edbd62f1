import { type ReactNode, useState } from 'react';
import { Button, type ButtonProps } from './Button';
import { Dialog } from './Dialog';
import { ErrorNote } from './ErrorNote';

/**
 * An act that cannot simply be undone: one press asks, the second does. It stays open with the reason when the act fails; when it comes
 * through, the page that asked usually changes.
 */
export function ConfirmAction({
  label,
  title,
  children,
  confirm,
  keep,
  busy,
  act,
  variant = 'stop-link',
  size,
  stop = true,
}: {
  /** The words of the button that asks. */
  label: ReactNode;
  title: ReactNode;
  /** What will happen, what is kept, what is lost. */
  children: ReactNode;
  /** The words that name the act, never "yes". */
  confirm: string;
  /** The words that leave everything as it is. */
  keep: string;
  /** The verb in progress. */
  busy: string;
  act: () => Promise<unknown>;
  variant?: NonNullable<ButtonProps['variant']>;
  size?: NonNullable<ButtonProps['size']>;
  /** It takes something away: the confirming button is red. */
  stop?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<unknown>();
  // What was sent cannot be taken back by closing the question, and what came of it is told here.
  const close = () => {
    if (running) return;
    setOpen(false);
    setError(undefined);
  };
  const go = async () => {
    setRunning(true);
    setError(undefined);
    try {
      await act();
      setOpen(false);
    } catch (refusal) {
      setError(refusal);
    } finally {
      setRunning(false);
    }
  };
  return (
    <>
      <Button variant={variant} {...(size && { size })} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open && (
        <Dialog title={title} text={children} onClose={close}>
          <ErrorNote error={error} />
          <div className="actions after-title">
            <Button variant={stop ? 'stop' : 'first'} busy={running && busy} onClick={() => void go()}>
              {confirm}
            </Button>
            {!running && (
              <Button variant="link" onClick={close}>
                {keep}
              </Button>
            )}
          </div>
        </Dialog>
      )}
    </>
  );
}
