import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { attachmentAddress, useReread } from '@/api/applications';
import { newIdempotencyKey } from '@/api/client';
import { useService } from '@/api/service';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { SignPanel } from '@/signing/SignPanel';
import { Button } from '@/ui/Button';
import { CheckField } from '@/ui/Choice';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorNote } from '@/ui/ErrorNote';
import { Note } from '@/ui/Note';
import { NotePlace } from '@/ui/NotePlace';
import { SummaryList } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';
import { inputId, isConfirmation, pagesFor, sectionOf, sectionsFor } from './answers';
import { checkSection } from './check/checkSection';
import { DiscardDraft } from './DiscardDraft';
import { useCheckContext, useDraft, useDraftSnapshot } from './draft/useDraft';
import { FormHead } from './FormPage';
import styles from './FormPage.module.css';
import { useIssueEntry, useLabel } from './issueText';
import { inPageOrder } from './pageOrder';
import { prepareDocument, stateToSign, useCheck, useSign } from './queries';
import { ReadRequest } from './review/ReadRequest';
import { SectionReview } from './review/SectionReview';
import { SaveNote } from './SaveNote';
import { reviewStep, SectionNav } from './SectionNav';

/** All answers on one page, what will be signed, the three confirmations, the signature (design 05, R10.3). */
export function ReviewPage() {
  const { t } = useTranslation(['application', 'ui']);
  const format = useFormat();
  const { hash } = useLocation();
  const { application, service, store } = useDraft();
  const { save, failure, answers, revision } = useDraftSnapshot();
  const card = useService(application.service).data;
  const fee = card?.fee;
  const sign = useSign(application.id);
  const reread = useReread(application.id);
  const kind = application.applicant.kind;
  const saved = save.kind === 'saved';
  const check = useCheck(application.id, stateToSign(revision, application.attachments), saved);
  const confirmations = sectionsFor(service, kind).filter(isConfirmation);
  const statements = confirmations.flatMap((section) => section.fields);
  const confirmed = statements.every((field) => answers[field.id] === true);
  const wrong = (check.data ?? []).filter((issue) => !statements.some((field) => field.id === issue.path));
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.focus();
  }, [hash]);
  useEffect(() => () => void store.flush(), [store]);

  // The page stands still while it saves and checks: nothing comes or goes above the boxes that are being ticked.
  const blockedWrong = wrong.length > 0 ? t('review.blockedWrong') : undefined;
  const unsaved = failure !== undefined || save.kind === 'conflict';
  const blockedToRead = blockedWrong ?? (unsaved ? t('review.blockedSaving') : undefined);
  const checked = check.data !== undefined && !check.isPlaceholderData;
  const blockedToSign =
    blockedWrong ?? (!saved ? t('review.blockedSaving') : checked ? undefined : t('review.blockedChecking'));
  const due = fee && Number(fee.amount) > 0;

  return (
    <div className="cols cols-progress">
      <SectionNav current={reviewStep} />
      <div>
        <DocumentTitle title={t('review.title')} />
        <FormHead title={t('review.title')} />
        <p className="measure">{t('review.lead')}</p>
        <NotePlace className={styles.note}>
          <SaveNote />
          <ErrorNote error={check.error} onRetry={() => check.refetch()} />
        </NotePlace>
        {wrong.length > 0 && <Wrong issues={wrong} />}
        <Applicant />
        {pagesFor(service, kind).map((section) => (
          <SectionReview key={section.id} section={section} />
        ))}
        <WillBeSigned blocked={blockedToRead} confirmed={confirmed} />
        {confirmations.map((section) => (
          <Confirmations key={section.id} section={section} />
        ))}
        {card && !fee && (
          <div className={styles.next}>
            <Note kind="attention">
              <p>{t('ui:rateUnknown.text')}</p>
            </Note>
          </div>
        )}
        {due && (
          <div className={styles.next}>
            <Note>
              <p>
                <b>{t('review.nextPay', { amount: format.money(fee.amount) })}</b> {t('review.nextFiled')}
              </p>
            </Note>
          </div>
        )}
        <section className={`${styles.block} onscreen`} aria-label={t('review.sign')}>
          {blockedToSign || !confirmed ? (
            <Button size="big" blocked={blockedToSign ?? t('review.blockedConfirm', { count: statements.length })}>
              {t('review.sign')}
            </Button>
          ) : (
            <SignPanel
              prepare={async () => {
                await store.flush();
                return prepareDocument(application.id).catch(reread);
              }}
              send={(cms, document) =>
                sign.mutateAsync({ digest: document.digest, signature: cms, key: newIdempotencyKey() }).catch(reread)
              }
              kept={t('review.kept', { count: application.attachments.length })}
            />
          )}
        </section>
        <DiscardDraft />
      </div>
    </div>
  );
}

