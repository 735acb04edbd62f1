import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useLicencesInForce } from '@/api/licences';
import { Note } from './Note';

/**
 * Says to whoever holds a licence of this service that a second one is rarely what he needs, before he fills a form or pays for it (S1, S9). It
 * forbids nothing, and where the licences cannot be read it is not there.
 */
export function LicencesInForce({ service, address }: { service: string; address: (number: string) => string }) {
  const { t } = useTranslation('ui');
  const licences = useLicencesInForce(service);
  if (licences.length === 0) return null;
  return (
    <Note title={t('inForce.title', { count: licences.length })}>
      <ul className="plain">
        {licences.map(({ number }) => (
          <li key={number}>
            <Link className="lnk" to={address(number)}>
              {t('inForce.number', { number })}
            </Link>
          </li>
        ))}
      </ul>
      <p>{t('inForce.text')}</p>
    </Note>
  );
}
