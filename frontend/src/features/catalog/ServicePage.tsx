import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { ButtonLink } from '@/ui/Button';
import { Crumb } from '@/ui/Crumb';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { wallClock } from '@/ui/format';
import { Icon } from '@/ui/Icon';
import { LicencesInForce } from '@/ui/LicencesInForce';
import { Loading } from '@/ui/Loading';
import { useFormat } from '@/ui/useFormat';
import { ProcessScheme } from './ProcessScheme';
import { type DeclaredService, type Fee, useServiceCard } from './queries';
import styles from './ServicePage.module.css';

/** The card of the service: what, who may, term, fee of today with its arithmetic, documents, result, who does what (S4, S6, S7, S9, S16). */
export function ServicePage() {
  const { t } = useTranslation(['service', 'ui']);
  const text = useText3();
  const format = useFormat();
  const query = useServiceCard();
  if (query.isPending) return <Loading />;
  if (query.isError && !query.data) return <ErrorNote error={query.error} onRetry={() => query.refetch()} />;
  const { service, fee } = query.data;
  const { card } = service;
  const kind = service.kinds[0];
  const title = text(kind?.title ?? service.title);
  return (
    <>
      <DocumentTitle title={title} />
      <Crumb to={paths.home}>{t('crumb')}</Crumb>
      <div className="cols cols-side">
        <div>
          <h1>{title}</h1>
          <p className="lead after-title">{text(card.lead)}</p>
          <dl className={styles.key}>
            {kind && (
              <div>
                <dt>{t('key.term')}</dt>
                <dd>{t('ui:unit.workingDays', { count: kind.term.workingDays })}</dd>
              </div>
            )}
            <div>
              <dt>{t('key.fee')}</dt>
              <dd>{fee ? format.money(fee.amount) : t('ui:rateUnknown.short')}</dd>
            </div>
            <div>
              <dt>{t('key.channel')}</dt>
              <dd>{t('key.online')}</dd>
            </div>
          </dl>
          <div className={styles.inForce}>
            <LicencesInForce service={service.code} address={paths.checkNumber} />
          </div>
        </div>
        <aside>
          <ButtonLink size="big" wide to={paths.start}>
            {t('start')}
          </ButtonLink>
          <p className={`quiet small ${styles.under}`}>
            {t('minutes', { count: card.minutesToFill })} {t('draft')}
          </p>
        </aside>
      </div>
      <Who service={service} />
      <Cost service={service} fee={fee} />
      <Needed service={service} />
      <section className="section">
        <h2>{t('result.title')}</h2>
        <div className={styles.two}>
          {card.results.map((result) => (
            <div key={result.title.ru}>
              <h3>{text(result.title)}</h3>
              <p>{text(result.text)}</p>
            </div>
          ))}
        </div>
      </section>
      <section className="section">
        <h2>{t('process.title')}</h2>
        <ProcessScheme />
        <p className={`quiet small ${styles.under}`}>{text(card.term)}</p>
        <p className="small">
          <Link className="lnk" to={paths.process}>
            {t('process.link')}
          </Link>
        </p>
      </section>
    </>
  );
}

function Who({ service }: { service: DeclaredService }) {
  const { t } = useTranslation('service');
  const text = useText3();
  return (
    <section className="section">
      <h2>{t('who')}</h2>
      <div className={styles.three}>
        {service.card.who.map((who) => (
          <div key={who.title.ru}>
            <h3>{text(who.title)}</h3>
            <p>{text(who.text)}</p>
          </div>
        ))}
      </div>
    </section>
  );
}

function Cost({ service, fee }: { service: DeclaredService; fee: Fee | undefined }) {
  const { t } = useTranslation(['service', 'ui']);
  const text = useText3();
  return (
    <section className="section cols cols-side">
      <div>
        <h2>{t('cost.title')}</h2>
        <p className={`measure ${styles.text}`}>{text(service.card.fee)}</p>
      </div>
      <div className="panel">{fee ? <Arithmetic fee={fee} /> : <p>{t('ui:rateUnknown.text')}</p>}</div>
    </section>
  );
}

function Arithmetic({ fee }: { fee: Fee }) {
  const { t } = useTranslation('service');
  const format = useFormat();
  const year = wallClock(fee.rateDay).year;
  const date = format.date(fee.rateDay);
  return (
    <>
      <table className={styles.sum}>
        <caption className="vh">{t('cost.caption', { date })}</caption>
        <tbody>
          <tr>
            <th scope="row">{t('cost.mci', { year })}</th>
            <td>{format.money(fee.mci)}</td>
          </tr>
          <tr>
            <th scope="row">{t('cost.rate')}</th>
            <td>×&nbsp;{format.number(fee.coefficient)}</td>
          </tr>
          <tr className={styles.total}>
            <th scope="row">{t('cost.total')}</th>
            <td>{format.money(fee.amount)}</td>
          </tr>
        </tbody>
      </table>
      <p className={`quiet small ${styles.under}`}>
        {t('cost.working', {
          coefficient: format.number(fee.coefficient),
          mci: format.money(fee.mci),
          amount: format.money(fee.amount),
        })}
        <br />
        {t('cost.caption', { date })}
      </p>
    </>
  );
}

function Needed({ service }: { service: DeclaredService }) {
  const { t } = useTranslation('service');
  const text = useText3();
  const needed = [...service.card.documents].sort((a, b) => Number(b.needed) - Number(a.needed));
  return (
    <section className="section cols cols-side">
      <div>
        <h2>{t('need.title')}</h2>
        <p className={`quiet ${styles.text}`}>{t('need.hint')}</p>
        <ul className={styles.docs}>
          {needed.map((doc) => (
            <li key={doc.title.ru}>
              <Icon name={doc.needed ? 'sheet' : 'tick'} />
              <span className={doc.needed ? undefined : 'quiet'}>
                <b>{text(doc.title)}</b>
                <br />
                {text(doc.note)}
                {doc.for && doc.for.length > 0 && (
                  <span className={`quiet ${styles.for}`}>
                    {t('need.for', { who: doc.for.map((kind) => t(`kind.${kind}`)).join(', ') })}
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <aside className="note">
        <h3>{t('requirements.title')}</h3>
        <p className="small">{text(service.card.requirements)}</p>
        {service.requirements.length > 0 && (
          <details className={styles.requirements}>
            <summary>{t('requirements.list')}</summary>
            <ul>
              {service.requirements.map((requirement) => (
                <li key={requirement.id}>{text(requirement.text)}</li>
              ))}
            </ul>
          </details>
        )}
      </aside>
    </section>
  );
}
