import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate, useParams, useSearchParams } from 'react-router';
import { type Application, useApplication } from '@/api/applications';
import { useService } from '@/api/service';
import { paths } from '@/app/paths';
import { Crumb } from '@/ui/Crumb';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { Note } from '@/ui/Note';
import { useFormat } from '@/ui/useFormat';
import { refreshEveryMs } from '../queries';
import { useRefusalDraft } from '../refusal/useRefusalDraft';
import { AnswersTab } from './AnswersTab';
import { type DoneAction, stateAfter } from './actionProps';
import { ChecklistTab } from './ChecklistTab';
import { ConflictNote, useConflict } from './conflict';
import { DocumentsTab } from './DocumentsTab';
import styles from './file.module.css';
import { HistoryTab } from './HistoryTab';
import { SignatureTab } from './SignatureTab';
import { StepPanel } from './StepPanel';
import { Tabs } from './Tabs';
import { defaultTab, readTab, type Tab } from './tabNames';
import { type Checklist, useChecklist } from './useChecklist';
import { useNaming } from './useNaming';
import { useReturnRemarks } from './useReturnRemarks';

/** One application as an official works on it: the file, and beside it the step with its rule (design 09). */
export function WorkApplicationPage() {
  const { t } = useTranslation('authority');
  const id = useParams().id ?? '';
  const query = useApplication(id, refreshEveryMs);
  const application = query.data;
  return (
    <>
      <Crumb to={paths.work}>{t('queue.title')}</Crumb>
      {query.isError && !application && (
        <>
          <DocumentTitle title={t('file.title')} error />
          <h1>{t('file.title')}</h1>
          <ErrorNote error={query.error} onRetry={() => query.refetch()} />
        </>
      )}
      {query.isPending && <Loading />}
      {application && <File key={application.id} application={application} />}
    </>
  );
}

function File({ application }: { application: Application }) {
  const { t } = useTranslation('authority');
  const [params] = useSearchParams();
  const tab = readTab(params) ?? defaultTab(application);
  const { conflict, take, clear } = useConflict(application);
  const list = useChecklist(application);
  // The pages of refusing and signing come back here with what was done there.
  const { state, search } = useLocation();
  const came = (state as { done?: DoneAction } | null)?.done;
  const navigate = useNavigate();
  const [done, setDone] = useState<DoneAction | undefined>(came);
  // Told once: the browser keeps it with the page, and would tell it again at each Back and reload.
  useEffect(() => {
    if (came) void navigate({ search }, { replace: true, preventScrollReset: true });
  }, [came, search, navigate]);
  const tell = (action: DoneAction) => {
    clear();
    setDone(action);
  };
  const remarks = useReturnRemarks(application, () => tell('return'));
  const naming = useNaming(application, tell);
  // Written on a page of its own; whoever comes back here without an answer may find that it has been prepared.
  useRefusalDraft(application, () => tell('prepare_refusal'));
  const said = done && stateAfter[done].includes(application.state) ? done : undefined;
  const outcome = useRef<HTMLDivElement>(null);
  // What came of a press is said above the step, which may be out of sight.
  useEffect(() => {
    if (said || conflict) outcome.current?.focus();
  }, [said, conflict]);
  const title = t('file.heading', {
    kind: t(application.kind === 'licence' ? 'kind.licence' : 'kind.other'),
    name: application.applicant.name,
  });
  return (
    <>
      <DocumentTitle title={title} />
      <NumberLine application={application} />
      <h1 className={styles.title}>{title}</h1>
      <div className={styles.split}>
        <aside className={styles.side} aria-label={t('step.label')}>
          {(conflict || said) && (
            <div ref={outcome} tabIndex={-1} className={styles.outcome}>
              {conflict && <ConflictNote conflict={conflict} application={application} />}
              {said && !conflict && (
                <Note kind="good">
                  <p role="status">{t(`done.${said}`, { number: application.incomingNumber ?? '' })}</p>
                </Note>
              )}
            </div>
          )}
          <StepPanel
            application={application}
            onDone={tell}
            onConflict={take}
            marksSaved={list.saved}
            remarks={remarks}
            naming={naming}
          />
        </aside>
        <div className={styles.main}>
          <Tabs application={application} tab={tab} />
          <TabContent tab={tab} application={application} list={list} />
        </div>
      </div>
    </>
  );
}

function TabContent({ tab, application, list }: { tab: Tab; application: Application; list: Checklist }) {
  const service = useService(application.service, application.serviceVersion);
  if (tab === 'signature') return <SignatureTab application={application} />;
  if (tab === 'history') return <HistoryTab application={application} />;
  if (!service.data)
    return service.isError ? <ErrorNote error={service.error} onRetry={() => service.refetch()} /> : <Loading />;
  const declared = service.data.service;
  if (tab === 'requirements') return <ChecklistTab application={application} service={declared} list={list} />;
  if (tab === 'documents') return <DocumentsTab application={application} service={declared} />;
  return <AnswersTab application={application} service={declared} />;
}

export function NumberLine({ application }: { application: Application }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const { applicant, number, incomingNumber, registeredAt } = application;
  const parts = [
    number,
    incomingNumber &&
      (registeredAt
        ? t('file.incomingOf', { number: incomingNumber, date: format.numeric(registeredAt) })
        : t('queue.incoming', { number: incomingNumber })),
    applicant.bin
      ? t('file.entity', { name: applicant.name, bin: applicant.bin })
      : t('file.person', { name: applicant.name, iin: applicant.iin }),
  ].filter(Boolean);
  return <p className="quiet small">{parts.join(' · ')}</p>;
}
