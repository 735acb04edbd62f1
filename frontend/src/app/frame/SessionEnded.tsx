import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { onSessionEnded } from '@/api/client';
import { hasLeft, type Session, sessionKey, useSession } from '@/api/session';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Loading } from '@/ui/Loading';
import { paths } from '../paths';

const SignInWays = lazy(async () => ({ default: (await import('@/features/session/SignInWays')).SignInWays }));

/**
 * Asks to sign in again over the page, which stays as it is with everything typed (product.md §6). Only for somebody who was signed in: a
 * stranger at a closed door is led to the sign-in page instead.
 */
export function SessionEnded() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const session = useSession().data;
  const [open, setOpen] = useState(false);
  const who = useRef<Session | undefined>(undefined);
  useEffect(() => {
    if (session?.signedIn) who.current = session;
    else if (hasLeft(queries)) who.current = undefined;
  }, [session, queries]);
  useEffect(
    () =>
      onSessionEnded(() => {
        if (who.current && !hasLeft(queries)) setOpen(true);
      }),
    [queries],
  );
  useEffect(() => {
    // The browser takes a file by itself and tells the page nothing of a refusal, so whether the session lives is asked beside it.
    const ask = ({ target }: MouseEvent) => {
      if (target instanceof Element && target.closest('a[download]'))
        void queries.invalidateQueries({ queryKey: sessionKey });
    };
    document.addEventListener('click', ask);
    return () => document.removeEventListener('click', ask);
  }, [queries]);
  if (!open) return null;
  return (
    <Dialog title={t('sessionEnded.title')} text={<p>{t('sessionEnded.text')}</p>} onClose={() => setOpen(false)}>
      <Suspense fallback={<Loading />}>
        <SignInWays
          comingBack={who.current}
          onSignedIn={({ session, samePerson }) => {
            setOpen(false);
            // The page belongs to the one who was here: somebody else starts at his own first page, with nothing of it left.
            if (!samePerson || session.capacity === undefined) {
              window.location.assign(paths.signIn);
              return;
            }
            // What failed for want of a session is read again; what was typed is in the page.
            void queries.invalidateQueries();
          }}
        />
      </Suspense>
      <p className="after-title">
        <Button variant="link" onClick={() => setOpen(false)}>
          {t('sessionEnded.later')}
        </Button>
      </p>
    </Dialog>
  );
}
