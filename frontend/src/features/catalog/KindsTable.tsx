import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '@/app/paths';
import { ErrorNote } from '@/ui/ErrorNote';
import { wallClock } from '@/ui/format';
import { Loading } from '@/ui/Loading';
import { useFormat } from '@/ui/useFormat';
import styles from './HomePage.module.css';
import { useServiceCard } from './queries';

// The four kinds of the standard (S9). Term and fee come from the declaration; a kind that it lacks is still taken in person only.
const kinds = ['licence', 'annex', 'reissue', 'duplicate'] as const;

/** What one can ask for, how long it takes and what it costs today. */
export function KindsTable() {
  const { t } = useTranslation(['home', 'ui']);
  const format = useFormat();
  const card = useServiceCard();
  if (card.isPending) return <Loading />;
  if (card.isError && !card.data) return <ErrorNote error={card.error} onRetry={() => card.refetch()} />;
  const { service, fee } = card.data;
  return (
    <>
      <table className={`table cards ${styles.kinds}`}>
        <thead>
          <tr>
            <th scope="col">{t('kinds.what')}</th>
            <th scope="col">{t('kinds.when')}</th>
            <th scope="col" className="num">
              {t('kinds.term')}
            </th>
            <th scope="col" className="num">
              {t('kinds.fee')}
            </th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => {
            const declared = service.kinds.find((k) => k.code === kind);
            return (
              <tr key={kind}>
                <td>
                  {declared ? (
                    <Link to={paths.service}>{t(`kinds.${kind}.name`)}</Link>
                  ) : (
                    <b>{t(`kinds.${kind}.name`)}</b>
                  )}
                </td>
                <td>{t(`kinds.${kind}.when`)}</td>
                {declared ? (
                  <>
                    <td className="num" data-k={t('kinds.term')}>
                      {t('ui:unit.workingDays', { count: declared.term.workingDays })}
                    </td>
                    <td className="num" data-k={t('kinds.fee')}>
                      {!declared.fee.kind
                        ? t('kinds.noFee')
                        : fee
                          ? format.money(fee.amount)
                          : t('ui:rateUnknown.short')}
                    </td>
                  </>
                ) : (
                  <td className={`quiet ${styles.personally}`} colSpan={2}>
                    {t('kinds.personally')}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className={`quiet small ${styles.mci}`}>
        {fee
          ? t('kinds.mci', { mci: format.money(fee.mci), year: wallClock(fee.rateDay).year })
          : t('ui:rateUnknown.text')}
      </p>
    </>
  );
}
