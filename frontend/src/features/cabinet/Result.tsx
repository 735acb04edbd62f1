import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Application, applicationKey, fileAddress, type RefusalGround, wantsPaper } from '@/api/applications';
import type { DeclaredService } from '@/api/declaration';
import { useAuthority } from '@/api/directory';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { Button, ButtonLink } from '@/ui/Button';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';
import styles from './Cabinet.module.css';

type ResultData = NonNullable<Application['result']>;

/** The signed result: number, signer, preview; or each ground of a refusal with what to put right and how to appeal (S6.1, S10.8). */
export function Result({
  application,
  result,
  service,
}: {
  application: Application;
  result: ResultData;
  service: DeclaredService | undefined;
}) {
  const { t } = useTranslation('cabinet');
  const format = useFormat();
  const licence = result.kind === 'licence';
  const facts: (Fact | undefined)[] = [
    result.licenceNumber
      ? {
          term: t('result.number'),
          value: <Link to={paths.checkNumber(result.licenceNumber)}>{result.licenceNumber}</Link>,
        }
      : undefined,
    result.annexNumber ? { term: t('result.annex'), value: result.annexNumber } : undefined,
    { term: t('result.signed'), value: `${result.signer}, ${format.moment(result.signedAt)}` },
    result.openedAt ? { term: t('result.opened'), value: format.moment(result.openedAt) } : undefined,
  ];
  return (
    <section>
      <h2>{licence ? t('result.licence') : t('result.refusal')}</h2>
      <div className={styles.after}>
        <SummaryList layout="middle" facts={facts.filter((fact) => fact !== undefined)} />
      </div>
      {wantsPaper(application) && <p className={styles.after}>{t('result.paper')}</p>}
      {!licence && <Grounds grounds={result.grounds ?? []} service={service} />}
      <Preview application={application} licence={licence} />
      {!licence && <Appeal application={application} />}
    </section>
  );
}

function Grounds({ grounds, service }: { grounds: readonly RefusalGround[]; service: DeclaredService | undefined }) {
  const { t } = useTranslation('cabinet');
  const text = useText3();
  if (grounds.length === 0) return null;
  return (
    <>
      <h3 className={styles.after}>{t('refusal.grounds')}</h3>
      <ol className={styles.grounds}>
        {grounds.map((ground) => {
          const requirement = service?.requirements.find((one) => one.id === ground.requirement);
          return (
            <li key={`${ground.code} ${ground.requirement ?? ''} ${ground.reason}`}>
              <b>{t(`ground.${ground.code.replace('S10.', 'n') as GroundKey}`)}</b>
              {requirement && <p className="quiet">{text(requirement.text)}</p>}
              <p>{ground.reason}</p>
              {ground.basis && <p className="quiet">{t('refusal.basis', { basis: ground.basis })}</p>}
              {ground.remedy && (
                <p>
                  <b>{t('refusal.remedy')}</b> {ground.remedy}
                </p>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}

type GroundKey = 'n1' | 'n2' | 'n3' | 'n4' | 'n5' | 'n6' | 'n7';

/** The document itself. It is fetched only on request, because opening it is recorded (R10.7). */
function Preview({ application, licence }: { application: Application; licence: boolean }) {
  const { t } = useTranslation('cabinet');
  const queries = useQueryClient();
  const [shown, setShown] = useState(false);
  const { id } = application;
  const opened = () => void queries.invalidateQueries({ queryKey: applicationKey(id) });
  return (
    <div className={styles.after}>
      <div className="actions">
        <Button aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? t('result.hide') : licence ? t('result.showLicence') : t('result.showRefusal')}
        </Button>
        <a className="lnk" href={fileAddress(id, 'result.pdf')} download>
          {t('result.download')}
        </a>
        <a className="lnk" href={fileAddress(id, 'result.pdf', true)} target="_blank" rel="noreferrer">
          {t('result.newWindow')}
        </a>
      </div>
      {shown && (
        <iframe
          className={styles.preview}
          title={licence ? t('result.licence') : t('result.refusal')}
          // Told to the browser's own reader: no side panel, the whole width.
          src={`${fileAddress(id, 'result.pdf', true)}#navpanes=0&view=FitH`}
          onLoad={opened}
        />
      )}
    </div>
  );
}

/** A telephone number stands on one line. */
const unbroken = (phone: string) => phone.replaceAll(' ', '\u00a0').replaceAll('-', '\u2011');

function Appeal({ application }: { application: Application }) {
  const { t } = useTranslation('cabinet');
  const text = useText3();
  const authority = useAuthority(application.authorityCode);
  return (
    <div className={styles.after}>
      <h3>{t('appeal.title')}</h3>
      <p>{t('appeal.way')}</p>
      <p className={styles.after}>{t('appeal.notYet')}</p>
      <p className={styles.after}>{t('appeal.term')}</p>
      {authority && (
        <p className={styles.after}>
          {t('appeal.place', { address: text(authority.address), phone: unbroken(authority.phone) })}
        </p>
      )}
      <p className={styles.after}>{t('appeal.again')}</p>
      <div className="actions after-text">
        <ButtonLink variant="second" to={paths.startLike(application.id)}>
          {t('appeal.anew')}
        </ButtonLink>
      </div>
    </div>
  );
}
