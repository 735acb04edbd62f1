import { type ReactNode, useId } from 'react';
import { DropZone } from './DropZone';

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
export function FilesField({ prompt, label, hint, error, accept, multiple, onFiles, ...props }: FilesFieldProps) {
  const ownId = useId();
  const id = props.id ?? ownId;
  return (
    <div className={error ? 'field has-error' : 'field'}>
      <DropZone
        id={id}
        label={label}
        error={error}
        describedBy={hint ? `${id}-hint` : undefined}
        accept={accept}
        multiple={multiple}
        onFiles={onFiles}
      >
        <b>{prompt}</b>
        {hint && (
          <span className="quiet" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </DropZone>
    </div>
  );
}
