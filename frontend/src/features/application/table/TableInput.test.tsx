import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Application } from '@/api/applications';
import { paths } from '@/app/paths';
import type { Language } from '@/i18n/language';
import { cabinetFixtures, draft, draftId } from '@/testing/applications';
import { applicant, renderApp } from '@/testing/renderApp';

beforeEach(() => sessionStorage.clear());

const row = (name: string, year = '2023') => ({ name, quantity: '1', year, condition: 'working' });

async function openTable(section = 'equipment', answers: Application['answers'] = {}, language: Language = 'ru') {
  let revision = 1;
  const opened = await renderApp(paths.form(draftId, section), {
    language,
    session: applicant,
    fixtures: {
      ...cabinetFixtures({ ...draft, answers }),
      'PUT /api/applications/{id}/answers': () => ({
        body: { revision: ++revision, savedAt: '2026-11-26T09:30:00Z', issues: [] },
      }),
    },
  });
  await screen.findByRole('table');
  const saved = () =>
    (opened.server.asked.filter((one) => one.method === 'PUT').at(-1)?.body as { answers: Record<string, unknown> })
      ?.answers;
  return { ...opened, saved };
}

const cell = (column: string, n: number) => screen.getByLabelText(`${column}, строка ${n}`);
const paste = (into: HTMLElement, text: string) => fireEvent.paste(into, { clipboardData: { getData: () => text } });

