import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import styles from './file.module.css';

/** A document inside the page. The frame shows nothing but the file: the server forbids it scripts and other addresses. */
export function FilePreview({
  name,
  href,
  picture = false,
  onClose,
}: {
  name: string;
  href: string;
  picture?: boolean;
  onClose?: () => void;
}) {
  const { t } = useTranslation(['authority', 'ui']);
  const heading = useRef<HTMLHeadingElement>(null);
  const opened = onClose !== undefined;
  useEffect(() => {
    // Opened by a button above: what it opened takes the focus. A preview that is always there does not.
    if (opened) heading.current?.focus();
  }, [opened]);
  return (
    <section className={styles.preview}>
      <div className={styles.previewHead}>
        <h2 className={styles.heading} tabIndex={-1} ref={heading}>
          {name}
        </h2>
        <span className="actions">
          <a className="lnk" href={href} target="_blank" rel="noreferrer">
            {t('documents.newWindow')}
          </a>
          {onClose && (
            <Button variant="link" size="dense" onClick={onClose}>
              {t('ui:close')}
            </Button>
          )}
        </span>
      </div>
      {picture ? (
        <img className={styles.picture} src={href} alt={name} />
      ) : (
        <iframe className={styles.sheet} src={`${href}#view=FitH&navpanes=0`} title={name} />
      )}
    </section>
  );
}
