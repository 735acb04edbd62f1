import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Navigate, Outlet, useParams } from 'react-router';
import { type Application, applicationKey, getApplication, useApplication } from '@/api/applications';
import type { DeclaredService } from '@/api/declaration';
import { ApiError } from '@/api/problem';
import { useService } from '@/api/service';
import { useOwnDrafts } from '@/api/sessionDraft';
import { paths } from '@/app/paths';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { UploadStore } from './documents/UploadStore';
import { DraftStore } from './draft/DraftStore';
import { localCopyOf } from './draft/localCopy';
import { type Draft, DraftContext } from './draft/useDraft';
import { saveAnswers } from './queries';

/** What all pages of one draft share: the answers with their saving, the scans on their way, the declaration. */
export function DraftFrame() {
  const { id = '' } = useParams();
  const application = useApplication(id);
  const card = useService(application.data?.service, application.data?.serviceVersion);
  if (application.data && application.data.state !== 'draft')
    return <Navigate to={addressOf(application.data)} replace />;
  if (application.data && card.data)
    return (
      <OpenDraft
        key={id}
        application={application.data}
        readAt={application.dataUpdatedAt}
        service={card.data.service}
        today={card.data.today}
      >
        <Outlet />
      </OpenDraft>
    );
  if (application.isError) return <ErrorNote error={application.error} onRetry={() => application.refetch()} />;
  if (card.isError) return <ErrorNote error={card.error} onRetry={() => card.refetch()} />;
  return <Loading />;
}

/** Signed: what follows is paying, or at once the number and the due date when no fee is due. */
function addressOf(application: Application): string {
  if (application.state === 'awaiting_payment') return paths.payment(application.id);
  return application.state === 'filed' ? paths.filed(application.id) : paths.application(application.id);
}

function OpenDraft({
  application,
  readAt,
  service,
  today,
  children,
}: {
  application: Application;
  /** When it was read: an answer that is the same as the one before also says that the server is there again. */
  readAt: number;
  service: DeclaredService;
  today: string;
  children: ReactNode;
}) {
  const { id } = application;
  const queries = useQueryClient();
  const drafts = useOwnDrafts();
  const [store] = useState(
    () =>
      new DraftStore(
        application,
        {
          // In another's name, who may fill this draft too (both act for one organisation), nothing of it is sent.
          save: async (revision, answers) => {
            if (!drafts.own()) throw new ApiError({ code: 'sign_in_required', status: 401 });
            return saveAnswers(id, revision, answers);
          },
          read: () => getApplication(id),
          onSaved: (version) =>
            queries.setQueryData<Application>(applicationKey(id), (before) => before && { ...before, ...version }),
        },
        localCopyOf(id, drafts),
      ),
  );
  const [uploads] = useState(
    () =>
      new UploadStore(id, () => queries.invalidateQueries({ queryKey: applicationKey(id) }, { throwOnError: true })),
  );
  useEffect(() => store.open(), [store]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: reading it anew and finding the same is what lets a failed save go on
  useEffect(() => store.seen(application), [store, application, readAt]);
  const draft = useMemo<Draft>(
    () => ({ application, service, today, store, uploads }),
    [application, service, today, store, uploads],
  );
  return <DraftContext value={draft}>{children}</DraftContext>;
}
