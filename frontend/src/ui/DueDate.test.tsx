import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderPart } from '@/testing/renderApp';
import { DueDate } from './DueDate';
import { calendarWeeks, skippedText, type Term, type TermDay } from './dueCalendar';

const holiday = { kk: 'Тәуелсіздік күні', ru: 'День Независимости', en: 'Independence Day' };
const weekend = { kk: 'демалыс', ru: 'выходной', en: 'day off' };

// The example of the design: filed on Thursday 26.11.2026, 15 working days, due on Friday 18.12.2026.
function exampleTerm(): Term {
  const days: TermDay[] = [{ date: '2026-11-26', kind: 'filed' }];
  let counted = 0;
  for (let n = 1; counted < 15; n++) {
    const moment = new Date(Date.UTC(2026, 10, 26 + n));
    const date = moment.toISOString().slice(0, 10);
    const off = moment.getUTCDay() === 0 || moment.getUTCDay() === 6;
    if (off || date === '2026-12-16') days.push({ date, kind: 'skipped', reason: off ? weekend : holiday });
    else days.push({ date, kind: ++counted === 15 ? 'due' : 'counted', number: counted });
  }
  return { workingDays: 15, firstDay: '2026-11-27', dueAt: '2026-12-18T12:30:00Z', days, clause: 'S4.1' };
}

describe('the calendar of a term', () => {
  it('says so when days of it are not announced yet', async () => {
    const opened = await renderPart(<DueDate term={{ ...exampleTerm(), provisional: true }} />);
    expect(screen.getByText(/Часть выходных этого срока ещё не объявлена/)).toBeVisible();
    opened.unmount();
    await renderPart(<DueDate term={exampleTerm()} />);
    expect(screen.queryByText(/ещё не объявлена/)).toBeNull();
  });

  it('is laid out in whole weeks from Monday, empty before the filing and after the due date', () => {
    const weeks = calendarWeeks(exampleTerm().days, '2026-12-01');
    expect(weeks).toHaveLength(4);
    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect(weeks[0]?.map((cell) => cell.kind)).toEqual(['off', 'off', 'off', 'filed', 'counted', 'skipped', 'skipped']);
    expect(weeks[3]?.map((cell) => cell.kind)).toEqual([
      'counted',
      'counted',
      'skipped',
      'counted',
      'due',
      'off',
      'off',
    ]);
    expect(weeks.flat().filter((cell) => cell.kind !== 'off' && cell.today)).toHaveLength(1);
  });

  it('says which days are not counted, runs joined, holidays by name', () => {
    expect(skippedText(exampleTerm().days, 'ru', 'выходные').replaceAll('\u00a0', ' ')).toBe(
      '28–29 ноября, 5–6 декабря, 12–13 декабря — выходные; 16 декабря — День Независимости',
    );
    expect(skippedText(exampleTerm().days, 'kk', 'демалыс күндері').replaceAll('\u00a0', ' ')).toContain(
      '16 желтоқсан — Тәуелсіздік күні',
    );
  });

  it('has nothing to say of a term without skipped days', () => {
    expect(skippedText([{ date: '2026-11-26', kind: 'filed' }], 'ru', 'выходные')).toBe('');
  });
});

describe('DueDate', () => {
  it('shows the date, the numbered days and the holiday to eye and ear', async () => {
    await renderPart(<DueDate term={exampleTerm()} today="2026-12-01" sentence="Идёт 3-й из 15 рабочих дней." />);
    expect(screen.getByText(/пятница, 18\sдекабря 2026\sгода, 17:30/)).toBeInTheDocument();
    const table = screen.getByRole('table', { name: /Как посчитан срок/ });
    const cells = within(table)
      .getAllByRole('cell')
      .map((cell) => cell.textContent);
    expect(cells).toContain('18 15 · срок');
    expect(cells).toContain('16 праздник');
    expect(cells).toContain('1 дек 3 · сегодня');
    expect(within(table).getAllByText('выходной')).toHaveLength(6);
  });

  it('does not mark today on the page of the filing itself', async () => {
    await renderPart(<DueDate term={exampleTerm()} />);
    expect(screen.queryByText(/сегодня/)).not.toBeInTheDocument();
  });
});
