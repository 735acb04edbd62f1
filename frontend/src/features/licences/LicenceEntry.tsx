import { useTranslation } from 'react-i18next';
import { useText3 } from '@/i18n/text3';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';
import styles from './CheckPage.module.css';
import type { PublicLicence } from './queries';

/** The public fields of a licence, as the register shows them to anyone; `changed` when the document at hand is not the register's. */
export function LicenceEntry({ licence, changed = false }: { licence: PublicLicence; changed?: boolean }) {
  const { t } = useTranslation('check');
  const text3 = useText3();
  const format = useFormat();
  const several = (values: readonly string[]) =>
    values.length === 1 ? (
      values[0]
    ) : (
      <ul className={styles.list}>
        {values.map((value) => (
          <li key={value}>{value}</li>
        ))}
      </ul>
    );
  const facts: Fact[] = [
    { key: 'number', term: t('entry.number'), value: licence.number },
    { key: 'status', term: t('entry.status'), value: t(`status.${licence.status}`) },
    {
      key: 'holder',
      term: t('entry.holder'),
      value: licence.bin ? t('entry.bin', { name: licence.holder, bin: licence.bin }) : licence.holder,
    },
    { key: 'issued', term: t('entry.issued'), value: format.date(licence.issuedOn) },
  ];
  if (licence.firstIssuedOn !== licence.issuedOn) {
    facts.push({ key: 'first', term: t('entry.firstIssued'), value: format.date(licence.firstIssuedOn) });
  }
  facts.push(
    { key: 'addresses', term: t('entry.addresses'), value: several(licence.addresses) },
    { key: 'activity', term: t('entry.activity'), value: text3(licence.activity) },
    { key: 'sub', term: t('entry.subActivities'), value: several(licence.subActivities.map(text3)) },
    { key: 'licensor', term: t('entry.licensor'), value: text3(licence.licensor) },
  );
  if (licence.annexes && licence.annexes.length > 0) {
    const annexes = licence.annexes.map((annex) =>
      t('entry.annex', { number: annex.number, date: format.date(annex.issuedOn) }),
    );
    facts.push({ key: 'annexes', term: t('entry.annexes'), value: several(annexes) });
  }
  return (
    <div className="cols cols-side">
      <section>
        <h2 className={styles.entry}>{t(changed ? 'entry.trueTitle' : 'entry.title')}</h2>
        <SummaryList facts={facts} layout="middle" />
      </section>
      {licence.status !== 'valid' && (
        <aside className="panel">
          <h2>{t('patient.title')}</h2>
          <p className="small">{t('patient.text')}</p>
        </aside>
      )}
    </div>
  );
}
