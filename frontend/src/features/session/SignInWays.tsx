import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '@/api/session';
import { DemoWays } from '@/signing/DemoWays';
import { SigningFailure } from '@/signing/SigningFailure';
import { SigningProgress } from '@/signing/SigningProgress';
import { SignWays } from '@/signing/SignWays';
import { useSigning } from '@/signing/useSigning';
import { newChallenge, type SignedIn, useSignIn } from './queries';

/** The ways to sign in, used on the sign-in page and over a page whose session has ended. */
export function SignInWays({
  onSignedIn,
  comingBack,
}: {
  onSignedIn: (signedIn: SignedIn) => void;
  /** Whose page it is, when a session has ended over it. */
  comingBack?: Session | undefined;
}) {
  const { t } = useTranslation('session');
  const signIn = useSignIn(comingBack);
  const signing = useSigning({
    prepare: newChallenge,
    send: async (signature, challenge) =>
      onSignedIn(await signIn.mutateAsync({ challengeId: challenge.id, signature })),
    keys: 'any',
  });
  const { state } = signing;
  const running = state.phase === 'preparing' || state.phase === 'waiting' || state.phase === 'sending';
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (running) box.current?.focus();
  }, [running]);
  return (
    <>
      {running && (
        <div tabIndex={-1} ref={box} className="measure after-title">
          <SigningProgress state={state} onCancel={signing.cancel} safe={t('safe')} />
        </div>
      )}
      {state.phase === 'failed' && (
        <div className="measure after-title">
          <SigningFailure error={state.error} kept={null} />
        </div>
      )}
      {/* Hidden and not taken away: the chosen file and the password are still there after a failure. */}
      <div hidden={running}>
        <SignWays onStart={signing.start} ncalayerLabel={t('ncalayer')} keyFileLabel={t('keyFile')} />
        <DemoWays onStart={signing.start} title={t('demo.title')} text={t('demo.text')} />
      </div>
    </>
  );
}
