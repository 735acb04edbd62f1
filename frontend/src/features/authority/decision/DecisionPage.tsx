import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { type Application, fileAddress, offered, useApplication, useReread, wantsPaper } from '@/api/applications';
import { answer, api } from '@/api/client';
import { paths } from '@/app/paths';
import { SignPanel } from '@/signing/SignPanel';
import { Button, ButtonLink } from '@/ui/Button';
import { Crumb } from '@/ui/Crumb';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { Loading } from '@/ui/Loading';
import { Note } from '@/ui/Note';
import type { Fact } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';
import { useIsHere } from '@/ui/useIsHere';
import { ConflictNote, useConflict } from '../application/conflict';
import { FilePreview } from '../application/FilePreview';
import { ReturnForm } from '../application/ReturnForm';
import { type ReturnRemarks, useReturnRemarks } from '../application/useReturnRemarks';
import { NumberLine } from '../application/WorkApplicationPage';
import { refreshEveryMs, steps, useStep } from '../queries';
import styles from './decision.module.css';
import { Grounds } from './Grounds';

/** The prepared licence or refusal: read by the head as it will be signed, then signed or returned; afterwards the signed result (R5.5, S10.8). */
export function DecisionPage() {
  const { t } = useTranslation('authority');
  const id = useParams().id ?? '';
  const query = useApplication(id, refreshEveryMs);
  const application = query.data;
  return (
    <>
      <Crumb to={paths.workApplication(id)}>
        {application?.number ? t('file.crumb', { number: application.number }) : t('file.title')}
      </Crumb>
      {query.isError && !application && (
        <>
          <DocumentTitle title={t('decision.title')} error />
          <h1>{t('decision.title')}</h1>
          <ErrorNote error={query.error} onRetry={() => query.refetch()} />
        </>
      )}
      {query.isPending && <Loading />}
      {application && <Decision key={application.id} application={application} />}
    </>
  );
}

function Decision({ application }: { application: Application }) {
  const { t } = useTranslation('authority');
  const navigate = useNavigate();
  const { id, state } = application;
  // These stand above both views: what came of a press must still be told when the page has become another one.
  const isHere = useIsHere();
  const { conflict, take } = useConflict(application);
  const toFile = () => {
    if (isHere()) void navigate(paths.workApplication(id), { state: { done: 'return' } });
  };
  const remarks = useReturnRemarks(application, toFile);
  const cameSigned = useRef(application.result !== undefined).current;
  const note = conflict && <ConflictNote conflict={conflict} application={application} />;
  if (application.result)
    return (
      <Signed application={application} fresh={!cameSigned}>
        {note}
      </Signed>
    );
  if (state !== 'licence_prepared' && state !== 'refusal_prepared') {
    return (
      <div className="measure stack">
        <DocumentTitle title={t('decision.title')} />
        <h1>{t('decision.title')}</h1>
        {note ?? (
          <Note kind="attention" title={t('decision.none')}>
            <p>{t('decision.noneText')}</p>
          </Note>
        )}
        <ButtonLink variant="second" to={paths.workApplication(id)}>
          {t('decision.toFile')}
        </ButtonLink>
      </div>
    );
  }
  return (
    <Prepared application={application} state={state} onReturned={toFile} take={take} remarks={remarks}>
      {note}
    </Prepared>
  );
}

