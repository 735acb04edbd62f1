import { useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { applicationKey, attachmentAddress } from '@/api/applications';
import type { DeclaredSection, DeclaredSlot } from '@/api/declaration';
import type { FieldIssue } from '@/api/problem';
import type { components } from '@/api/schema.gen';
import { useText3 } from '@/i18n/text3';
import { ConfirmAction } from '@/ui/ConfirmAction';
import { FilesField } from '@/ui/FilesField';
import { Icon } from '@/ui/Icon';
import { ProgressMeter } from '@/ui/NormMeter';
import { useErrorText } from '@/ui/useErrorText';
import { useFocusKept } from '@/ui/useFocusKept';
import { useFormat } from '@/ui/useFormat';
import { inputId, slotPath, slotsFor } from '../answers';
import { useDraft } from '../draft/useDraft';
import { useIssueText } from '../issueText';
import { removeAttachment } from '../queries';
import styles from './Slots.module.css';
import type { Sending } from './UploadStore';

type Attachment = components['schemas']['Attachment'];

/** The documents of the form: what is needed, what is not and why, the limits before anything is chosen (S9.A2, S9.B1). */
export function Slots({ section, issues }: { section: DeclaredSection; issues: readonly FieldIssue[] }) {
  const { t } = useTranslation('application');
  const text = useText3();
  const format = useFormat();
  const { application, service } = useDraft();
  const slots = slotsFor(section, application.applicant.kind);
  const needed = slots.filter((slot) => slot.required);
  const others = slots.filter((slot) => !slot.required);
  // Why a document is not needed is said once above all that share the reason.
  const reasonOf = (slot: DeclaredSlot) => text(slot.coveredBy?.note);
  const reasons = [...new Set(others.map(reasonOf))];
  const limit = format.wholeBytes(service.upload.maxTotalBytes);
  const hint = text(section.hint);
  const { maxFileBytes, types } = service.upload;
  const eachIsTold = [format.wholeBytes(maxFileBytes), ...types.map(kindName)].every((word) => tells(hint, word));
  return (
    <>
      <p className="quiet small">
        {t(tells(hint, limit) ? 'documents.count' : 'documents.together', {
          limit,
          files: service.upload.maxFiles,
          attached: application.attachments.length,
          used: format.bytes(application.attachments.reduce((sum, one) => sum + one.size, 0)),
        })}
      </p>
      <section className={styles.group}>
        <h2>{t('documents.needed')}</h2>
        {needed.length === 0 && <p>{t('documents.nothingNeeded')}</p>}
        {needed.map((slot) => (
          <Slot
            key={slot.id}
            slot={slot}
            limitsTold={eachIsTold}
            issue={issues.find((issue) => issue.path === slotPath(slot.id))}
          />
        ))}
      </section>
      {others.length > 0 && (
        <section className={styles.group}>
          <h2>{t('documents.notNeeded')}</h2>
          {reasons.map((reason) => (
            <div key={reason} className={styles.reason}>
              {reason && <p className="quiet small">{reason}</p>}
              {others
                .filter((slot) => reasonOf(slot) === reason)
                .map((slot) => (
                  <Slot
                    key={slot.id}
                    slot={slot}
                    limitsTold={eachIsTold}
                    issue={issues.find((issue) => issue.path === slotPath(slot.id))}
                  />
                ))}
            </div>
          ))}
        </section>
      )}
    </>
  );
}

/** Whether the words that the declaration puts above the section tell a limit already: "20 МБ", and not as a part of "120 МБ". */
function tells(hint: string, limit: string): boolean {
  const plain = (words: string) => ` ${words.replace(/\s/g, ' ')}`;
  return plain(hint).includes(plain(limit));
}

type SlotProps = { slot: DeclaredSlot; limitsTold: boolean; issue: FieldIssue | undefined };

function Slot({ slot, limitsTold, issue }: SlotProps) {
  const { t } = useTranslation('application');
  const text = useText3();
  const format = useFormat();
  const issueText = useIssueText();
  const { application, service, uploads } = useDraft();
  const sending = useSyncExternalStore(uploads.subscribe, uploads.snapshot).filter((one) => one.slot === slot.id);
  const files = application.attachments.filter((attachment) => attachment.slot === slot.id);
  const limits = service.upload;
  const full = files.length + sending.filter((one) => one.state !== 'failed').length >= slot.maxFiles;
  const id = inputId(slotPath(slot.id));
  const focus = useFocusKept(id);
  return (
    <section className={styles.slot} {...focus}>
      <h3>{text(slot.title)}</h3>
      {slot.hint && <p className="hint">{text(slot.hint)}</p>}
      {(files.length > 0 || sending.length > 0) && (
        <ul className={`files ${styles.list}`}>
          {files.map((file) => (
            <AttachedFile key={file.id} file={file} />
          ))}
          {sending.map((one) => (
            <SendingFile key={one.key} file={one} />
          ))}
        </ul>
      )}
      {full ? (
        <p className="quiet small" id={id} tabIndex={-1}>
          {t('documents.full', { max: slot.maxFiles })}
        </p>
      ) : (
        <FilesField
          id={id}
          label={t('documents.choose', { slot: text(slot.title) })}
          prompt={t('documents.prompt')}
          hint={t(limitsTold ? 'documents.here' : 'documents.limits', {
            kinds: limits.types.map(kindName).join(', '),
            size: format.wholeBytes(limits.maxFileBytes),
            max: slot.maxFiles,
          })}
          error={issue && issueText(issue)}
          accept={limits.types.join(',')}
          multiple={slot.maxFiles > 1}
          onFiles={(chosen) => uploads.add(slot, chosen, application.attachments, limits)}
        />
      )}
    </section>
  );
}

const kindNames: Record<string, string> = { 'application/pdf': 'PDF', 'image/jpeg': 'JPEG', 'image/png': 'PNG' };
const kindName = (type: string) => kindNames[type] ?? type;

function AttachedFile({ file }: { file: Attachment }) {
  const { t } = useTranslation('application');
  const format = useFormat();
  const queries = useQueryClient();
  const { application } = useDraft();
  return (
    <li>
      <span>
        <a href={attachmentAddress(application.id, file.id)} download>
          {file.name}
        </a>
        <span className="meta">
          {kindName(file.mime)}, {format.bytes(file.size)}, {format.moment(file.uploadedAt)}
        </span>
      </span>
      <ConfirmAction
        label={
          <>
            {t('documents.remove')} <span className="vh">— {file.name}</span>
          </>
        }
        variant="link"
        size="dense"
        title={t('documents.removeTitle')}
        confirm={t('documents.removeYes')}
        keep={t('documents.removeNo')}
        busy={t('documents.removing')}
        act={async () => {
          await removeAttachment(application.id, file.id);
          await queries.invalidateQueries({ queryKey: applicationKey(application.id) });
        }}
      >
        <p>{t('documents.removeText', { name: file.name })}</p>
      </ConfirmAction>
    </li>
  );
}

// To a tenth of a megabyte upwards: a file just over the limit does not look as large as that.
const roundedUp = (bytes: number) => Math.ceil((bytes / 1024 / 1024) * 10) * 0.1 * 1024 * 1024;

function SendingFile({ file }: { file: Sending }) {
  const { t } = useTranslation('application');
  const format = useFormat();
  const errorText = useErrorText();
  const { uploads } = useDraft();
  const percent = file.size > 0 ? Math.floor((file.sent / file.size) * 100) : 0;
  const said = file.error && errorText(file.error, { sizeBytes: roundedUp(file.size) });
  return (
    <li className={styles.sending}>
      <span className={styles.course}>
        <b>{file.name}</b>
        {file.state === 'failed' ? (
          <span className="error" role="alert">
            <Icon name="bang" />
            <span>
              {said?.title}. {said?.detail}
            </span>
          </span>
        ) : (
          <>
            <span className="meta">
              {t(`documents.state.${file.state}`, {
                sent: format.bytes(file.sent),
                size: format.bytes(file.size),
                percent,
              })}
            </span>
            <ProgressMeter percent={percent} label={t('documents.progress', { name: file.name })} />
          </>
        )}
      </span>
      <span className={styles.sendingActs}>
        {file.state === 'failed' && file.again && (
          <button type="button" className="lnk" onClick={() => uploads.resume(file.key)}>
            {t('documents.resume')} <span className="vh">— {file.name}</span>
          </button>
        )}
        {file.state !== 'arrived' && (
          <button type="button" className="lnk" onClick={() => uploads.cancel(file.key)}>
            {file.state === 'failed' && !file.again ? t('documents.dismiss') : t('documents.cancel')}{' '}
            <span className="vh">— {file.name}</span>
          </button>
        )}
      </span>
    </li>
  );
}
