import { type DragEvent, type ReactNode, useId, useState } from 'react';
import { Icon } from './Icon';

export type FilesFieldProps = {
  /** Says what the files are; the visible words of the place to drop. */
  prompt: ReactNode;
  /** For those who hear the page: which document this place is for. */
  label: string;
  hint?: ReactNode;
  error?: ReactNode;
  id?: string;
  accept?: string;
  multiple?: boolean;
  onFiles: (files: File[]) => void;
};

/** A place to drop files or to choose them; several at once where that makes sense. What was chosen is listed by the page. */
export function FilesField(props: FilesFieldProps) {
  const ownId = useId();
  const id = props.id ?? ownId;
  const [over, setOver] = useState(false);
  const describedBy = [props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(' ');
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) props.onFiles(props.multiple ? files : files.slice(0, 1));
  };
  return (
    <div className={props.error ? 'field has-error' : 'field'}>
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
          multiple={props.multiple}
          aria-label={props.label}
          aria-describedby={describedBy || undefined}
          aria-invalid={props.error ? true : undefined}
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            if (files.length > 0) props.onFiles(files);
            // The same file may be chosen again after a failure.
            event.currentTarget.value = '';
          }}
        />
        <b>{props.prompt}</b>
        {props.hint && (
          <span className="quiet" id={`${id}-hint`}>
            {props.hint}
          </span>
        )}
      </label>
    </div>
  );
}