function Wrong({ issues }: { issues: NonNullable<ReturnType<typeof useCheck>['data']> }) {
  const { t } = useTranslation('application');
  const { application, service } = useDraft();
  const entryOf = useIssueEntry();
  const { answers } = useDraftSnapshot();
  const context = useCheckContext();
  const sections = sectionsFor(service, application.applicant.kind);
  // The server does not tell a date that does not exist from one that is not written in full; here both are told as on the form.
  const missingDays = sections
    .flatMap((section) => checkSection(section, answers, context))
    .filter((issue) => issue.code === 'no_such_date');
  const told = issues.map((issue) => missingDays.find((day) => day.path === issue.path) ?? issue);
  return (
    <div className={styles.note}>
      <Note kind="attention" title={t('review.wrong', { count: issues.length })} alert>
        <ul>
          {inPageOrder(told, sections, service.addressParts).map((issue) => {
            const section = sectionOf(sections, issue.path);
            const entry = entryOf(issue, section, service.addressParts);
            return (
              <li key={`${issue.path} ${issue.code}`}>
                {section ? (
                  <Link className="lnk" to={`${paths.form(application.id, section.id)}#${entry.fieldId}`}>
                    {entry.text}
                  </Link>
                ) : (
                  entry.text
                )}
              </li>
            );
          })}
        </ul>
      </Note>
    </div>
  );
}

function Applicant() {
  const { t } = useTranslation('application');
  const { applicant } = useDraft().application;
  const facts =
    applicant.kind === 'entity'
      ? [
          { term: t('applicant.organisation'), value: applicant.name },
          { term: t('applicant.bin'), value: applicant.bin },
          { term: t('applicant.signer'), value: applicant.representative },
        ]
      : [
          { term: t('applicant.kind'), value: t(`kind.${applicant.kind}`) },
          { term: t('applicant.person'), value: applicant.name },
          { term: t('applicant.iin'), value: applicant.iin },
        ];
  return (
    <section className={styles.block}>
      <h2>{t('review.applicant')}</h2>
      <SummaryList facts={facts.filter((fact) => fact.value)} />
    </section>
  );
}

function WillBeSigned({ blocked, confirmed }: { blocked: string | undefined; confirmed: boolean }) {
  const { t } = useTranslation('application');
  const format = useFormat();
  const { application, service } = useDraft();
  const { answers } = useDraftSnapshot();
  const content = JSON.stringify([
    pagesFor(service, application.applicant.kind).flatMap(({ fields }) => fields.map(({ id }) => answers[id])),
    application.attachments.map(({ id }) => id),
  ]);
  return (
    <section className={styles.block}>
      <h2>{t('review.willBeSigned')}</h2>
      <div className={styles.sheet}>
        <p>{t('review.package')}</p>
        <ul>
          <li>
            <span>{t('review.request')}</span>
          </li>
          {application.attachments.map((file) => (
            <li key={file.id}>
              <span>
                {file.name}, {format.bytes(file.size)}
              </span>
              <a href={attachmentAddress(application.id, file.id)} download>
                {t('review.download')} <span className="vh">— {file.name}</span>
              </a>
            </li>
          ))}
        </ul>
        <div className={styles.note}>
          <ReadRequest blocked={blocked} confirmed={confirmed} content={content} />
        </div>
      </div>
    </section>
  );
}

function Confirmations({ section }: { section: ReturnType<typeof sectionsFor>[number] }) {
  const text = useText3();
  const label = useLabel();
  const { store } = useDraft();
  const { answers } = useDraftSnapshot();
  return (
    <fieldset className={styles.block}>
      <legend className={`legend ${styles.legend}`}>{text(section.title)}</legend>
      {section.fields.map((field) => (
        <CheckField
          key={field.id}
          id={inputId(field.id)}
          label={label(field)}
          checked={answers[field.id] === true}
          onChange={(checked) => {
            store.set(field.id, checked);
            void store.flush();
          }}
        />
      ))}
    </fieldset>
  );
}
