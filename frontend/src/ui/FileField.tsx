import { type DragEvent, type Ref, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldProps } from './Field';
import { Icon } from './Icon';

export type FileFieldProps = FieldProps & {
  /** What the file chooser offers, e.g. ".p12,.pfx". The server checks the content itself. */
  accept?: string;
  /** The name of the file that is already chosen. */
  chosen?: string | undefined;
  prompt: string;
  onFile: (file: File) => void;
  ref?: Ref<HTMLInputElement>;
};

/** A place to drop one file or to choose it; choosing again changes it. */
export function FileField(props: FileFieldProps) {
  const { t } = useTranslation('ui');
  const ownId = useId();
  const id = props.id ?? ownId;
  const [over, setOver] = useState(false);
  const describedBy = [props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(' ');
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) props.onFile(file);
  };
  return (
    <div className={props.error ? 'field has-error' : 'field'}>
      <label htmlFor={id}>{props.label}</label>
      {props.hint && (
        <p className="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.error && (
        <p className="error" id={`${id}-error`}>
          <Icon name="bang" />
          <span>{props.error}</span>
        </p>
      )}
      <label
        htmlFor={id}
        className={over ? 'drop is-over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input
          className="vh"
          type="file"
          id={id}
          accept={props.accept}
          ref={props.ref}
          aria-describedby={describedBy || undefined}
          aria-invalid={props.error ? true : undefined}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) props.onFile(file);
            // The same file may be chosen again after a failure.
            event.currentTarget.value = '';
          }}
        />
        <b>{props.chosen ?? props.prompt}</b>
        {props.chosen && <span className="quiet">{t('file.chosen')}</span>}
      </label>
    </div>
  );
}
