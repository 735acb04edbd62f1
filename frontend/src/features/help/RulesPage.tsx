import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '@/app/paths';
import { DocumentTitle } from '@/ui/DocumentTitle';

// The item of each document and the text that says it plainly.
const items = [
  ['S 4', 's4'],
  ['S 7', 's7'],
  ['S 8', 's8'],
  ['S 9', 's9'],
  ['S 10', 's10'],
  ['R 5', 'r5'],
  ['R 10', 'r10'],
] as const;

/** What the two governing documents say to an applicant, item by item. */
export function RulesPage() {
  const { t } = useTranslation('help');
  return (
    <>
      <DocumentTitle title={t('rules.title')} />
      <div className="measure stack-5">
        <h1>{t('rules.title')}</h1>
        <p className="lead">{t('rules.lead')}</p>
        <ul>
          <li>
            <b>S.</b> {t('rules.doc.standard')}
          </li>
          <li>
            <b>R.</b> {t('rules.doc.regulation')}
          </li>
        </ul>
      </div>
      <table className="table after-text">
        <thead>
          <tr>
            <th scope="col">{t('rules.item')}</th>
            <th scope="col">{t('rules.says')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(([item, key]) => (
            <tr key={key}>
              <th scope="row" className="nowrap">
                {item}
              </th>
              <td>{t(`rules.i.${key}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="after-title">
        <Link className="lnk" to={paths.process}>
          {t('rules.process')}
        </Link>
      </p>
    </>
  );
}
