import { useTranslation } from 'react-i18next';
import { Icon } from '@/ui/Icon';
import { useOnline } from '@/ui/useOnline';

/** Says that the line is dead, that nothing typed is lost, and goes away by itself. Always there for screen readers, so that it is spoken. */
export function Offline() {
  const { t } = useTranslation('ui');
  const online = useOnline();
  return (
    <div role="status" className={online ? undefined : 'offline'}>
      {!online && (
        <p className="wrap">
          <Icon name="bang" />
          <span>
            <b>{t('offline.title')}</b> {t('offline.text')}
          </span>
        </p>
      )}
    </div>
  );
}
