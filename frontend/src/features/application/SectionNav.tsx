import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '@/app/paths';
import { useDraft, useProgress } from './draft/useDraft';
import { useLabel } from './issueText';
import { SavedAt } from './SaveNote';
import styles from './SectionNav.module.css';

/** The way through the form: done, now, later; each section can be opened at any time. On a phone a bar. */
export function SectionNav({ current }: { current: string }) {
  const { t } = useTranslation('application');
  const label = useLabel();
  const { application } = useDraft();
  const progress = useProgress();
  const steps = [
    ...progress.map(({ section, started, issues }) => ({
      id: section.id,
      title: label({ label: section.title, ...(section.short && { short: section.short }) }),
      to: paths.form(application.id, section.id),
      state: started && issues.length === 0 ? ('done' as const) : started ? ('begun' as const) : ('todo' as const),
    })),
    { id: reviewStep, title: t('nav.review'), to: paths.review(application.id), state: 'todo' as const },
  ];
  const at = Math.max(
    0,
    steps.findIndex((step) => step.id === current),
  );
  const list = (
    <ol className="progress">
      {steps.map((step) => {
        const now = step.id === current;
        const state = now ? 'now' : step.state === 'done' ? 'done' : 'todo';
        return (
          <li key={step.id} className={state} aria-current={now ? 'step' : undefined}>
            {now ? (
              <span>{step.title}</span>
            ) : (
              <Link to={step.to}>
                <span>
                  {step.title}
                  {step.state === 'done' && <span className="vh"> — {t('nav.done')}</span>}
                  {step.state === 'begun' && <span className={styles.begun}>{t('nav.begun')}</span>}
                </span>
              </Link>
            )}
          </li>
        );
      })}
    </ol>
  );
  return (
    <nav aria-label={t('nav.label')} className={styles.nav}>
      <div className="desk">
        <p className={`quiet small ${styles.saved}`}>
          <SavedAt />
        </p>
        {list}
      </div>
      <div className="phone">
        <p className={`quiet small ${styles.line}`}>
          <span>{t('nav.section', { n: at + 1, of: steps.length })}</span>
          <SavedAt short />
        </p>
        <span className={`meter ${styles.meter}`} aria-hidden="true">
          <i style={{ width: `${((at + 0.5) / steps.length) * 100}%` }} />
        </span>
        <details key={current}>
          <summary className={styles.all}>{t('nav.all')}</summary>
          {list}
        </details>
      </div>
    </nav>
  );
}

export const reviewStep = 'review';
