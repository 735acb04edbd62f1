import { type DragEvent, type ReactNode, type Ref, useState } from 'react';
import { Icon } from './Icon';

type Props = {
  id: string;
  /** The accessible name, where no label of its own stands above. */
  label?: string;
  error?: ReactNode;
  describedBy?: string | undefined;
  accept?: string | undefined;
  multiple?: boolean | undefined;
  ref?: Ref<HTMLInputElement> | undefined;
  onFiles: (files: File[]) => void;
  children: ReactNode;
};

/** A place to drop files or to choose them, with what is wrong above it: the common part of FileField and FilesField. */
export function DropZone({ id, label, error, describedBy, accept, multiple = false, ref, onFiles, children }: Props) {
  const [over, setOver] = useState(false);
  const described = [describedBy, error && `${id}-error`].filter(Boolean).join(' ');
  const give = (list: FileList | null) => {
    const files = [...(list ?? [])];
    if (files.length > 0) onFiles(multiple ? files : files.slice(0, 1));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    give(event.dataTransfer.files);
  };
  return (
    <>
      {error && (
        <p className="error" id={`${id}-error`}>
          <Icon name="bang" />
          <span>{error}</span>
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
          accept={accept}
          multiple={multiple}
          ref={ref}
          aria-label={label}
          aria-describedby={described || undefined}
          aria-invalid={error ? true : undefined}
          onChange={(event) => {
            give(event.currentTarget.files);
            // The same file may be chosen again after a failure.
            event.currentTarget.value = '';
          }}
        />
        {children}
      </label>
    </>
  );
}
