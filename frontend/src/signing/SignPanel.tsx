/*
 * The place in a page where something is signed (design 05b, 05c):
 *
 *   <SignPanel prepare={() => answer(api.POST('/api/applications/{id}/document', …))}
 *              send={(cms, doc) => sign.mutateAsync({ digest: doc.digest, signature: cms })}
 *              kept={t('review.kept')} />
 *
 * It offers the ways, shows the steps while it works, and on failure says why and offers the ways again; the page around it stays as it is.
 * `prepare` is called at each attempt. `send` throws ApiError when the server does not accept the signature; when it comes back, the
 * page usually goes elsewhere.
 */
import { Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { Loading } from '@/ui/Loading';
import { DemoWays } from './DemoWays';
import { SigningFailure } from './SigningFailure';
import { SigningProgress } from './SigningProgress';
import { SignWays } from './SignWays';
import { type SigningTask, type ToSign, useSigning } from './useSigning';

export type SignPanelProps<T extends ToSign> = SigningTask<T> & {
  /** The names of the two buttons, when "sign" is not the word. */
  ncalayerLabel?: string;
  keyFileLabel?: string;
  /** What is kept after a failure, in the words of the page; null says nothing. */
  kept: string | null;
  /** What is safe while one waits, in the words of the page. */
  safe?: string;
  /** Heading level of the parts inside. */
  level?: 2 | 3;
};

/** Its texts come with the first signature of the visit; until then the panel is empty, and the page around it stays. */
export function SignPanel<T extends ToSign>(props: SignPanelProps<T>) {
  return (
    <Suspense fallback={<Loading />}>
      <Panel {...props} />
    </Suspense>
  );
}

function Panel<T extends ToSign>({ ncalayerLabel, keyFileLabel, kept, safe, level = 2, ...task }: SignPanelProps<T>) {
  const { t } = useTranslation('signing');
  const session = useSession().data;
  const signing = useSigning(task);
  const { state } = signing;
  const Heading = `h${level}` as const;
  const heading = useRef<HTMLHeadingElement>(null);
  const running = state.phase === 'preparing' || state.phase === 'waiting' || state.phase === 'sending';
  useEffect(() => {
    // The button that was pressed is gone: the focus goes to what took its place.
    if (running) heading.current?.focus();
  }, [running]);

  if (!session) return <Loading />;
  return (
    <div>
      {running && (
        <section>
          <Heading tabIndex={-1} ref={heading}>
            {t('steps.title')}
          </Heading>
          <SigningProgress state={state} onCancel={signing.cancel} {...(safe && { safe })} />
        </section>
      )}
      {state.phase === 'failed' && <SigningFailure error={state.error} kept={kept} />}
      {/* Hidden and not taken away: the chosen file and the password are still there after a failure. */}
      <div hidden={running}>
        <SignWays
          onStart={signing.start}
          level={level}
          {...(ncalayerLabel && { ncalayerLabel })}
          {...(keyFileLabel && { keyFileLabel })}
        />
        <DemoWays onStart={signing.start} first={session.name} level={level} />
      </div>
    </div>
  );
}
