import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { type Choice, RadioGroup } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import { ErrorNote } from '@/ui/ErrorNote';
import { TextAreaField } from '@/ui/Field';

/** An act of an official that needs a written reason. */
export function RemarkAction({
  label,
  title,
  text,
  field,
  act,
  about,
  choice,
}: {
  label: string;
  title: string;
  /** What will happen, where it cannot be undone. */
  text?: string;
  field: string;
  act: (remark: string) => Promise<unknown>;
  /** What it is about, for a reader who hears the buttons without their row. */
  about: string;
  /** One of a few answers that the act needs besides. */
  choice?:
    | false
    | {
        legend: string;
        needed: string;
        options: readonly Choice[];
        value: string | undefined;
        onChange: (value: string) => void;
      };
}) {
  const { t } = useTranslation('money');
  const [open, setOpen] = useState(false);
  const [remark, setRemark] = useState('');
  const [missing, setMissing] = useState(false);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<unknown>();
  const go = async () => {
    if (remark.trim() === '' || (choice && !choice.value)) return setMissing(true);
    setRunning(true);
    setError(undefined);
    try {
      await act(remark.trim());
      setOpen(false);
    } catch (refusal) {
      setError(refusal);
    } finally {
      setRunning(false);
    }
  };
  // What was sent cannot be taken back by closing the question, and what came of it is told here.
  const close = () => {
    if (running) return;
    setOpen(false);
    setError(undefined);
    setMissing(false);
  };
  return (
    <>
      <Button variant="second" size="dense" onClick={() => setOpen(true)} aria-label={`${label} — ${about}`}>
        {label}
      </Button>
      {open && (
        <Dialog title={title} text={text && <p>{text}</p>} onClose={close}>
          <div className={text ? 'stack-5 after-title' : 'stack-5'}>
            {choice && (
              <RadioGroup
                legend={choice.legend}
                options={choice.options}
                value={choice.value ?? ''}
                onChange={choice.onChange}
                error={missing && !choice.value && choice.needed}
              />
            )}
            <TextAreaField
              label={field}
              value={remark}
              onChange={setRemark}
              maxLength={1000}
              error={missing && remark.trim() === '' && t('desk.remarkNeeded')}
            />
          </div>
          <ErrorNote error={error} />
          <div className="actions after-title">
            <Button busy={running && t('desk.busy')} onClick={() => void go()}>
              {label}
            </Button>
            {!running && (
              <Button variant="link" onClick={close}>
                {t('desk.keep')}
              </Button>
            )}
          </div>
        </Dialog>
      )}
    </>
  );
}
