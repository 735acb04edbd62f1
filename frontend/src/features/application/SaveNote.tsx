import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { announceSessionEnded } from '@/api/client';
import type { DeclaredSection } from '@/api/declaration';
import { ApiError } from '@/api/problem';
import { Button } from '@/ui/Button';
import { dayOf, kazakhTimeEnding, wallClock } from '@/ui/format';
import { Note } from '@/ui/Note';
import { useErrorText } from '@/ui/useErrorText';
import { useFormat } from '@/ui/useFormat';
import { type Answers, sameAnswers, sectionsFor } from './answers';
import { useDraft, useDraftSnapshot } from './draft/useDraft';
import { useLabel } from './issueText';

/** A time with the ending that "at" takes in Kazakh: 14:12-де. */
function useClock(): (moment: string) => string {
  const { language, time } = useFormat();
  return (moment) => {
    const { hour, minute } = wallClock(moment);
    return language === 'kk' ? `${time(moment)}-${kazakhTimeEnding(hour, minute, 'on')}` : time(moment);
  };
}

/** "Saved at 14:12", "saving…", "not saved": always where the sections are. */
export function SavedAt({ short = false }: { short?: boolean }) {
  const { t } = useTranslation('application');
  const format = useFormat();
  const clock = useClock();
  const { save, savedAt } = useDraftSnapshot();
  if (save.kind === 'saving') return <span>{t('save.saving')}</span>;
  if (save.kind === 'waiting') return <span>{t('save.waiting')}</span>;
  if (save.kind === 'failed' || save.kind === 'conflict') return <span>{t('save.notSaved')}</span>;
  if (dayOf(savedAt) !== dayOf(new Date().toISOString()))
    return <span>{t('save.savedOn', { when: format.date(savedAt, { form: 'on' }) })}</span>;
  return <span>{t(short ? 'save.savedShort' : 'save.saved', { time: clock(savedAt) })}</span>;
}

/**
 * What went wrong with the saving, what is kept and what to do; what was brought back here; two versions to choose from. Without `section`: of all
 * of them. What keeps one from going on takes the focus each time that is tried (raise `attempt`).
 */
export function SaveNote({ section, attempt = 0 }: { section?: DeclaredSection; attempt?: number }) {
  const { t } = useTranslation(['application', 'common']);
  const clock = useClock();
  const errorText = useErrorText();
  const { service, store } = useDraft();
  const { save, failure, restored, aside } = useDraftSnapshot();
  const fields = useMemo(
    () => (section ? [section] : service.sections).flatMap((one) => one.fields.map((field) => field.id)),
    [section, service],
  );
  useEffect(() => store.show(fields), [store, fields]);
  if (save.kind === 'conflict')
    return <ConflictNote attempt={attempt} theirs={save.theirs.answers} savedAt={save.theirs.savedAt} />;
  if (failure) {
    const status = failure.error instanceof ApiError ? failure.error.status : undefined;
    const offline = status === 0;
    const said = errorText(failure.error);
    return (
      <Note kind="attention" title={offline ? t('save.offline') : said.title} alert attempt={attempt}>
        <p className="small">
          {offline ? t('save.offlineText') : said.detail} {failure.retryAt ? t('save.again') : ''}
        </p>
        <p className="note-act">
          {status === 401 ? (
            <Button variant="second" size="dense" onClick={() => announceSessionEnded()}>
              {t('common:signIn')}
            </Button>
          ) : (
            <Button variant="second" size="dense" onClick={store.retry}>
              {t('save.now')}
            </Button>
          )}
        </p>
      </Note>
    );
  }
  if (aside) {
    return (
      <Note kind="information" title={t('conflict.taken')}>
        <p className="small">{t('conflict.takenText')}</p>
        <p className="note-act">
          <Button variant="second" size="dense" onClick={store.bringBack}>
            {t('conflict.bringBack')}
          </Button>
        </p>
      </Note>
    );
  }
  if (restored?.fields.some((field) => fields.includes(field))) {
    return (
      <Note kind="good" title={t('save.restored')}>
        <p className="small">{t('save.restoredText', { time: clock(restored.at) })}</p>
      </Note>
    );
  }
  return null;
}

function ConflictNote({ attempt, theirs, savedAt }: { attempt: number; theirs: Answers; savedAt: string }) {
  const { t } = useTranslation('application');
  const format = useFormat();
  const label = useLabel();
  const { application, service, store } = useDraft();
  const { answers } = useDraftSnapshot();
  const differing = sectionsFor(service, application.applicant.kind)
    .flatMap((section) => section.fields)
    .filter((field) => !sameAnswers(answers[field.id], theirs[field.id]))
    .map(label);
  return (
    <Note kind="attention" title={t('conflict.title')} alert attempt={attempt}>
      <p className="small">{t('conflict.text', { when: format.moment(savedAt, { form: 'on' }) })}</p>
      {differing.length > 0 && <p className="small">{t('conflict.differing', { fields: differing.join(', ') })}</p>}
      <div className="actions note-act">
        <Button variant="second" size="dense" onClick={store.takeTheirs}>
          {t('conflict.take')}
        </Button>
        <Button variant="second" size="dense" onClick={store.keepMine}>
          {t('conflict.keep')}
        </Button>
      </div>
    </Note>
  );
}
