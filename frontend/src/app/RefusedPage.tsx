import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionEndedMessage } from '@/api/client';
import { ApiError, isProblem } from '@/api/problem';
import { Button, ButtonLink } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { useErrorText } from '@/ui/useErrorText';
import { NotFoundPage } from './NotFoundPage';
import { paths } from './paths';

/** The problem in the head of the page, with which the server has answered the opening of a document. */
function told(): ApiError | undefined {
  try {
    const problem: unknown = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name=problem]')?.content ?? '');
    return isProblem(problem) ? new ApiError(problem) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What stands in the window or the frame of a document that was not handed out: why, and what to do. In a frame the page around it
 * stays, and asks to sign in again if that is what it takes.
 */
export function RefusedPage() {
  const { t } = useTranslation(['common', 'ui']);
  const text = useErrorText();
  const problem = told();
  const stranger = problem?.status === 401;
  const framed = window.self !== window.top;
  useEffect(() => {
    if (stranger && framed) window.parent.postMessage(sessionEndedMessage, window.location.origin);
  }, [stranger, framed]);
  if (!problem)
    return (
      <Alone>
        <NotFoundPage />
      </Alone>
    );
  const { title, detail } = stranger ? { title: t('refused.signIn'), detail: t('refused.signInText') } : text(problem);
  return (
    <Alone>
      <div className="measure stack">
        <DocumentTitle title={title} error />
        <h1>{title}</h1>
        {detail && <p>{detail}</p>}
        {problem.requestId && !stranger && (
          <p className="small">{t('ui:errors.requestId', { id: problem.requestId })}</p>
        )}
        <div className="actions">
          {stranger && !framed && <ButtonLink to={paths.signIn}>{t('signIn')}</ButtonLink>}
          <Button variant={stranger ? 'second' : 'first'} onClick={() => window.location.reload()}>
            {t('crash.reload')}
          </Button>
          {!stranger && !framed && (
            <ButtonLink variant="second" to={paths.home}>
              {t('notFound.home')}
            </ButtonLink>
          )}
        </div>
      </div>
    </Alone>
  );
}

function Alone({ children }: { children: ReactNode }) {
  return (
    <main id="main">
      <div className="wrap">{children}</div>
    </main>
  );
}
