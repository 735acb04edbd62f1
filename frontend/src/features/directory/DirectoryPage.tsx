import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorNote';
import { SelectField, TextField } from '@/ui/Field';
import { Loading } from '@/ui/Loading';
import styles from './DirectoryPage.module.css';
import { type Authority, type ServiceCentre, useAuthorities, useServiceCentres } from './queries';
import { findAuthorities, findCentres } from './search';

const firstShown = 20;

/** The 16 authorities and the service centres, with "open now" (S3.1, S3.2, S8, S13). */
export function DirectoryPage() {
  const { t } = useTranslation('directory');
  const text3 = useText3();
  const [words, setWords] = useState('');
  const [region, setRegion] = useState('');
  const authorities = useAuthorities();
  const centres = useServiceCentres();
  const { hash } = useLocation();
  const ready = authorities.data && centres.data;
  useEffect(() => {
    if (ready && hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [ready, hash]);
  const known = authorities.data ?? [];
  return (
    <>
      <DocumentTitle title={t('title')} />
      <h1>{t('title')}</h1>
      <p className="lead after-title">{t('lead')}</p>
      <div className={styles.search}>
        <TextField
          label={t('search.label')}
          hint={t('search.hint')}
          value={words}
          onChange={setWords}
          type="search"
          maxLength={80}
        />
        <SelectField
          label={t('region.label')}
          value={region}
          onChange={setRegion}
          placeholder={t('region.all')}
          options={known.map((a) => ({ value: a.code, label: text3(a.region) || text3(a.name) }))}
        />
      </div>
      <section className="section" id="authorities">
        <h2>{t('authorities')}</h2>
        <p className={`quiet ${styles.hours}`}>
          {t('hours.authority')} {known[0] && <OpenNow open={known[0].openNow} />}
        </p>
        {authorities.isPending && <Loading />}
        {authorities.isError && <ErrorNote error={authorities.error} onRetry={() => authorities.refetch()} />}
        {authorities.data && <AuthorityList found={findAuthorities(authorities.data, words, region)} />}
      </section>
      <section className="section" id="centres">
        <h2>{t('centres')}</h2>
        <p className={`quiet ${styles.hours}`}>
          {t('hours.centre')} {centres.data?.[0] && <OpenNow open={centres.data[0].openNow} />}
        </p>
        {centres.isPending && <Loading />}
        {centres.isError && <ErrorNote error={centres.error} onRetry={() => centres.refetch()} />}
        {centres.data && (
          <CentreList key={`${words} ${region}`} found={findCentres(centres.data, known, words, region)} />
        )}
      </section>
    </>
  );
}

function OpenNow({ open }: { open: boolean }) {
  const { t } = useTranslation('directory');
  return <span className={`tag ${open ? 'tag--good' : 'tag--none'}`}>{open ? t('open') : t('closed')}</span>;
}

/** "8(7162) 255511" as the directory writes it, for the dialling program. */
function dial(phone: string): string {
  return `tel:${phone.replace(/[^\d+]/g, '')}`;
}

function Phones({ text }: { text: string }) {
  return text.split(/;\s*/).map((phone) => (
    <a key={phone} className={`nowrap ${styles.phone}`} href={dial(phone)}>
      {phone}
    </a>
  ));
}

/** A site of the directory is shown as a link only when it is an ordinary web address. */
function siteLink(site: string): string | undefined {
  return /^https?:\/\/[\w.-]+(\/\S*)?$/.test(site) ? site : undefined;
}

function AuthorityList({ found }: { found: readonly Authority[] }) {
  const { t } = useTranslation('directory');
  const text3 = useText3();
  if (found.length === 0)
    return (
      <EmptyState level={3} title={t('none')}>
        {t('noneText')}
      </EmptyState>
    );
  return (
    <>
      <p className="vh" role="status">
        {t('foundAuthorities', { count: found.length })}
      </p>
      <table className="table cards">
        <thead>
          <tr>
            <th scope="col">{t('table.name')}</th>
            <th scope="col">{t('table.address')}</th>
            <th scope="col">{t('table.phone')}</th>
          </tr>
        </thead>
        <tbody>
          {found.map((authority) => {
            const link = siteLink(authority.site);
            return (
              <tr key={authority.code}>
                <th scope="row">
                  {text3(authority.name)}
                  {authority.accepts && <span className={styles.accepts}>{t('accepts')}</span>}
                </th>
                <td data-k={t('table.address')}>
                  <span>
                    {text3(authority.address)}
                    {link && (
                      <a className={`lnk ${styles.site}`} href={link} rel="noreferrer">
                        {link.replace(/^https?:\/\//, '')}
                      </a>
                    )}
                  </span>
                </td>
                <td data-k={t('table.phone')}>
                  <span>
                    <Phones text={authority.phone} />
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function CentreList({ found }: { found: readonly ServiceCentre[] }) {
  const { t } = useTranslation('directory');
  const [shown, setShown] = useState(firstShown);
  if (found.length === 0)
    return (
      <EmptyState level={3} title={t('none')}>
        {t('noneText')}
      </EmptyState>
    );
  return (
    <>
      <p className={`quiet small ${styles.count}`} role="status">
        {t('found', { count: found.length })}
      </p>
      <table className="table cards">
        <thead>
          <tr>
            <th scope="col">{t('table.name')}</th>
            <th scope="col">{t('table.address')}</th>
            <th scope="col">{t('table.phone')}</th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, shown).map((centre) => (
            <tr key={`${centre.branch} ${centre.number}`}>
              <th scope="row" lang="ru">
                {centre.name}
              </th>
              <td data-k={t('table.address')}>
                <span lang="ru">{centre.address}</span>
              </td>
              <td data-k={t('table.phone')}>
                <span>
                  <Phones text={centre.phones} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length > shown && (
        <p className="after-title">
          <Button variant="second" onClick={() => setShown((n) => n + 50)}>
            {t('more')}
          </Button>
        </p>
      )}
    </>
  );
}
