import { type ComponentProps, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useLocation, useNavigate, useParams } from 'react-router';
import { announceSessionEnded } from '@/api/client';
import type { DeclaredField, DeclaredSection } from '@/api/declaration';
import { ApiError } from '@/api/problem';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { DocumentTitle } from '@/ui/DocumentTitle';
import { ErrorSummary } from '@/ui/ErrorSummary';
import { NotePlace } from '@/ui/NotePlace';
import { useAfterPress } from '@/ui/useAfterPress';
import { useIsHere } from '@/ui/useIsHere';
import { type Answers, appliesTo, isConfirmation, pagesFor, shownFields } from './answers';
import { Slots } from './documents/Slots';
import { useDraft, useDraftSnapshot, useProgress, useSectionIssues } from './draft/useDraft';
import styles from './FormPage.module.css';
import { FormField } from './fields/FormField';
import { useIssueEntry } from './issueText';
import { SaveNote } from './SaveNote';
import { SectionNav } from './SectionNav';

/** One section of the form a page. Without a section: the first that is not done. */
export function FormPage() {
  const { section: wanted } = useParams();
  const { hash } = useLocation();
  const { application, service } = useDraft();
  const progress = useProgress();
  const pages = pagesFor(service, application.applicant.kind);
  const section = pages.find((one) => one.id === wanted);
  if (section) return <SectionPage key={section.id} section={section} pages={pages} />;
  const asked = service.sections.find((one) => one.id === wanted);
  if (asked && isConfirmation(asked)) return <Navigate to={paths.review(application.id) + hash} replace />;
  const next = progress.find((one) => !one.started || one.issues.length > 0);
  return <Navigate to={next ? paths.form(application.id, next.section.id) : paths.review(application.id)} replace />;
}

// What is said only on "continue" (or after a paste): leaving an empty field is no mistake yet.
const onContinueOnly = new Set([
  'required',
  'city_or_settlement_required',
  'too_few_rows',
  'document_missing',
  'period_too_short',
]);
// More typing only makes it worse.
const saidAtOnce = 'too_long';

