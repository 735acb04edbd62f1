import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import { type CapacityKind, useSession } from '@/api/session';
import { ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { paths } from './paths';

/**
 * Pages for those who are signed in. It only spares a useless request: the server refuses by itself. Somebody who is not signed in goes to
 * the sign-in page and comes back here; a session that dies while the page is open is SessionEnded's matter, and the page stays.
 */
export function RequireCapacity({ capacities }: { capacities: readonly CapacityKind[] }) {
  const session = useSession();
  const { pathname, search } = useLocation();
  const { t } = useTranslation();
  if (session.isPending) return <Loading />;
  if (session.isError) return <ErrorNote error={session.error} onRetry={() => session.refetch()} />;
  if (!session.data.signedIn) return <Navigate to={paths.signInThen(pathname + search)} replace />;
  if (!session.data.capacity || !capacities.includes(session.data.capacity)) {
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
  return <Outlet />;
}
