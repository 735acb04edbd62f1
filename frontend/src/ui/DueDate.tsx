import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type CalendarCell, calendarWeeks, skippedText, type Term } from './dueCalendar';
import { monthShort, wallClock, weekdayName, weekdayShort } from './format';
import { useFormat } from './useFormat';

export type DueDateProps = {
  term: Term;
  /** The label above the date; "the decision is due by" unless told. */
  label?: ReactNode;
  /** The rule or the stand in one sentence, e.g. "day 3 of 15". */
  sentence?: ReactNode;
  /** The day of today, YYYY-MM-DD, to mark it; leave it out on the page that tells of the filing itself. */
  today?: string;
  /** Narrow: words of the days move to a key below. */
  side?: boolean;
  /** After the sentence that lists the skipped days, e.g. a link to the rule. */
  children?: ReactNode;
};

const cellClass = { filed: 'start', counted: 'count', skipped: 'skip', due: 'end' } as const;

/** The due date with its working: the big date, the rule, the calendar of weeks, the days that do not count (R6.2, S4.1). */
export function DueDate({ term, label, sentence, today, side = false, children }: DueDateProps) {
  const { t } = useTranslation('ui');
  const format = useFormat();
  const { language } = format;
  const weeks = calendarWeeks(term.days, today);
  const skipped = skippedText(term.days, language, t('due.weekends'));
  const first = term.days[0]?.date ?? term.firstDay;
  const last = term.days.at(-1)?.date ?? term.firstDay;
  return (
    <section className={side ? 'due due--side' : 'due'}>
      <h2 className="due-label">{label ?? t('due.label')}</h2>
      <time className="big" dateTime={term.dueAt}>
        {format.moment(term.dueAt, { weekday: true })}
      </time>
      {sentence && <p>{sentence}</p>}
      <table className={side ? 'cal cal--side' : 'cal'}>
        <caption>
          <span className="vh">{t('due.how')} </span>
          {format.months(first, last)}
        </caption>
        <thead>
          <tr>
            {[0, 1, 2, 3, 4, 5, 6].map((n) => (
              <th scope="col" key={n}>
                <abbr title={weekdayName(n, language)}>{weekdayShort(n, language)}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]?.key}>
              {week.map((cell) => (
                <Cell key={cell.key} cell={cell} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="cal-key" aria-hidden="true">
        <li>
          <i className="start" />
          {t('due.filed')}
        </li>
        {today && (
          <li>
            <i className="today" />
            {t('due.today')}
          </li>
        )}
        <li>
          <i className="end" />
          {t('due.due')}
        </li>
        <li>
          <i className="skip" />
          {t('due.skipped')}
        </li>
      </ul>
      {term.provisional && <p className="small due-skipped">{t('due.provisional')}</p>}
      {skipped && (
        <p className="small due-skipped">
          <b>{t('due.notCounted')}</b> {skipped}. {children}
        </p>
      )}
    </section>
  );
}

function Cell({ cell }: { cell: CalendarCell }) {
  const { t } = useTranslation('ui');
  const { language } = useFormat();
  if (cell.kind === 'off') return <td className="off" />;
  const p = wallClock(cell.date);
  const className = [cellClass[cell.kind], cell.today && 'today'].filter(Boolean).join(' ');
  return (
    <td className={className}>
      <b>
        {p.day}
        {cell.firstOfMonth && <span className="mon"> {monthShort(p.month, language)}</span>}
      </b>{' '}
      {cell.kind === 'filed' && <span className="w">{t('due.filed')}</span>}
      {cell.kind === 'skipped' && <span className="w">{p.weekday >= 5 ? t('due.weekend') : t('due.holiday')}</span>}
      {(cell.kind === 'counted' || cell.kind === 'due') && (
        <span>
          {cell.number}
          {cell.kind === 'due' && <span className="w inline"> · {t('due.due')}</span>}
          {cell.today && <span className="w inline"> · {t('due.today')}</span>}
        </span>
      )}
    </td>
  );
}
