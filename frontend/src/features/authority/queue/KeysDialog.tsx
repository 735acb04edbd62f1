import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { CheckField } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import styles from './queue.module.css';

export function KeysDialog({
  on,
  onSwitch,
  onClose,
}: {
  on: boolean;
  onSwitch: (on: boolean) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation(['authority', 'ui']);
  const keys = [
    ['J', t('keys.down')],
    ['K', t('keys.up')],
    ['Enter', t('keys.open')],
    ['/', t('keys.find')],
    ['Esc', t('keys.clear')],
    ['?', t('keys.help')],
  ] as const;
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <dl className={styles.keyList}>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <CheckField label={t('keys.on')} hint={t('keys.onHint')} checked={on} onChange={onSwitch} />
      <div className="actions after-title">
        <Button onClick={onClose}>{t('ui:close')}</Button>
      </div>
    </Dialog>
  );
}