function Prepared({
  application,
  state,
  onReturned,
  take,
  remarks,
  children,
}: {
  application: Application;
  state: 'licence_prepared' | 'refusal_prepared';
  onReturned: () => void;
  take: (error: unknown, unsent?: string) => boolean;
  remarks: ReturnRemarks;
  children: ReactNode;
}) {
  const { t } = useTranslation('authority');
  const { id } = application;
  const reread = useReread(id);
  const title = t(`step.${state}`);
  const step = useStep<{ digest: string; signature: string }>(id, steps.signResult(id));
  const signs = offered(application, 'sign_result');
  const returns = offered(application, 'return');
  const [fixed, setFixed] = useState<string>();
  const prepare = async () => {
    const prepared = await answer(
      api.POST('/api/applications/{id}/result-document', { params: { path: { id } } }),
    ).catch((error: unknown) => {
      take(error);
      return reread(error);
    });
    setFixed(prepared.digest.slice(0, 16));
    // The signature goes into the PDF, and PAdES forbids a signing time of its own (ETSI EN 319 142-1).
    return { ...prepared, signingTime: false };
  };
  const show = useMutation({ mutationFn: prepare });
  const draft = `/api/applications/${encodeURIComponent(id)}/result-draft.pdf`;
  return (
    <>
      <DocumentTitle title={title} />
      <NumberLine application={application} />
      <h1 className={styles.title}>{title}</h1>
      {children}
      <div className={styles.split}>
        <div className={styles.sheetSide}>
          <FilePreview
            name={t(state === 'licence_prepared' ? 'decision.licence' : 'decision.refusal')}
            // What was fixed for the signature has an address of its own, so that the draft without a number is not shown in its place.
            href={fixed ? `${draft}?of=${fixed}` : draft}
          />
        </div>
        <div className="stack-7">
          <section>
            <h2 className={styles.heading}>{t('decision.proposed')}</h2>
            <Proposal application={application} />
          </section>
          {returns && !returns.blocked && (
            <details className={styles.return}>
              <summary>{t('act.return.open')}</summary>
              <ReturnForm application={application} remarks={remarks} onDone={onReturned} onConflict={take} />
            </details>
          )}
          {signs && !signs.blocked ? (
            <section>
              <h2 className={styles.heading}>{t('decision.sign')}</h2>
              <p>{t(state === 'licence_prepared' ? 'decision.signLicence' : 'decision.signRefusal')}</p>
              <div className={styles.fix}>
                {fixed ? (
                  <p className="quiet small">{t('decision.fixed')}</p>
                ) : (
                  <>
                    <ErrorNote error={show.error} />
                    <Button
                      variant="second"
                      size="dense"
                      busy={show.isPending && t('decision.fixing')}
                      onClick={() => show.mutate()}
                    >
                      {t('decision.fix')}
                    </Button>
                  </>
                )}
              </div>
              <div className={styles.signing}>
                <SignPanel
                  level={3}
                  kept={t('decision.kept')}
                  safe={t('decision.safe')}
                  prepare={prepare}
                  send={(signature, prepared) =>
                    step.mutateAsync({ digest: prepared.digest, signature }).catch((error: unknown) => {
                      take(error);
                      throw error;
                    })
                  }
                />
              </div>
            </section>
          ) : (
            <p className={styles.waits}>{t('waitsFor.head')}</p>
          )}
        </div>
      </div>
    </>
  );
}

/** Who proposed what, and the grounds of a refusal in the executor's words. */
function Proposal({ application }: { application: Application }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const { decision } = application;
  if (!decision) return null;
  const facts: Fact[] = [
    { term: t('decision.by'), value: decision.preparedBy },
    { term: t('decision.at'), value: format.moment(decision.preparedAt, { year: false }) },
  ];
  return <Grounds application={application} grounds={decision.grounds ?? []} facts={facts} />;
}

/** The signed result; `fresh` when it was signed on this very page, whose focus then goes to the news. */
function Signed({ application, fresh, children }: { application: Application; fresh: boolean; children: ReactNode }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (fresh) heading.current?.focus();
  }, [fresh]);
  const { result, id } = application;
  if (!result) return null;
  const licence = result.kind === 'licence';
  const title = t(licence ? 'result.licence' : 'result.refusal');
  return (
    <>
      <DocumentTitle title={title} />
      <NumberLine application={application} />
      <h1 className={styles.title} tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
      <div className={styles.split}>
        <div className={styles.sheetSide}>
          <FilePreview
            name={t(licence ? 'documents.licence' : 'documents.refusal')}
            href={fileAddress(id, 'result.pdf', true)}
          />
        </div>
        <div className="stack-5">
          {result.licenceNumber && (
            <div>
              <p className="quiet">{t('result.number')}</p>
              <p className={styles.number}>{result.licenceNumber}</p>
            </div>
          )}
          <p>{t('result.signedBy', { name: result.signer, when: format.moment(result.signedAt) })}</p>
          <p>{t(licence ? 'result.givenLicence' : 'result.givenRefusal')}</p>
          {wantsPaper(application) && <p>{t('result.paper')}</p>}
          <div className={styles.acts}>
            <a className="btn btn--wide" href={fileAddress(id, 'result.pdf')} download>
              {t('result.download')}
            </a>
            {result.licenceNumber && (
              <ButtonLink wide variant="second" to={paths.checkNumber(result.licenceNumber)}>
                {t('result.check')}
              </ButtonLink>
            )}
            <ButtonLink wide variant="second" to={paths.workToSign}>
              {t('result.nextToSign')}
            </ButtonLink>
          </div>
        </div>
      </div>
    </>
  );
}
