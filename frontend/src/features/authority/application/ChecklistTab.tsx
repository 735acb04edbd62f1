import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Application, offered } from '@/api/applications';
import type { DeclaredService } from '@/api/declaration';
import { useText3 } from '@/i18n/text3';
import { Button } from '@/ui/Button';
import { ErrorNote } from '@/ui/ErrorNote';
import { TextAreaField } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { useFormat } from '@/ui/useFormat';
import { Evidence } from './Evidence';
import styles from './file.module.css';
import type { Checklist, Mark } from './useChecklist';

const maxNote = 1000;

/** The qualification requirements, each with what the file holds about it, and the executor's mark (R5.3, design 09). */
export function ChecklistTab({
  application,
  service,
  list,
}: {
  application: Application;
  service: DeclaredService;
  list: Checklist;
}) {
  const { t } = useTranslation('authority');
  const text3 = useText3();
  const editable = offered(application, 'save_checklist') !== undefined;
  const kind = application.applicant.kind;
  const requirements = service.requirements.filter((one) => !one.for?.length || one.for.includes(kind));
  const markOf = (id: string) => list.marks.find((mark) => mark.requirement === id);
  const done = requirements.filter((one) => (markOf(one.id)?.met ?? 'unmarked') !== 'unmarked').length;
  return (
    <div>
      <ErrorNote error={list.failure} onRetry={list.flush} />
      <table className={`table table--dense cards ${styles.check}`}>
        <caption>
          {t('checklist.caption', { done, all: requirements.length })}
          {editable && <Saving state={list.state} at={list.savedAt} />}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('checklist.requirement')}</th>
            <th scope="col">{t('checklist.evidence')}</th>
            <th scope="col">{t('checklist.mark')}</th>
          </tr>
        </thead>
        <tbody>
          {requirements.map((requirement) => {
            const mark = markOf(requirement.id) ?? { requirement: requirement.id, met: 'unmarked' as const };
            const name = text3(requirement.text);
            return (
              <tr key={requirement.id}>
                <td className={styles.requirement}>
                  {name}
                  <small className={styles.facts}>
                    {t('checklist.form', { section: requirement.clause.replace('SF5.', '') })}
                  </small>
                </td>
                <td data-k={t('checklist.evidence')}>
                  <Evidence requirement={requirement} application={application} service={service} />
                </td>
                <td data-k={t('checklist.mark')}>
                  {editable ? (
                    <MarkEditor mark={mark} name={name} onChange={list.change} onLeave={list.flush} />
                  ) : (
                    <MarkTag mark={mark} />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {!editable && !application.checklist && <p className="quiet small after-title">{t('checklist.later')}</p>}
    </div>
  );
}

function Saving({ state, at }: { state: 'failed' | 'saving' | 'saved' | 'idle'; at: string | undefined }) {
  const { t } = useTranslation('authority');
  const format = useFormat();
  return (
    <span className={styles.saving} role="status">
      {state === 'saving' && t('checklist.saving')}
      {state === 'failed' && t('checklist.notSaved')}
      {state === 'saved' && at && t('checklist.saved', { time: format.time(at) })}
    </span>
  );
}

function MarkTag({ mark }: { mark: Mark }) {
  const { t } = useTranslation('authority');
  return (
    <span>
      {mark.met === 'unmarked' ? (
        <span className="quiet">{t('checklist.unmarked')}</span>
      ) : (
        <span className={`tag ${mark.met === 'yes' ? 'tag--good' : 'tag--bad'}`}>
          <Icon name={mark.met === 'yes' ? 'tick' : 'cross'} />
          {t(mark.met === 'yes' ? 'checklist.met' : 'checklist.notMet')}
        </span>
      )}
      {mark.note && <span className={styles.note}>{mark.note}</span>}
    </span>
  );
}

function MarkEditor({
  mark,
  name,
  onChange,
  onLeave,
}: {
  mark: Mark;
  name: string;
  onChange: (mark: Mark, at: 'once' | 'pause') => void;
  onLeave: () => void;
}) {
  const { t } = useTranslation('authority');
  const [asked, setAsked] = useState(false);
  // As it is being typed: what comes back from each save has no blanks at its ends, and an empty note would take its field away.
  const [typed, setTyped] = useState<string>();
  const note = typed ?? mark.note ?? '';
  const noteShown = asked || typed !== undefined || mark.met === 'no' || note !== '';
  // Pressing the mark that stands takes it back.
  const set = (met: 'yes' | 'no') => onChange({ ...mark, met: mark.met === met ? 'unmarked' : met }, 'once');
  return (
    <div>
      <fieldset className={styles.marks}>
        <legend className="vh">{name}</legend>
        <button
          type="button"
          className={`btn btn--second btn--dense ${mark.met === 'yes' ? styles.yes : ''}`}
          aria-pressed={mark.met === 'yes'}
          onClick={() => set('yes')}
        >
          {mark.met === 'yes' && <Icon name="tick" />}
          {t('checklist.yes')}
        </button>
        <button
          type="button"
          className={`btn btn--second btn--dense ${mark.met === 'no' ? styles.no : ''}`}
          aria-pressed={mark.met === 'no'}
          onClick={() => set('no')}
        >
          {mark.met === 'no' && <Icon name="cross" />}
          {t('checklist.no')}
        </button>
      </fieldset>
      {noteShown ? (
        <div className={styles.noteField}>
          <TextAreaField
            label={t('checklist.note')}
            value={note}
            rows={2}
            maxLength={maxNote}
            onChange={(note) => {
              setTyped(note);
              onChange({ ...mark, note }, 'pause');
            }}
            onBlur={() => {
              setTyped(undefined);
              onLeave();
            }}
          />
        </div>
      ) : (
        <Button variant="link" size="dense" onClick={() => setAsked(true)}>
          {t('checklist.addNote')} <span className="vh">— {name}</span>
        </Button>
      )}
    </div>
  );
}
