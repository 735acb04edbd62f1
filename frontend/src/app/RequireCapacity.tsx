import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import { announceSessionEnded } from '@/api/client';
import { type CapacityKind, hasLeft, useSession } from '@/api/session';
import { ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { paths } from './paths';

/**
 * Pages for those who are signed in. It only spares a useless request: the server refuses by itself. Somebody who is not signed in goes to
 * the sign-in page and comes back here; when a session dies under an open page, SessionEnded asks over it and the page stays.
 */
export function RequireCapacity({ capacities }: { capacities: readonly CapacityKind[] }) {
  const session = useSession();
  const { pathname, search } = useLocation();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const allowed =
    session.data?.signedIn === true &&
    session.data.capacity !== undefined &&
    capacities.includes(session.data.capacity);
  // Whoever was let in keeps the page with everything typed, also when the server no longer knows him.
  const [entered, setEntered] = useState(allowed);
  if (allowed && !entered) setEntered(true);
  const ended = entered && session.data?.signedIn === false;
  useEffect(() => {
    if (ended && !hasLeft(queries)) announceSessionEnded();
  }, [ended, queries]);
  if (allowed || ended) return <Outlet />;
  if (session.isPending) return <Loading />;
  if (session.isError) return <ErrorNote error={session.error} onRetry={() => session.refetch()} />;
  if (!session.data.signedIn) return <Navigate to={paths.signInThen(pathname + search)} replace />;
  return (
    <div className="measure stack">
      <DocumentTitle title={t('forbidden.title')} />
      <h1>{t('forbidden.title')}</h1>
      <p>{t('forbidden.text')}</p>
      <div className="actions">
        <ButtonLink to={session.data.capacity === 'official' ? paths.work : paths.applications}>
          {t('cabinet')}
        </ButtonLink>
        <ButtonLink variant="second" to={paths.signIn}>
          {t('signIn')}
        </ButtonLink>
      </div>
    </div>
  );
}
