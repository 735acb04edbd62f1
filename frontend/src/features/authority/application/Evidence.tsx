import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Application, attachmentAddress } from '@/api/applications';
import type { DeclaredSection, DeclaredService } from '@/api/declaration';
import { useText3 } from '@/i18n/text3';
import { filledTable, useAnswerText } from '@/ui/AnswersView';
import { dayOf } from '@/ui/format';
import { LengthNote } from '@/ui/LengthNote';
import styles from './file.module.css';

const rowsBeside = 3;

/** What the file holds about one requirement, in a few lines: the rows of the form and the scans that may show it. */
export function Evidence({
  requirement,
  application,
  service,
}: {
  requirement: DeclaredService['requirements'][number];
  application: Application;
  service: DeclaredService;
}) {
  const { t } = useTranslation('authority');
  const sections = service.sections.filter((section) => requirement.sections.includes(section.id));
  const scans = application.attachments.filter((scan) => requirement.slots?.includes(scan.slot));
  return (
    <div className={styles.evidence}>
      {sections.map((section) => (
        <SectionLines key={section.id} section={section} application={application} service={service} />
      ))}
      {scans.length > 0 ? (
        <ul className="plain">
          {scans.map((scan) => (
            <li key={scan.id}>
              <a
                className="lnk"
                href={`${attachmentAddress(application.id, scan.id)}?inline=1`}
                target="_blank"
                rel="noreferrer"
              >
                {t('checklist.openScan', { name: scan.name })}
              </a>
            </li>
          ))}
        </ul>
      ) : (
        requirement.slots && <span className="quiet">{t('checklist.noScans')}</span>
      )}
    </div>
  );
}

function SectionLines({
  section,
  application,
  service,
}: {
  section: DeclaredSection;
  application: Application;
  service: DeclaredService;
}) {
  const { t } = useTranslation('authority');
  const text3 = useText3();
  const say = useAnswerText(service);
  const { answers, applicant } = application;
  const facts: ReactNode[] = [];
  const tableRows: ReactNode[] = [];
  const totals: ReactNode[] = [];
  for (const field of section.fields) {
    if (field.type !== 'table') {
      const text = say(field, answers[field.id]);
      if (text) facts.push(field.type === 'date' ? `${text3(field.short ?? field.label)}: ${text}` : text);
      continue;
    }
    const { rows, columns } = filledTable(field, applicant.kind, answers);
    if (field.length && rows.length > 0 && application.filedAt)
      totals.push(<LengthNote key={field.id} length={field.length} rows={rows} until={dayOf(application.filedAt)} />);
    for (const row of rows) {
      const filled = columns.flatMap((column) => {
        const text = say(column, row[column.id]);
        return text ? [{ id: column.id, label: text3(column.short ?? column.label), text }] : [];
      });
      tableRows.push(
        filled.map(({ id, label, text }, index) => (
          <Fragment key={id}>
            {index > 0 && (
              <>
                {' · '}
                <span className="quiet">{label}</span>{' '}
              </>
            )}
            {text}
          </Fragment>
        )),
      );
    }
  }
  // What stands beside a table, as the date of a list, is none of its rows.
  const counted = tableRows.length > 0 ? tableRows : facts;
  const lines = [...(tableRows.length > 0 ? facts : []), ...counted.slice(0, rowsBeside)];
  const title = text3(section.short ?? section.title);
  return (
    <div>
      <b>{title}</b>
      {totals}
      {lines.length === 0 ? (
        <p className="quiet">{t('checklist.nothing')}</p>
      ) : (
        <ul className="plain">
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: signed rows neither move nor change
            <li key={index}>{line}</li>
          ))}
        </ul>
      )}
      {counted.length > rowsBeside && (
        <Link className="lnk" to="?tab=answers" preventScrollReset>
          {t('checklist.allRows', { count: counted.length })} <span className="vh">— {title}</span>
        </Link>
      )}
    </div>
  );
}
