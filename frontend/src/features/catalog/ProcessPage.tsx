import { useTranslation } from 'react-i18next';
import { isOneOf } from '@/api/isOneOf';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { ProcessScheme, useLimit } from './ProcessScheme';
import { type ProcessStep, useProcess } from './queries';

const actions = [
  'save',
  'discard',
  'sign',
  'pay',
  'reopen',
  'file',
  'register',
  'assign',
  'reassign',
  'confirm_complete',
  'save_checklist',
  'prepare_licence',
  'prepare_refusal',
  'return',
  'sign_result',
  'withdraw',
] as const;
const states = [
  'draft',
  'awaiting_payment',
  'filed',
  'registered',
  'assigned',
  'in_review',
  'licence_prepared',
  'refusal_prepared',
  'issued',
  'refused',
  'withdrawn',
  'gone',
] as const;

/** The whole process as the engine knows it (RA): the drawing and every row of the table, ways back included. */
export function ProcessPage() {
  const { t } = useTranslation('process');
  const process = useProcess();
  return (
    <>
      <DocumentTitle title={t('title')} />
      <h1>{t('title')}</h1>
      <p className="lead after-title">{t('lead')}</p>
      <div className="after-text">
        <ProcessScheme />
      </div>
      <section className="section">
        <h2>{t('table.title')}</h2>
        {process.isPending && <Loading />}
        {process.isError && <ErrorNote error={process.error} onRetry={() => process.refetch()} />}
        {process.data && <StepsTable steps={process.data} />}
        <p className="quiet small after-title">{t('note')}</p>
      </section>
    </>
  );
}

function StepsTable({ steps }: { steps: readonly ProcessStep[] }) {
  const { t } = useTranslation('process');
  const limit = useLimit();
  const state = (name: string) => (isOneOf(states, name) ? t(`state.${name}`) : name);
  const action = (name: string) => (isOneOf(actions, name) ? t(`action.${name}`) : name);
  return (
    <table className="table table--dense cards">
      <caption className="vh">{t('table.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('table.state')}</th>
          <th scope="col">{t('table.action')}</th>
          <th scope="col">{t('table.by')}</th>
          <th scope="col">{t('table.to')}</th>
          <th scope="col">{t('table.norm')}</th>
          <th scope="col">{t('table.clause')}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <tr key={`${step.from} ${step.action} ${step.to}`}>
            <th scope="row">{state(step.from)}</th>
            <td data-k={t('table.action')}>{action(step.action)}</td>
            <td data-k={t('table.by')}>{t(`lanes.${step.by}`)}</td>
            <td data-k={t('table.to')}>{step.to === step.from ? t('table.same') : state(step.to)}</td>
            <td data-k={t('table.norm')}>
              {limit({ minutes: step.normMinutes, workingDays: step.normWorkingDays }) || '–'}
            </td>
            <td data-k={t('table.clause')}>{step.clause}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
