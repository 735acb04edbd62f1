import { defaultScheduler, notifyManager } from '@tanstack/react-query';
import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Application } from '@/api/applications';
import type { DeclaredService } from '@/api/declaration';
import { renderPart } from '@/testing/renderApp';
import { type Fixtures, problem, type Reply } from '@/testing/server';
import { application, card, executor, id, now, openWork, rowOf, step } from '../fixtures';
import { Evidence } from './Evidence';

beforeEach(() => {
  vi.setSystemTime(now);
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

const open = (tab: string, shown: Application, more: Fixtures = {}) => openWork(shown, executor, more, tab);

describe('the checklist', () => {
  const mine = (more: Partial<Application> = {}) =>
    application('in_review', { step: step('prepare'), actions: [{ name: 'save_checklist', clause: 'R5.3' }], ...more });
  /** Saves as the server does: the marks sent replace those of their requirements. */
  const saving = (shown: Application): Fixtures => ({
    'PUT /api/applications/{id}/checklist': ({ body }) => {
      const { marks } = body as { marks: NonNullable<Application['checklist']> };
      const kept = marks.map(({ note, ...mark }) => ({ ...mark, ...(note?.trim() && { note: note.trim() }) }));
      shown.checklist = shown.checklist?.map((old) => kept.find((mark) => mark.requirement === old.requirement) ?? old);
      return { body: { ...shown } };
    },
  });
  const saved = (server: { asked: { method: string; body: unknown }[] }) =>
    server.asked.filter((one) => one.method === 'PUT').map((one) => one.body);

  it('has the evidence beside each requirement that concerns this applicant', async () => {
    await open('requirements', mine());
    const premises = await rowOf(/помещения на праве/);
    expect(premises.getByText(/Аренда/)).toHaveTextContent('Аренда · Номер договора 12 · Дата договора 01.03.2026');
    expect(premises.getByRole('link', { name: 'Открыть скан: договор.pdf' })).toHaveAttribute(
      'href',
      `/api/applications/${id}/attachments/scan-1?inline=1`,
    );
    const equipment = await rowOf(/медицинского оборудования/);
    expect(equipment.getByText(/Тонометр/)).toHaveTextContent('Тонометр · Год 2024');
    expect(equipment.getByRole('link', { name: /Показать все 4 строки/ })).toBeInTheDocument();
    expect(equipment.queryByText(/Ростомер/)).not.toBeInTheDocument();
    expect(screen.queryByText(/стажа не менее/)).not.toBeInTheDocument();
  });

  it('counts the rows of a list without the date that stands above them', async () => {
    const label = { kk: 'kk', ru: 'Сведения на', en: 'en' };
    const asOf = { id: 'asOf', type: 'date', label, required: true } as const;
    const service: DeclaredService = {
      ...card.service,
      sections: card.service.sections.map((one) =>
        one.id === 'equipment' ? { ...one, fields: [asOf, ...one.fields] } : one,
      ),
    };
    const shown = mine();
    await open(
      'requirements',
      { ...shown, answers: { ...shown.answers, asOf: '2026-11-20' } },
      { 'GET /api/services/{code}': { body: { ...card, service } } },
    );
    const equipment = await rowOf(/медицинского оборудования/);
    expect(equipment.getByText(/Сведения на: 20/)).toBeInTheDocument();
    expect(equipment.getByText(/Весы/)).toBeInTheDocument();
    expect(equipment.getByRole('link', { name: /Показать все 4 строки/ })).toBeInTheDocument();
  });

  // Five years less two days on the day of filing; the same work is longer today, which does not count (SF5.6).
  it('adds up the work record to the day of filing', async () => {
    const service = {
      ...card.service,
      sections: [
        {
          id: 'record',
          title: { kk: 'Өтіл', ru: 'Стаж', en: 'Experience' },
          clause: 'SF5.6',
          fields: [
            {
              id: 'record',
              type: 'table',
              label: { kk: 'Жұмыс', ru: 'Места работы', en: 'Work' },
              required: true,
              maxRows: 20,
              length: { from: 'from', to: 'to', minYears: 5 },
              columns: [{ id: 'from', type: 'date', label: { kk: 'Бастап', ru: 'С', en: 'From' }, required: true }],
            },
          ],
        },
      ],
    } as unknown as DeclaredService;
    const filed = application('in_review', {
      filedAt: '2026-01-08T06:00:00Z',
      answers: { record: [{ from: '2021-01-11', to: '' }] },
    });
    await renderPart(
      <Evidence
        requirement={{ id: 'record', text: { kk: '', ru: '', en: '' }, clause: 'SF5.6', sections: ['record'] }}
        application={filed}
        service={service}
      />,
      { fixtures: { 'GET /api/directory/authorities': { body: { authorities: [] } } } },
    );
    const total = await screen.findByText(/Стаж: 4 года 11 месяцев/);
    expect(total.parentElement).toHaveTextContent('Нужно не менее 5 лет.');
  });

  it('saves a mark at once, alone, and takes it back on a second press', async () => {
    const shown = mine();
    const { user, server } = await open('requirements', shown, saving(shown));
    const yes = (await rowOf(/помещения на праве/)).getByRole('button', { name: 'Да' });
    await user.click(yes);
    await waitFor(() => expect(saved(server)).toEqual([{ marks: [{ requirement: 'premises', met: 'yes' }] }]));
    expect(yes).toHaveAttribute('aria-pressed', 'true');
    expect(await screen.findByText('Сохранено в 10:40')).toBeInTheDocument();
    expect(screen.getByText(/отмечено 1 из 2/)).toBeInTheDocument();
    await user.click(yes);
    await waitFor(() =>
      expect(saved(server).at(-1)).toEqual({ marks: [{ requirement: 'premises', met: 'unmarked' }] }),
    );
  });

  it('saves a note when one leaves it', async () => {
    const shown = mine();
    const { user, server } = await open('requirements', shown, saving(shown));
    await user.click((await rowOf(/помещения на праве/)).getByRole('button', { name: 'Нет' }));
    await user.type(await screen.findByRole('textbox', { name: 'Заметка' }), 'Договор истёк');
    await user.tab();
    await waitFor(() =>
      expect(saved(server).at(-1)).toEqual({ marks: [{ requirement: 'premises', met: 'no', note: 'Договор истёк' }] }),
    );
  });

  it('takes nothing out of a note that is being typed, nor the note away, though it is saved in every pause', async () => {
    const shown = mine();
    shown.checklist = shown.checklist?.map((mark) => ({ ...mark, met: 'yes' as const, note: 'Договор' }));
    const { user, server } = await open('requirements', shown, saving(shown));
    const note = (await rowOf(/помещения на праве/)).getByRole('textbox', { name: 'Заметка' });
    const pause = (text: string) =>
      waitFor(() => {
        expect(saved(server).at(-1)).toMatchObject({ marks: [{ note: text }] });
        expect(screen.getByText('Сохранено в 10:40')).toBeInTheDocument();
      });
    await user.type(note, ' ');
    await pause('Договор ');
    await user.type(note, 'истёк');
    await pause('Договор истёк');
    expect(note).toHaveValue('Договор истёк');
    await user.clear(note);
    await pause('');
    expect(note).toHaveFocus();
  });

  it('leaves the note alone in which one writes while the mark is being saved', async () => {
    const shown = mine();
    let tell = () => {};
    const line = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const { user } = await open('requirements', shown, {
      'PUT /api/applications/{id}/checklist': async (asked) => {
        await line;
        return (saving(shown)['PUT /api/applications/{id}/checklist'] as (one: typeof asked) => Reply)(asked);
      },
    });
    await user.click((await rowOf(/помещения на праве/)).getByRole('button', { name: 'Нет' }));
    const note = await screen.findByRole('textbox', { name: 'Заметка' });
    await screen.findByText('Сохраняем…');
    // The page hears of the answer as late as it can: after the checklist itself.
    const held: (() => void)[] = [];
    notifyManager.setScheduler((heard) => held.push(heard));
    onTestFinished(() => notifyManager.setScheduler(defaultScheduler));
    tell();
    await screen.findByText('Сохранено в 10:40');
    expect(note).toBeInTheDocument();
    notifyManager.setScheduler(defaultScheduler);
    act(() => {
      for (const heard of held) heard();
    });
    expect(note).toBeInTheDocument();
  });

  it('keeps marks that could not be saved, and saves them when asked again', async () => {
    const shown = mine();
    const { user, server } = await open('requirements', shown, {
      'PUT /api/applications/{id}/checklist': { status: 503, body: problem('unavailable', 503) },
    });
    await user.click((await rowOf(/помещения на праве/)).getByRole('button', { name: 'Нет' }));
    expect(await screen.findByText('Не сохранено, отметки остались на этой странице')).toBeInTheDocument();
    expect((await rowOf(/помещения на праве/)).getByRole('button', { name: 'Нет' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    server.answer(saving(shown));
    await user.click(screen.getByRole('button', { name: 'Повторить' }));
    expect(await screen.findByText('Сохранено в 10:40')).toBeInTheDocument();
    expect(shown.checklist?.[0]?.met).toBe('no');
  });

  it('tells that marks could not be saved until they are, so that nothing above them moves while it is tried again', async () => {
    let answer = () => {};
    const { user } = await open('requirements', mine(), {
      'PUT /api/applications/{id}/checklist': async () => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return { status: 503, body: problem('unavailable', 503) };
      },
    });
    await user.click((await rowOf(/помещения на праве/)).getByRole('button', { name: 'Нет' }));
    await screen.findByText('Сохраняем…');
    answer();
    const again = await screen.findByRole('button', { name: 'Повторить' });
    await user.click(again);
    await screen.findByText('Сохраняем…');
    expect(again).toBeVisible();
    expect(again).toHaveFocus();
    answer();
    await screen.findByText('Не сохранено, отметки остались на этой странице');
    expect(again).toBeVisible();
    expect(again).toHaveFocus();
  });

  it.each([
    ['another tab of the file is opened', /^Документы/],
    ['the file is left', 'Моя работа'],
  ])('saves what was marked while a save was under way, when %s', async (_, link) => {
    const shown = mine();
    const line: (() => void)[] = [];
    const { user, server } = await open('requirements', shown, {
      'PUT /api/applications/{id}/checklist': async (asked) => {
        await new Promise<void>((resolve) => line.push(resolve));
        return (saving(shown)['PUT /api/applications/{id}/checklist'] as (one: typeof asked) => Reply)(asked);
      },
    });
    await user.click((await rowOf(/помещения на праве/)).getByRole('button', { name: 'Да' }));
    await user.click((await rowOf(/медицинского оборудования/)).getByRole('button', { name: 'Да' }));
    await user.click((await screen.findAllByRole('link', { name: link }))[0] as HTMLElement);
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Да' })).not.toBeInTheDocument());
    line.shift()?.();
    await waitFor(() => expect(line).toHaveLength(1));
    line.shift()?.();
    await waitFor(() => expect(sessionStorage.getItem(`checklist:${id}`)).toBeNull());
    expect(saved(server).at(-1)).toEqual({ marks: [{ requirement: 'equipment', met: 'yes' }] });
    expect(shown.checklist?.map((mark) => mark.met)).toEqual(['yes', 'yes']);
  });

  it('saves after a reload what the window had kept', async () => {
    const value = { premises: { requirement: 'premises', met: 'no' } };
    sessionStorage.setItem(`checklist:${id}`, JSON.stringify({ by: executor.iin, value }));
    const shown = mine();
    const { server } = await open('requirements', shown, saving(shown));
    await waitFor(() => expect(saved(server)).toEqual([{ marks: [{ requirement: 'premises', met: 'no' }] }]));
    await waitFor(() => expect(sessionStorage.getItem(`checklist:${id}`)).toBeNull());
  });

  it('does not save in the name of one official what another has left in the window', async () => {
    const value = { premises: { requirement: 'premises', met: 'no' } };
    sessionStorage.setItem(`checklist:${id}`, JSON.stringify({ by: '123456789077', value }));
    const shown = mine();
    const { server } = await open('requirements', shown, saving(shown));
    await rowOf(/помещения на праве/);
    expect(saved(server)).toEqual([]);
  });

  it('cannot be marked by anybody else', async () => {
    await open(
      'requirements',
      application('licence_prepared', {
        step: step('sign'),
        checklist: [
          { requirement: 'premises', met: 'yes' },
          { requirement: 'equipment', met: 'no', note: 'Нет тонометра' },
        ],
      }),
    );
    expect((await rowOf(/помещения на праве/)).getByText('Выполнено')).toBeInTheDocument();
    expect((await rowOf(/медицинского оборудования/)).getByText('Нет тонометра')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Да' })).not.toBeInTheDocument();
  });
});
