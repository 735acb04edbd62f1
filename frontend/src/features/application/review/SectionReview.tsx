import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { attachmentAddress } from '@/api/applications';
import type { DeclaredSection } from '@/api/declaration';
import { paths } from '@/app/paths';
import { useText3 } from '@/i18n/text3';
import { FileList } from '@/ui/FileList';
import { SummaryList } from '@/ui/SummaryList';
import { useFormat } from '@/ui/useFormat';
import { inputId, shownFields, slotsFor } from '../answers';
import { useDraft, useDraftSnapshot } from '../draft/useDraft';
import styles from '../FormPage.module.css';
import { useLabel } from '../issueText';
import { AnswerTable } from './AnswerTable';
import { AnswerValue } from './AnswerValue';

/** The answers of one section, each with the way to change it (design 05). */
export function SectionReview({ section }: { section: DeclaredSection }) {
  const { t } = useTranslation('application');
  const text = useText3();
  const label = useLabel();
  const { application } = useDraft();
  const { answers } = useDraftSnapshot();
  const kind = application.applicant.kind;
  const to = paths.form(application.id, section.id);
  const fields = shownFields(section.fields, kind, answers);
  const single = fields.filter((field) => field.type !== 'table');
  const tables = fields.flatMap((field) => (field.type === 'table' ? [field] : []));
  const title = text(section.title);
  return (
    <section className={styles.block}>
      <div className={styles.blockHead}>
        <h2>{title}</h2>
        {(single.length === 0 || tables.length > 0) && (
          <Link to={to} className="lnk onscreen">
            {t('review.change')} <span className="vh">— {title}</span>
          </Link>
        )}
      </div>
      {single.length > 0 && (
        <SummaryList
          facts={single.map((field) => ({
            key: field.id,
            term: label(field),
            value: <AnswerValue field={field} value={answers[field.id]} />,
            action: (
              <Link to={`${to}#${inputId(field.id)}`} className="onscreen">
                {t('review.change')} <span className="vh">— {label(field)}</span>
              </Link>
            ),
          }))}
        />
      )}
      {tables.map((field) => (
        <AnswerTable key={field.id} field={field} value={answers[field.id]} />
      ))}
      {section.slots && <Attached section={section} />}
    </section>
  );
}

function Attached({ section }: { section: DeclaredSection }) {
  const { t } = useTranslation('application');
  const text = useText3();
  const format = useFormat();
  const { application } = useDraft();
  const files = slotsFor(section, application.applicant.kind).flatMap((slot) =>
    application.attachments
      .filter((attachment) => attachment.slot === slot.id)
      .map((attachment) => ({
        key: attachment.id,
        name: attachment.name,
        meta: `${text(slot.title)}, ${format.bytes(attachment.size)}`,
        href: attachmentAddress(application.id, attachment.id),
        download: true,
      })),
  );
  return files.length > 0 ? <FileList files={files} /> : <p className="quiet">{t('review.noFiles')}</p>;
}