describe('a table of the form', () => {
  it('adds, repeats and removes rows, and brings a removed one back', async () => {
    const { user, saved } = await openTable('equipment', { equipment: [row('Кресло')] });
    await user.click(screen.getByRole('button', { name: 'Добавить строку' }));
    expect(cell('Наименование', 2)).toHaveFocus();
    await user.type(cell('Наименование', 2), 'Лампа');
    await user.click(screen.getByRole('button', { name: 'Копировать строку 2' }));
    expect(cell('Наименование', 3)).toHaveValue('Лампа');
    await user.click(screen.getByRole('button', { name: 'Убрать строку 1' }));
    expect(cell('Наименование', 1)).toHaveValue('Лампа');
    expect(screen.queryByLabelText('Наименование, строка 3')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Вернуть' }));
    expect(cell('Наименование', 1)).toHaveValue('Кресло');
    expect(cell('Наименование', 3)).toHaveValue('Лампа');
    await waitFor(() => expect(saved()?.equipment).toHaveLength(3), { timeout: 3000 });
  });

  it.each([
    ['kk', 'Көшірме — 1-жол', '1-жол'],
    ['ru', 'Копировать строку 1', 'Строка 1'],
    ['en', 'Duplicate row 1', 'Row 1'],
  ] as const)(
    'in %s: says of its button that it copies, and names a row as the mistakes do',
    async (language, copy, row) => {
      await openTable('equipment', { equipment: [{ year: '20222' }] }, language);
      expect(screen.getByRole('button', { name: copy })).toBeVisible();
      expect(within(screen.getByRole('rowheader')).getByText(row)).toBeInTheDocument();
    },
  );

  it('says why no more rows fit instead of hiding the button', async () => {
    await openTable('equipment', { equipment: ['1', '2', '3', '4', '5'].map((name) => row(name)) });
    const add = screen.getByRole('button', { name: 'Добавить строку' });
    expect(add).toHaveAttribute('aria-disabled', 'true');
    expect(add).toHaveAccessibleDescription('Больше 5 строк не поместится');
  });

  it('is walked by arrow keys and Enter', async () => {
    const { user } = await openTable('equipment', { equipment: [row('Кресло'), row('Лампа')] });
    await user.click(cell('Кол-во', 1));
    await user.keyboard('{ArrowDown}');
    expect(cell('Кол-во', 2)).toHaveFocus();
    await user.keyboard('{ArrowRight}');
    expect(cell('Год', 2)).toHaveFocus();
    await user.keyboard('{ArrowRight}');
    expect(cell('Состояние', 2)).toHaveFocus();
    await user.keyboard('{ArrowLeft}{ArrowUp}');
    expect(cell('Год', 1)).toHaveFocus();
    await user.keyboard('{Enter}{Enter}');
    expect(cell('Наименование', 3)).toHaveFocus();
  });

  it('takes a paste into its cells, names the bad cell and puts the guess in', async () => {
    const { user, saved } = await openTable();
    paste(cell('Наименование', 1), 'Кресло\t2\t2024\tРабочее\r\nРентген\t1\t20222\tрабочее\r\n');
    expect(await screen.findByText('Вставлены 2 строки из таблицы')).toBeVisible();
    expect(screen.getByText(/Строк в порядке: 1, с ошибками: 1/)).toBeVisible();
    const year = cell('Год', 2);
    expect(year).toBeInvalid();
    expect(year).toHaveAccessibleDescription('Год: должно быть четыре цифры. Указано «20222», возможно, 2022.');
    await user.click(screen.getByRole('button', { name: 'Исправить на 2022' }));
    expect(year).toHaveValue('2022');
    expect(year).toBeValid();
    expect(year).toHaveFocus();
    await waitFor(
      () =>
        expect(saved()?.equipment).toEqual([
          { name: 'Кресло', quantity: '2', year: '2024', condition: 'working' },
          { name: 'Рентген', quantity: '1', year: '2022', condition: 'working' },
        ]),
      { timeout: 3000 },
    );
  });

  it('undoes a paste, and leaves an ordinary paste to the input', async () => {
    const { user } = await openTable('equipment', { equipment: [row('Кресло')] });
    paste(cell('Наименование', 1), 'Лампа\t1\nСтол\t2');
    expect(cell('Наименование', 2)).toHaveValue('Стол');
    await user.click(screen.getByRole('button', { name: 'Отменить вставку' }));
    expect(cell('Наименование', 1)).toHaveValue('Кресло');
    expect(screen.queryByLabelText('Наименование, строка 2')).toBeNull();
    paste(cell('Наименование', 1), 'одно слово');
    expect(screen.queryByText(/из таблицы$/)).not.toHaveTextContent?.('Вставлена');
  });

  it('shows what was read before it is put into the cells', async () => {
    const { user } = await openTable('equipment', { equipment: [row('Кресло')] });
    await user.click(screen.getByRole('button', { name: 'Вставить из таблицы' }));
    const box = screen.getByLabelText('Вставьте сюда скопированные строки');
    expect(box).toHaveFocus();
    fireEvent.change(box, { target: { value: 'Год\tНаименование\n2024\tЛампа\n20222\tСтол' } });
    const preview = screen.getByRole('table', { name: 'Что будет вставлено' });
    expect(within(preview).getByText('Лампа')).toBeVisible();
    expect(screen.getByText('Прочитаны 2 строки.')).toBeVisible();
    expect(screen.getByText(/Строка 2, «Год»: должно быть четыре цифры.*возможно, 2022/)).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'Вместо имеющейся 1 строки' }));
    await user.click(screen.getByRole('button', { name: 'Вставить 2 строки' }));
    expect(cell('Наименование', 1)).toHaveValue('Лампа');
    expect(screen.queryByLabelText('Наименование, строка 3')).toBeNull();
    expect(screen.queryByLabelText('Вставьте сюда скопированные строки')).toBeNull();
    // The button is gone with its panel; the focus is at the table.
    const table = cell('Наименование', 1).closest('[tabindex="-1"]');
    expect(table).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Отменить вставку' }));
    expect(cell('Наименование', 1)).toHaveValue('Кресло');
    expect(table).toHaveFocus();
  });

  it('names the columns of the sheet that it did not know, before and after they are put in', async () => {
    const { user } = await openTable('equipment');
    await user.click(screen.getByRole('button', { name: 'Вставить из таблицы' }));
    const sheet = 'Изделие\tКол-во\tГод\tСост.\nЛампа\t1\t2024\tрабочее';
    const box = screen.getByLabelText('Вставьте сюда скопированные строки');
    fireEvent.change(box, { target: { value: sheet } });
    expect(screen.getByText(/взяты по порядку: «Изделие» — как «Наименование»\. Проверьте/)).toBeVisible();
    const wider = 'Наименование\tКол-во\tГод\tСост.\tЦена\t\nЛампа\t1\t2024\tрабочее\t100\tновая';
    fireEvent.change(box, { target: { value: wider } });
    const told = /Не узнаны и не вставляются столбцы: «Цена», 6-й столбец \(без названия\)\./;
    expect(screen.getByText(told)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Вставить 1 строку' }));
    expect(cell('Наименование', 1)).toHaveValue('Лампа');
    expect(screen.getByText(told)).toBeVisible();
  });

  it('marks a cell that is too long while it is typed, and tells the limit there and in the summary', async () => {
    const { user } = await openTable('equipment', { equipment: [row('К'.repeat(299))] });
    const name = cell('Наименование', 1);
    await user.type(name, 'кк');
    expect(name).toHaveFocus();
    expect(name).toBeInvalid();
    const told = 'слишком длинный текст: должно быть не больше 300 знаков';
    expect(name).toHaveAccessibleDescription(`Наименование: ${told}.`);
    await user.click(screen.getByRole('button', { name: 'Сохранить и продолжить' }));
    expect(await screen.findByRole('link', { name: `Строка 1, «Наименование»: ${told}` })).toBeVisible();
    await user.type(name, '{Backspace}');
    expect(name).toBeValid();
  });

  it('puts in nothing of a paste that does not fit', async () => {
    await openTable('equipment', { equipment: [row('Кресло')] });
    paste(cell('Наименование', 1), Array.from({ length: 6 }, (_, n) => `Лампа ${n}\t1`).join('\n'));
    expect(await screen.findByRole('alert')).toHaveTextContent('может быть не больше 5. Ничего не вставлено.');
    expect(cell('Наименование', 1)).toHaveValue('Кресло');
  });

  it('shows the hint of a column in its heading and in the block of a row, and tells it once at each input', async () => {
    const { user } = await openTable('experience', { experience: [{ organisation: 'Поликлиника' }] });
    const hint = 'Оставьте пустым, если работаете там';
    expect(screen.getAllByText(hint).map((one) => one.closest('th, td')?.tagName)).toEqual(['TH', 'TD']);
    const day = cell('Дата увольнения', 1);
    expect(day).toHaveAccessibleDescription(hint);
    expect(day).toBeValid();
    await user.type(day, '31.02.2016');
    await user.tab();
    expect(day).toBeInvalid();
    expect(day).toHaveAccessibleDescription(new RegExp(`^${hint} Дата увольнения: такой даты нет`));
    expect(cell('Дата приёма', 1)).not.toHaveAccessibleDescription();
  });

  it('adds the work record up and says whether it is enough (SF5.6)', async () => {
    const { user } = await openTable('experience', {
      experience: [{ organisation: 'Поликлиника', hired: '2010-01-01', dismissed: '2012-12-31' }],
    });
    expect(screen.getByText('Стаж: 3 года.')).toBeVisible();
    expect(screen.getByText('Нужно не менее 5 лет.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Сохранить и продолжить' }));
    expect(await screen.findByRole('link', { name: /нужно не менее 5 лет, сейчас: 3 года/ })).toBeVisible();
    await user.clear(cell('Дата увольнения', 1));
    await user.type(cell('Дата увольнения', 1), '31.03.2016');
    expect(screen.getByText('Стаж: 6 лет 3 месяца.')).toBeVisible();
    expect(screen.getByText(/достаточно/)).toBeVisible();
  });
});
