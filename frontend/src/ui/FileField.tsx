import { type Ref, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { DropZone } from './DropZone';
import type { FieldProps } from './Field';

export type FileFieldProps = FieldProps & {
  /** What the file chooser offers, e.g. ".p12,.pfx". The server checks the content itself. */
  accept?: string;
  /** The name of the file that is already chosen. */
  chosen?: string | undefined;
  prompt: string;
  /** Whether more than one may be given at once. */
  multiple?: boolean;
  onFile: (file: File, ...more: File[]) => void;
  ref?: Ref<HTMLInputElement>;
};

/** A place to drop a file or to choose it; choosing again changes it. */
export function FileField({
  label,
  hint,
  error,
  accept,
  chosen,
  prompt,
  multiple,
  onFile,
  ref,
  ...props
}: FileFieldProps) {
  const { t } = useTranslation('ui');
  const ownId = useId();
  const id = props.id ?? ownId;
  return (
    <div className={error ? 'field has-error' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <DropZone
        id={id}
        error={error}
        describedBy={hint ? `${id}-hint` : undefined}
        accept={accept}
        multiple={multiple}
        ref={ref}
        onFiles={([file, ...more]) => file && onFile(file, ...more)}
      >
        <b>{chosen ?? prompt}</b>
        {chosen && <span className="quiet">{t('file.chosen')}</span>}
      </DropZone>
    </div>
  );
}
