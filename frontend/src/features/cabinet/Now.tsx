import { useTranslation } from 'react-i18next';
import type { Application } from '@/api/applications';
import { useAuthority } from '@/api/directory';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { ButtonLink } from '@/ui/Button';
import { type Fact, SummaryList } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';
import styles from './Cabinet.module.css';
import { isPaymentPending } from './Side';

/** What happens now in plain words, who has it and since when. */
export function Now({ application }: { application: Application }) {
  const { t } = useTranslation(['cabinet', 'common']);
  const text = useText3();
  const format = useFormat();
  const authority = useAuthority(application.authorityCode);
  const { state, completeness, step, executor, incomingNumber, registeredAt, filedAt } = application;
  const sentences = [t(`now.${toldAs(application)}`)];
  if (state === 'assigned' && completeness?.open)
    sentences.push(
      t('now.assignedUntil', { when: format.moment(completeness.closesAt, { year: false, form: 'until' }) }),
    );
  if (state === 'in_review' && completeness?.confirmedAt)
    sentences.push(t('now.complete', { day: format.date(completeness.confirmedAt, { year: false, form: 'on' }) }));
  if (step) sentences.push(t('now.nothingToDo'));
  const role = step && isRole(step.role) ? t(`common:role.${step.role}`) : undefined;
  const who = step?.role === 'executor' && executor ? t('now.executor', { name: executor.name }) : role;
  const facts: (Fact | undefined)[] = [
    filedAt && authority
      ? {
          term: step ? t('now.who') : t('now.authority'),
          value: (
            <>
              {who && (
                <>
                  {upperFirst(who)}
                  <br />
                </>
              )}
              {text(authority.name)}
            </>
          ),
        }
      : undefined,
    step ? { term: t('now.since'), value: format.moment(step.startedAt, { year: false }) } : undefined,
    incomingNumber && registeredAt
      ? {
          term: t('now.incoming'),
          value: t('now.incomingOf', { number: incomingNumber, day: format.date(registeredAt, { year: false }) }),
        }
      : undefined,
  ];
  const shown = facts.filter((fact) => fact !== undefined);
  return (
    <section>
      <h2>{t('now.title')}</h2>
      <p className={styles.now}>{sentences.join(' ')}</p>
      {shown.length > 0 && (
        <div className={styles.facts}>
          <SummaryList layout="middle" facts={shown} />
        </div>
      )}
      {state === 'withdrawn' && (
        <p className="after-text">
          <ButtonLink variant="second" to={paths.startLike(application.id)}>
            {t('appeal.anew')}
          </ButtonLink>
        </p>
      )}
    </section>
  );
}

/** The text of a state, more exact where the same state may mean another thing to do. */
function toldAs(application: Application) {
  if (isPaymentPending(application)) return 'paymentPending';
  // Not every refusal says what can be put right.
  if (application.state === 'refused' && application.result?.grounds?.some((ground) => ground.remedy))
    return 'refusedRemedy';
  return application.state;
}

const isRole = (role: string): role is 'chancery' | 'head' | 'executor' =>
  role === 'chancery' || role === 'head' || role === 'executor';

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
