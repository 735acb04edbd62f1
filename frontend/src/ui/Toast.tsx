import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const shownMs = 8000;

/** Only for something just done that can be undone; goes by itself, waits while it is pointed at or focused. Never for errors or signing. */
export function Toast({
  text,
  undoLabel,
  onUndo,
  onClose,
}: {
  text: string;
  undoLabel: string;
  onUndo: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation('ui');
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onClose, shownMs);
    return () => clearTimeout(timer);
  }, [held, onClose]);
  return (
    <div
      className="toast toast--float"
      role="status"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{text}</span>
      <button type="button" onClick={onUndo}>
        {undoLabel}
      </button>
      <button type="button" onClick={onClose}>
        {t('close')}
      </button>
    </div>
  );
}
