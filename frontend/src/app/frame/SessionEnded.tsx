import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { onSessionEnded } from '@/api/client';
import { hasLeft, type Session, sessionKey, useSession } from '@/api/session';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Icon } from '@/ui/Icon';
import { Loading } from '@/ui/Loading';
import { paths } from '../paths';

const SignInWays = lazy(async () => ({ default: (await import('@/features/session/SignInWays')).SignInWays }));

/**
 * Asks to sign in again over the page, which stays as it is with everything typed (product.md §6). Put off, it leaves a line at the top, and
 * until something is pressed or another page is opened nobody is asked again: what the page reads and saves by itself would take the keys
 * away from who goes on typing. Only for somebody who was signed in: a stranger at a closed door is led to the sign-in page instead.
 */
export function SessionEnded() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const session = useSession().data;
  const { pathname } = useLocation();
  const [state, setState] = useState<'alive' | 'asking' | 'later'>('alive');
  const who = useRef<Session | undefined>(undefined);
  /** The page under which it ended, and the one on which the question was put off. */
  const endedPage = useRef('');
  const [quietPage, setQuietPage] = useState<string>();

  useEffect(() => {
    if (state === 'alive') {
      if (session?.signedIn) who.current = session;
      else if (hasLeft(queries)) who.current = undefined;
      return;
    }
    // Signed in again, here or in another window: what failed for want of a session is read again, what was typed is in the page. To another
    // person the page does not belong, whoever left it behind.
    if (!session?.capacity || (session.iin !== who.current?.iin && pathname === endedPage.current)) return;
    setQuietPage(undefined);
    setState('alive');
    void queries.invalidateQueries();
  }, [state, session, queries, pathname]);
  useEffect(
    () =>
      onSessionEnded(({ byItself }) => {
        if (!who.current || hasLeft(queries)) return;
        if (byItself && quietPage === pathname) return;
        setQuietPage(undefined);
        endedPage.current = pathname;
        queries.setQueryData<Session>(sessionKey, { signedIn: false });
        setState('asking');
      }),
    [queries, pathname, quietPage],
  );
  useEffect(() => {
    // The browser takes a file by itself and tells the page nothing of a refusal, so whether the session lives is asked beside it.
    const ask = ({ target }: MouseEvent) => {
      if (!(target instanceof Element && target.closest('a[download]'))) return;
      if (state === 'later') setState('asking');
      else void queries.invalidateQueries({ queryKey: sessionKey });
    };
    document.addEventListener('click', ask);
    return () => document.removeEventListener('click', ask);
  }, [state, queries]);
  const putOff = () => {
    setQuietPage(pathname);
    setState('later');
  };
  // Elsewhere nothing waits to be sent, and whatever needs a session asks by itself.
  const told = state === 'later' && quietPage === pathname;

  return (
    <>
      <div role="status" className={told ? 'offline' : undefined}>
        {told && (
          <p className="wrap">
            <Icon name="bang" />
            <span>
              <b>{t('sessionEnded.title')}.</b> <span>{t('sessionEnded.kept')}</span>{' '}
              <button type="button" className="lnk" onClick={() => setState('asking')}>
                {t('signIn')}
              </button>
            </span>
          </p>
        )}
      </div>
      {state === 'asking' && (
        <Dialog title={t('sessionEnded.title')} text={<p>{t('sessionEnded.text')}</p>} onClose={putOff}>
          <Suspense fallback={<Loading />}>
            <SignInWays
              comingBack={who.current}
              onSignedIn={({ session, samePerson }) => {
                // The page belongs to the one who was here: somebody else starts at his own first page, with nothing of it left.
                if (!samePerson || session.capacity === undefined) window.location.assign(paths.signIn);
              }}
            />
          </Suspense>
          <p className="after-title">
            <Button variant="link" onClick={putOff}>
              {t('sessionEnded.later')}
            </Button>
          </p>
        </Dialog>
      )}
    </>
  );
}