function SectionPage({ section, pages }: { section: DeclaredSection; pages: readonly DeclaredSection[] }) {
  const { t } = useTranslation('application');
  const text = useText3();
  const navigate = useNavigate();
  const { hash } = useLocation();
  const { application, service, store } = useDraft();
  const { answers, save } = useDraftSnapshot();
  const isHere = useIsHere();
  const issues = useSectionIssues(section);
  const entryOf = useIssueEntry();
  const kind = application.applicant.kind;
  // Led here by a list of mistakes: they are all shown at once.
  const [attempt, setAttempt] = useState(hash ? 1 : 0);
  const [summary, setSummary] = useState(hash !== '');
  const [going, setGoing] = useState(false);
  // How often one wanted to go on although these answers could not be saved. When others are typed, that must not take the focus any more.
  const [unsaved, setUnsaved] = useState<{ answers: Answers; times: number }>();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [revealed, setRevealed] = useState<ReadonlySet<string>>(new Set());
  const at = pages.indexOf(section);
  const next = pages[at + 1];
  const before = pages[at - 1];
  const toNext = next ? paths.form(application.id, next.id) : paths.review(application.id);

  useEffect(() => {
    if (!hash) return;
    const input = document.getElementById(hash.slice(1));
    input?.scrollIntoView?.({ block: 'center' });
    input?.focus();
  }, [hash]);
  useEffect(() => () => void store.flush(), [store]);

  const flush = store.flush;
  const afterPress = useAfterPress();
  const leave = useCallback(
    (path: string) =>
      afterPress(() => {
        setLeft((now) => (now.has(path) ? now : new Set(now).add(path)));
        void flush();
      }),
    [afterPress, flush],
  );
  const reveal = useCallback((more: readonly string[]) => setRevealed((now) => new Set([...now, ...more])), []);

  const shown = issues.filter(
    (issue) =>
      attempt > 0 ||
      issue.code === saidAtOnce ||
      revealed.has(issue.path) ||
      (left.has(issue.path) && !onContinueOnly.has(issue.code)),
  );
  // When all is corrected the summary goes, and comes back only at the next attempt: it takes the focus, which must stay with who types.
  if (summary && issues.length === 0) setSummary(false);
  const entries = summary ? issues.map((issue) => entryOf(issue, section, service.addressParts)) : [];
  const fields = shownFields(section.fields, kind, answers);
  const heading = text(section.title);

  // A save that is tried again by itself may go on behind the next page; one that waits for the person is answered here.
  const saveAndGo = async () => {
    if (going) return;
    setGoing(true);
    await flush();
    if (!isHere()) return;
    setGoing(false);
    const { answers, save } = store.snapshot();
    // Saved by itself it asks nobody twice; here it was pressed.
    if (save.kind === 'failed' && save.error instanceof ApiError && save.error.status === 401) announceSessionEnded();
    if (save.kind === 'conflict' || (save.kind === 'failed' && !save.retryAt))
      setUnsaved((before) => ({ answers, times: (before?.times ?? 0) + 1 }));
    else void navigate(toNext);
  };
  const goOn = () => {
    if (issues.length === 0) {
      void saveAndGo();
      return;
    }
    void flush();
    setAttempt(attempt + 1);
    setSummary(true);
  };

  return (
    <div className="cols cols-progress">
      <SectionNav current={section.id} />
      <div className={styles.page}>
        <DocumentTitle title={heading} error={entries.length > 0} />
        <ErrorSummary entries={entries} attempt={attempt} />
        <FormHead title={heading} />
        {section.hint && <p className="measure">{text(section.hint)}</p>}
        <NotePlace className={styles.saving}>
          <SaveNote section={section} attempt={unsaved?.answers === answers ? unsaved.times : 0} />
        </NotePlace>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            goOn();
          }}
        >
          <div className={styles.fields}>
            {fields.map((field) => (
              <OneField
                key={field.id}
                field={field}
                siblings={section.fields.filter((one) => appliesTo(one.for, kind))}
                heading={heading}
                value={answers[field.id]}
                issues={shown.filter((issue) => belongs(issue.path, field.id))}
                set={store.set}
                onLeave={leave}
                onReveal={reveal}
              />
            ))}
          </div>
          {section.slots && <Slots section={section} issues={shown} />}
          <div className={`actions ${styles.go}`}>
            <Button type="submit" busy={going && save.kind === 'saving' && t('save.saving')}>
              {t('form.continue')}
            </Button>
            {before && (
              <Button variant="link" onClick={() => navigate(paths.form(application.id, before.id))}>
                {t('form.back')}
              </Button>
            )}
            {entries.length > 0 && (
              <Button variant="link" onClick={() => void saveAndGo()}>
                {t('form.later')}
              </Button>
            )}
          </div>
          <p className="quiet small">{t('form.kept')}</p>
        </form>
      </div>
    </div>
  );
}

const belongs = (path: string, field: string) =>
  path === field || path.startsWith(`${field}[`) || path.startsWith(`${field}.`);

function OneField({
  set,
  ...props
}: Omit<ComponentProps<typeof FormField>, 'onChange'> & {
  set: (field: string, value: unknown) => void;
  field: DeclaredField;
}) {
  const { id } = props.field;
  // One function for the life of the field: the rows of a long table are drawn anew only when they change.
  const onChange = useCallback((value: unknown) => set(id, value), [set, id]);
  return <FormField {...props} onChange={onChange} />;
}

/** Whose application it is, and the title of the page. */
export function FormHead({ title }: { title: string }) {
  const text = useText3();
  const { application, service } = useDraft();
  const kind = service.kinds.find((one) => one.code === application.kind);
  return (
    <>
      <p className="quiet">
        {text(kind?.title)} · {application.applicant.name}
      </p>
      <h1 className={styles.title}>{title}</h1>
    </>
  );
}
