import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useSession } from '@/api/session';
import { paths } from '@/app/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { TextField } from '@/ui/Field';
import styles from './HomePage.module.css';
import { KindsTable } from './KindsTable';

/** The way in: apply, my cabinet, check a licence; how it goes; what it costs; where to go in person (design 01). */
export function HomePage() {
  const { t } = useTranslation('home');
  const official = useSession().data?.capacity === 'official';
  return (
    <>
      <DocumentTitle title={t('title')} />
      <div className={styles.hero}>
        <div>
          <h1 className="display">{t('title')}</h1>
          <p className={`lead ${styles.lead}`}>{t('lead')}</p>
          <div className="actions">
            <ButtonLink size="big" to={paths.service}>
              {t('apply')}
            </ButtonLink>
            <ButtonLink size="big" variant="second" to={official ? paths.work : paths.applications}>
              {official ? t('work') : t('cabinet')}
            </ButtonLink>
          </div>
          {!official && <p className={`quiet small ${styles.under}`}>{t('cabinetHint')}</p>}
        </div>
        <CheckBox />
      </div>
      <section className={styles.part}>
        <h2>{t('steps.title')}</h2>
        <ol className={styles.steps}>
          {(['1', '2', '3'] as const).map((n) => (
            <li key={n}>
              <span className={styles.number} aria-hidden="true">
                {n}
              </span>
              <h3>{t(`steps.${n}.title`)}</h3>
              <p>{t(`steps.${n}.text`)}</p>
            </li>
          ))}
        </ol>
      </section>
      <section className={styles.part}>
        <h2>{t('kinds.title')}</h2>
        <KindsTable />
      </section>
      <section className={styles.part}>
        <h2>{t('ways.title')}</h2>
        <div className={styles.ways}>
          {(
            [
              ['centre', `${paths.directory}#centres`],
              ['chancery', paths.directory],
              ['phone', paths.help],
            ] as const
          ).map(([way, to]) => (
            <div key={way}>
              <h3>{t(`ways.${way}.title`)}</h3>
              <p>{t(`ways.${way}.text`)}</p>
              <Link className="lnk" to={to}>
                {t(`ways.${way}.link`)}
              </Link>
            </div>
          ))}
        </div>
      </section>
    </>
  );
}

function CheckBox() {
  const { t } = useTranslation('home');
  const navigate = useNavigate();
  const [number, setNumber] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const typed = number.trim();
    navigate(typed ? paths.checkNumber(typed) : paths.check);
  };
  return (
    <form className={styles.check} onSubmit={submit}>
      <h2>{t('check.title')}</h2>
      <TextField
        label={t('check.label')}
        hint={t('check.hint')}
        value={number}
        onChange={setNumber}
        maxLength={32}
        spellCheck={false}
      />
      <div className={styles.checkAct}>
        <Button type="submit" variant="second" wide>
          {t('check.button')}
        </Button>
      </div>
      <p className="quiet small">{t('check.note')}</p>
    </form>
  );
}
