import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '@/api/applications';
import { paths } from '@/app/paths';
import type { Language } from '@/i18n/language';
import { cabinetFixtures, completeAnswers, draft, draftId } from '@/testing/applications';
import { fakeNCALayer } from '@/testing/fakeNCALayer';
import { applicant, renderApp } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';
import { signIn, signsInAs } from '@/testing/signIn';

beforeEach(() => sessionStorage.clear());

/** A server that keeps what is saved, as far as a page can see. */
function saving(application: Application = draft): Fixtures {
  let revision = application.revision;
  return {
    ...cabinetFixtures(application),
    'PUT /api/applications/{id}/answers': () => ({
      body: { revision: ++revision, savedAt: '2026-11-26T09:30:00Z', issues: [] },
    }),
  };
}

async function openForm(
  section: string,
  application: Application = draft,
  fixtures: Fixtures = {},
  language: Language = 'ru',
) {
  const opened = await renderApp(paths.form(draftId, section), {
    language,
    session: applicant,
    fixtures: { ...saving(application), ...fixtures },
  });
  await screen.findByRole('heading', { level: 1 });
  const lastSaved = () =>
    (opened.server.asked.filter((one) => one.method === 'PUT').at(-1)?.body ?? {}) as {
      revision: number;
      answers: Record<string, unknown>;
    };
  return { ...opened, lastSaved };
}

const goOn = () => screen.getByRole('button', { name: 'Сохранить и продолжить' });

describe('a section of the form', () => {
  it('is drawn from the declaration: what applies to this applicant, in its order', async () => {
    await openForm('contacts');
    expect(screen.getByRole('combobox', { name: 'Лицензиар' })).toBeVisible();
    const address = screen.getByRole('group', { name: 'Адрес местожительства' });
    expect(within(address).getByLabelText('Улица')).toBeVisible();
    expect(screen.getByLabelText(/Факс/)).toHaveAccessibleName('Факс (необязательно)');
    const sections = screen.getByRole('navigation', { name: 'Разделы заявления' });
    const names = within(within(sections).getAllByRole('list')[0] as HTMLElement)
      .getAllByRole('listitem')
      .map((item) => item.textContent);
    expect(names).toEqual([
      'Контакты',
      'Виды деятельности',
      'Оборудование',
      'Стаж работы',
      'Документы',
      'Проверка и подпись',
    ]);
  });

  it('is saved by itself as one types', async () => {
    const { user, lastSaved } = await openForm('contacts');
    await user.type(screen.getByLabelText('Электронная почта'), 'a@example.kz');
    await waitFor(() => expect(lastSaved()).toEqual({ revision: 1, answers: { email: 'a@example.kz' } }), {
      timeout: 3000,
    });
    expect(await screen.findAllByText(/^(Черновик сохранён|Сохранено)/)).not.toHaveLength(0);
  });

  it('says what is wrong on leaving a field, and nothing of empty ones yet', async () => {
    const { user } = await openForm('contacts');
    const email = screen.getByLabelText('Электронная почта');
    await user.click(email);
    await user.tab();
    expect(email).toBeValid();
    await user.type(email, 'nobody');
    await user.tab();
    expect(email).toBeInvalid();
    expect(email).toHaveAccessibleDescription(/Введите адрес электронной почты/);
    await user.type(email, '@example.kz');
    expect(email).toBeValid();
  });

  it('says it only after the click that left the field, so that nothing moves from under the pointer', async () => {
    const { user } = await openForm('equipment');
    const day = screen.getByLabelText('Сведения на дату');
    await user.type(day, '30.11.2027');
    const open = screen.getByRole('button', { name: 'Вставить из таблицы' });
    await user.pointer({ keys: '[MouseLeft>]', target: open });
    expect(day).not.toHaveFocus();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(day).toBeValid();
    await user.pointer({ keys: '[/MouseLeft]', target: open });
    expect(screen.getByLabelText('Вставьте сюда скопированные строки')).toBeVisible();
    await waitFor(() => expect(day).toBeInvalid());
  });

  it('tells a date that does not exist from one that is not written in full', async () => {
    const { user } = await openForm('equipment');
    const day = screen.getByLabelText('Сведения на дату');
    await user.type(day, '31.02.2026');
    await user.tab();
    expect(day).toHaveAccessibleDescription(/Такой даты нет, проверьте день и месяц/);
    await user.clear(day);
    await user.type(day, '31.02');
    expect(day).toHaveAccessibleDescription(/Введите дату полностью/);
  });

  it.each([
    ['activity', '«Подвиды»: выберите хотя бы один вариант', 'Выберите хотя бы один вариант'],
    ['activity', '«Вид права»: выберите один из вариантов', 'Выберите один из вариантов'],
    ['contacts', '«Лицензиар»: выберите из списка', 'Выберите из списка'],
  ])('says of an empty answer of the section %s what it lacks: %s', async (section, inSummary, atField) => {
    const { user } = await openForm(section);
    await user.click(goOn());
    expect(within(await screen.findByRole('alert')).getByRole('link', { name: inSummary })).toBeVisible();
    expect(screen.getByText(atField)).toBeVisible();
  });

  it('names what the empty row that it shows needs, and adds no second empty one', async () => {
    const { user } = await openForm('equipment');
    await user.click(goOn());
    const links = within(await screen.findByRole('alert')).getAllByRole('link');
    expect(links.map((link) => link.textContent)).toEqual([
      '«Сведения на дату»: заполните это поле',
      ...['Наименование', 'Кол-во', 'Год', 'Состояние'].map((name) => `Строка 1, «${name}»: заполните это поле`),
    ]);
    expect(screen.getByLabelText('Год, строка 1')).toBeInvalid();
    await user.click(screen.getByRole('button', { name: 'Добавить строку' }));
    expect(screen.getByLabelText('Наименование, строка 1')).toHaveFocus();
    expect(screen.queryByLabelText('Наименование, строка 2')).toBeNull();
  });

  it('names what the empty address that it shows needs, and adds no second empty one', async () => {
    const { user } = await openForm('activity');
    await user.click(screen.getByLabelText('Город'));
    await user.tab();
    expect(screen.getByLabelText('Город')).toBeValid();
    await user.click(goOn());
    const summary = within(await screen.findByRole('alert'));
    for (const part of ['«Область»: заполните', '«Город»: укажите город или', '«Улица»: заполните', '«Дом»: заполните'])
      expect(summary.getByRole('link', { name: new RegExp(`^Адрес 1, ${part}`) })).toBeVisible();
    expect(screen.getByLabelText('Улица')).toBeInvalid();
    await user.click(screen.getByRole('button', { name: 'Добавить адрес' }));
    expect(screen.queryByRole('group', { name: 'Адрес 2' })).toBeNull();
    expect(screen.getByLabelText(/^Почтовый индекс/)).toHaveFocus();
  });

  it('stays on "continue" with a summary that leads to each field, in the same words', async () => {
    const { user, router } = await openForm('contacts');
    await user.click(goOn());
    const summary = await screen.findByRole('alert');
    await waitFor(() => expect(summary).toHaveFocus());
    expect(document.title).toMatch(/^Ошибка: Контакты/);
    await user.click(within(summary).getByRole('link', { name: '«Электронная почта»: заполните это поле' }));
    await waitFor(() => expect(screen.getByLabelText('Электронная почта')).toHaveFocus());
    await user.click(within(summary).getByRole('link', { name: '«Улица»: заполните это поле' }));
    await waitFor(() => expect(screen.getByLabelText('Улица')).toHaveFocus());
    expect(router.state.location.pathname).toBe(paths.form(draftId, 'contacts'));
  });

  it('lists what is wrong in the order of the page', async () => {
    const homeAddress = { postcode: '12' };
    const { user } = await openForm('contacts', {
      ...draft,
      answers: { ...completeAnswers, email: 'nobody', homeAddress },
    });
    await user.click(goOn());
    const links = within(await screen.findByRole('alert')).getAllByRole('link');
    expect(links.map((link) => /«(.*?)»/.exec(link.textContent)?.[1])).toEqual([
      'Почтовый индекс',
      'Область',
      'Город',
      'Улица',
      'Дом',
      'Электронная почта',
    ]);
  });

  it('names the fields in the quotation marks of the language', async () => {
    const { user } = await openForm('contacts', draft, {}, 'en');
    await user.click(screen.getByRole('button', { name: 'Save and continue' }));
    const summary = await screen.findByRole('alert');
    expect(within(summary).getByRole('link', { name: '“Улица (en)”: fill in this field' })).toBeVisible();
  });

  it('does not take the focus from who types when a mistake comes back', async () => {
    const { user } = await openForm('contacts', { ...draft, answers: { ...completeAnswers, email: '' } });
    await user.click(goOn());
    const email = screen.getByLabelText('Электронная почта');
    await user.type(email, 'a@example.kz');
    await user.clear(email);
    await user.type(email, 'b@example.kz');
    await waitFor(() => expect(email).toHaveFocus());
    expect(email).toHaveValue('b@example.kz');
  });

  it('can be left as it is, with its mistakes', async () => {
    const { user, router } = await openForm('contacts');
    await user.click(goOn());
    await user.click(await screen.findByRole('button', { name: 'Продолжить, исправлю позже' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'activity')));
  });

  it('goes on when all is right', async () => {
    const { user, router } = await openForm('contacts', { ...draft, answers: { ...completeAnswers } });
    await user.click(goOn());
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'activity')));
    expect(await screen.findByRole('heading', { level: 1, name: 'Виды деятельности' })).toBeVisible();
  });

  it('without a name is the first that is not done', async () => {
    const { router } = await renderApp(paths.form(draftId), {
      session: applicant,
      fixtures: saving({ ...draft, answers: { ...completeAnswers, equipment: [] } }),
    });
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'equipment')));
  });

  it('is no longer there when the application is signed', async () => {
    const { router } = await renderApp(paths.form(draftId, 'contacts'), {
      session: applicant,
      fixtures: cabinetFixtures({ ...draft, state: 'withdrawn', actions: [] }),
    });
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.application(draftId)));
  });

  it('asks the dependent question only when it applies', async () => {
    const { user, lastSaved } = await openForm('activity');
    expect(screen.queryByLabelText('Номер договора аренды')).toBeNull();
    await user.click(screen.getByRole('radio', { name: 'Аренда' }));
    await user.type(screen.getByLabelText('Номер договора аренды'), '12');
    await waitFor(() => expect(lastSaved().answers).toMatchObject({ right: 'leased', lease: '12' }), { timeout: 3000 });
  });

  it('chooses codes from a tree by search, shows them under their headings, and lets them go', async () => {
    const { user, lastSaved } = await openForm('activity');
    await user.type(screen.getByLabelText('Найти в перечне'), 'тера');
    await user.click(await screen.findByRole('checkbox', { name: 'Терапия' }));
    expect(screen.queryByRole('checkbox', { name: 'Педиатрия' })).toBeNull();
    expect(screen.getByText('Выбран 1 подвид')).toBeVisible();
    const remove = screen.getByRole('button', { name: /Убрать — Первичная помощь: терапия/ });
    await waitFor(() => expect(lastSaved().answers?.subActivities).toEqual(['PHC-THER']), { timeout: 3000 });
    await user.click(remove);
    // The button is gone with its line; the focus is not lost.
    expect(screen.getByRole('group', { name: 'Подвиды' })).toHaveFocus();
    await waitFor(() => expect(lastSaved().answers.subActivities).toEqual([]), { timeout: 3000 });
    // What is no longer valid is not offered.
    await user.clear(screen.getByLabelText('Найти в перечне'));
    await user.type(screen.getByLabelText('Найти в перечне'), 'прежн');
    expect(await screen.findByText('По запросу «прежн» ничего не найдено')).toBeVisible();
  });

  it('is not sent by Enter in the search of a list', async () => {
    const { user, router } = await openForm('activity', { ...draft, answers: { ...completeAnswers } });
    await user.type(screen.getByLabelText('Найти в перечне'), 'скор{Enter}');
    expect(await screen.findByRole('checkbox', { name: 'Выездная' })).toBeVisible();
    await user.click(screen.getByRole('checkbox', { name: 'Выездная' }));
    await user.clear(screen.getByLabelText('Найти в перечне'));
    await user.type(screen.getByLabelText('Найти в перечне'), '{Enter}');
    expect(await screen.findByText('Выбраны 2 подвида')).toBeVisible();
    expect(router.state.location.pathname).toBe(paths.form(draftId, 'activity'));
    expect(screen.getByLabelText('Найти в перечне')).toHaveFocus();
  });

  it('keeps a box of the tree under the hand when the list of what is chosen grows above it', async () => {
    const { user } = await openForm('activity');
    await user.type(screen.getByLabelText('Найти в перечне'), 'тера');
    const box = await screen.findByRole('checkbox', { name: 'Терапия' });
    // As a browser lays it out: a line of the list moves what is under it.
    vi.spyOn(box, 'getBoundingClientRect').mockImplementation(
      () => ({ top: screen.queryByRole('button', { name: /^Убрать — / }) ? 640 : 600 }) as DOMRect,
    );
    const scrolled = vi.spyOn(window, 'scrollBy').mockImplementation(() => {});
    await user.click(box);
    expect(scrolled.mock.calls).toEqual([[{ top: 40, behavior: 'instant' }]]);
    await user.click(box);
    expect(scrolled.mock.calls[1]).toEqual([{ top: -40, behavior: 'instant' }]);
    scrolled.mockRestore();
  });

  it('tells before any mistake that a city or a settlement is enough', async () => {
    await openForm('activity');
    for (const part of ['Город', 'Населённый пункт'])
      expect(screen.getByLabelText(part)).toHaveAccessibleDescription('Достаточно указать город или населённый пункт');
  });

  it('takes several addresses', async () => {
    const { user, lastSaved } = await openForm('activity');
    await user.type(screen.getByLabelText('Город'), 'Астана');
    await user.click(screen.getByRole('button', { name: 'Добавить адрес' }));
    const second = screen.getByRole('group', { name: 'Адрес 2' });
    await user.type(within(second).getByLabelText('Город'), 'Алматы');
    await user.click(screen.getByRole('button', { name: 'Убрать адрес 1' }));
    await waitFor(() => expect(lastSaved().answers.sites).toEqual([{ city: 'Алматы' }]), { timeout: 3000 });
  });

  it('brings back an address that was removed, and keeps the focus among the others', async () => {
    const { user } = await openForm('activity', {
      ...draft,
      answers: { sites: [{ city: 'Астана' }, { city: 'Алматы' }] },
    });
    const cities = () => screen.getAllByLabelText('Город').map((input) => (input as HTMLInputElement).value);
    await user.click(screen.getByRole('button', { name: 'Убрать адрес 2' }));
    expect(cities()).toEqual(['Астана']);
    expect(within(screen.getByRole('group', { name: 'Адрес 1' })).getAllByRole('textbox')[0]).toHaveFocus();
    const toast = within(screen.getByText('Адрес 2 убран').closest('[role=status]') as HTMLElement);
    await user.click(toast.getByRole('button', { name: 'Вернуть' }));
    expect(cities()).toEqual(['Астана', 'Алматы']);
    expect(within(screen.getByRole('group', { name: 'Адрес 2' })).getAllByRole('textbox')[0]).toHaveFocus();
  });
});

describe('nothing is lost', () => {
  it('when the line is cut: told, kept, sent again', async () => {
    let cut = true;
    let revision = 1;
    const { user, lastSaved } = await openForm('contacts', draft, {
      'PUT /api/applications/{id}/answers': () => {
        if (cut) throw new TypeError('Failed to fetch');
        return { body: { revision: ++revision, savedAt: '2026-11-26T09:30:00Z', issues: [] } };
      },
    });
    await user.type(screen.getByLabelText('Электронная почта'), 'a@example.kz');
    const note = await screen.findByRole('alert');
    expect(note).toHaveTextContent('Нет связи: черновик пока не сохранён');
    expect(screen.getByLabelText('Электронная почта')).toHaveValue('a@example.kz');
    cut = false;
    await user.click(within(note).getByRole('button', { name: 'Сохранить сейчас' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(lastSaved().answers).toEqual({ email: 'a@example.kz' });
  });

  it('when the line is cut, the fields stay where they are, and the focus is not lost with the note', async () => {
    let cut = true;
    const { user } = await openForm('contacts', draft, {
      'PUT /api/applications/{id}/answers': () => {
        if (cut) throw new TypeError('Failed to fetch');
        return { body: { revision: 2, savedAt: '2026-11-26T09:30:00Z', issues: [] } };
      },
    });
    const email = screen.getByLabelText('Электронная почта');
    // As a browser lays it out: the note moves what is under it.
    const noteHeight = () => (screen.queryByRole('alert') ? 130 : 0);
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(noteHeight);
    const form = email.closest('form') as HTMLElement;
    vi.spyOn(form, 'getBoundingClientRect').mockImplementation(() => ({ top: 400 + noteHeight() }) as DOMRect);
    const scrolled = vi.spyOn(window, 'scrollBy').mockImplementation(() => {});
    await user.type(email, 'a@example.kz');
    const note = await screen.findByRole('alert');
    expect(scrolled.mock.calls).toEqual([[{ top: 130, behavior: 'instant' }]]);
    cut = false;
    await user.click(within(note).getByRole('button', { name: 'Сохранить сейчас' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    await waitFor(() => expect(screen.getByRole('main')).toHaveFocus());
    vi.restoreAllMocks();
  });

  it('when it stays cut: the note and its button stand still while one types on and while it is tried again', async () => {
    let answer = () => {};
    const { user } = await openForm('contacts', draft, {
      'PUT /api/applications/{id}/answers': async () => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        throw new TypeError('Failed to fetch');
      },
    });
    await user.type(screen.getByLabelText('Электронная почта'), 'a@example.kz');
    await user.tab();
    answer();
    const note = await screen.findByRole('alert');
    await user.type(screen.getByLabelText(/Факс/), '+7');
    expect(screen.getAllByText('Есть несохранённое')).not.toHaveLength(0);
    expect(note).toBeVisible();
    const again = within(note).getByRole('button', { name: 'Сохранить сейчас' });
    await user.click(again);
    expect(await screen.findAllByText('Сохраняем…')).not.toHaveLength(0);
    expect(note).toBeVisible();
    expect(again).toHaveFocus();
    answer();
    await waitFor(() => expect(screen.queryByText('Сохраняем…')).toBeNull());
    expect(note).toBeVisible();
    expect(again).toHaveFocus();
  });

  it('when the session dies under it: saved by itself once the person is there again, though nothing else has changed', async () => {
    let dead = true;
    const { user, queries, lastSaved } = await openForm('contacts', draft, {
      'PUT /api/applications/{id}/answers': () =>
        dead
          ? { status: 401, body: problem('session_ended', 401) }
          : { body: { revision: 2, savedAt: '2026-11-26T09:30:00Z', issues: [] } },
    });
    await user.type(screen.getByLabelText('Электронная почта'), 'a@example.kz');
    await screen.findByRole('alert');
    dead = false;
    await act(() => queries.invalidateQueries()); // as the dialog of a dead session does
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(lastSaved().answers).toEqual({ email: 'a@example.kz' });
  });

  it('when the page is opened again before it was saved', async () => {
    const value = { revision: 1, answers: { email: 'kept@example.kz' } };
    sessionStorage.setItem(`draft:${draftId}`, JSON.stringify({ by: applicant.iin, value }));
    const { lastSaved } = await openForm('contacts');
    expect(screen.getByLabelText('Электронная почта')).toHaveValue('kept@example.kz');
    expect(screen.getByText('Введённое восстановлено')).toBeVisible();
    await waitFor(() => expect(lastSaved()).toEqual({ revision: 1, answers: { email: 'kept@example.kz' } }));
  });

  describe('and that something was restored is told', () => {
    const restored = () => screen.queryByText('Введённое восстановлено');
    const section = (name: RegExp) =>
      // The list stands twice: on a phone it is folded.
      screen.getAllByRole('link', { name })[0] as HTMLElement;
    beforeEach(() =>
      sessionStorage.setItem(
        `draft:${draftId}`,
        JSON.stringify({
          by: applicant.iin,
          value: { revision: 1, answers: { ...completeAnswers, email: 'kept@example.kz' } },
        }),
      ),
    );
    const before = { ...draft, answers: completeAnswers };

    it('also when more is typed and saved: nothing above the fields goes away under the hand', async () => {
      const { user, lastSaved } = await openForm('contacts', before);
      await waitFor(() => expect(lastSaved().answers?.email).toBe('kept@example.kz'));
      expect(restored()).toBeVisible();
      await user.type(screen.getByLabelText(/Факс/), '+7 701 123 45 67');
      await user.tab();
      await waitFor(() =>
        expect(lastSaved().answers).toMatchObject({ email: 'kept@example.kz', fax: '+7 701 123 45 67' }),
      );
      expect(await screen.findAllByText(/^(Черновик сохранён|Сохранено)/)).not.toHaveLength(0);
      expect(restored()).toBeVisible();
    });

    it('until the page is left', async () => {
      const { user } = await openForm('contacts', before);
      expect(restored()).toBeVisible();
      await user.click(section(/^Оборудование/));
      await screen.findByRole('heading', { level: 1, name: 'Оборудование' });
      expect(restored()).toBeNull();
      await user.click(section(/^Контакты/));
      await screen.findByRole('heading', { level: 1, name: 'Контакты' });
      expect(restored()).toBeNull();
    });

    it('only where it was', async () => {
      const { user } = await openForm('documents', before);
      expect(restored()).toBeNull();
      await user.click(section(/^Контакты/));
      await screen.findByRole('heading', { level: 1, name: 'Контакты' });
      expect(restored()).toBeVisible();
    });
  });

  it('when another window saved meanwhile, "continue" does not go on but leads to the choice', async () => {
    const theirs = { ...draft, revision: 4, answers: { ...completeAnswers, email: 'other@example.kz' } };
    const { user, server, router } = await openForm(
      'contacts',
      { ...draft, answers: completeAnswers },
      {
        // Slow enough for the field that was left to ask for a save of its own meanwhile.
        'PUT /api/applications/{id}/answers': async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          return { status: 409, body: problem('draft_changed_elsewhere', 409) };
        },
      },
    );
    server.answer({ 'GET /api/applications/{id}': { body: theirs } });
    await user.type(screen.getByLabelText(/Факс/), '+7 701 123 45 67');
    await user.click(goOn());
    await waitFor(() => expect(screen.getByRole('alert')).toHaveFocus());
    const note = screen.getByRole('alert');
    expect(note).toHaveTextContent('Этот черновик изменили в другом окне');
    expect(server.asked.filter((one) => one.method === 'PUT')).toHaveLength(1);
    await user.click(goOn());
    await waitFor(() => expect(note).toHaveFocus());
    expect(router.state.location.pathname).toBe(paths.form(draftId, 'contacts'));
    await user.click(within(note).getByRole('button', { name: 'Показать другую версию' }));
    await user.click(goOn());
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'activity')));
  });

  it('when the server refuses to save, "continue" stays; a cut line keeps nobody from going on', async () => {
    const { user, server, router } = await openForm(
      'contacts',
      { ...draft, answers: completeAnswers },
      {
        'PUT /api/applications/{id}/answers': async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          return { status: 401, body: problem('session_ended', 401) };
        },
      },
    );
    await user.type(screen.getByLabelText(/Факс/), '+7 701 123 45 67');
    await user.click(goOn());
    // Saved by itself it asks nobody; going on was pressed.
    const asked = await screen.findByRole('dialog', { name: 'Сеанс завершён' });
    expect(router.state.location.pathname).toBe(paths.form(draftId, 'contacts'));
    await user.click(within(asked).getByRole('button', { name: 'Позже' }));
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Войти с ЭЦП' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Позже' }));
    server.answer({
      'PUT /api/applications/{id}/answers': () => {
        throw new TypeError('Failed to fetch');
      },
    });
    await user.click(goOn());
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'activity')));
    expect(await screen.findByText('Нет связи: черновик пока не сохранён')).toBeVisible();
  });

  it('when another window saved meanwhile: both versions stay, I choose', async () => {
    let refused = false;
    const { user, server, lastSaved } = await openForm('contacts', draft, {
      'PUT /api/applications/{id}/answers': ({ body }) => {
        if (!refused) {
          refused = true;
          return { status: 409, body: problem('draft_changed_elsewhere', 409) };
        }
        return {
          body: { revision: (body as { revision: number }).revision + 1, savedAt: '2026-11-26T09:30:00Z', issues: [] },
        };
      },
    });
    server.answer({
      'GET /api/applications/{id}': { body: { ...draft, revision: 4, answers: { email: 'other@example.kz' } } },
    });
    await user.type(screen.getByLabelText('Электронная почта'), 'mine@example.kz');
    const note = await screen.findByRole('alert');
    expect(note).toHaveTextContent('Этот черновик изменили в другом окне');
    expect(note).toHaveTextContent('Различаются: Электронная почта.');
    await user.click(within(note).getByRole('button', { name: 'Показать другую версию' }));
    expect(screen.getByLabelText('Электронная почта')).toHaveValue('other@example.kz');
    await user.click(screen.getByRole('button', { name: 'Вернуть мои ответы' }));
    expect(screen.getByLabelText('Электронная почта')).toHaveValue('mine@example.kz');
    await waitFor(() => expect(lastSaved()).toEqual({ revision: 4, answers: { email: 'mine@example.kz' } }));
  });
});

describe('what is typed and not yet saved', () => {
  const email = () => screen.findByLabelText('Электронная почта');
  const kept = () => sessionStorage.getItem(`draft:${draftId}`);
  const other = { ...applicant, iin: '123456789088', name: 'БАСҚА АДАМ' };
  const unsaved = (reply = { status: 503, body: problem('unavailable', 503) }) =>
    ({ 'PUT /api/applications/{id}/answers': reply }) satisfies Fixtures;

  async function typed(fixtures: Fixtures = unsaved()) {
    const opened = await openForm('contacts', draft, fixtures);
    await opened.user.type(await email(), 'typed@example.kz');
    await waitFor(() => expect(kept()).toContain('typed@example.kz'));
    return opened;
  }

  it('is not shown to another person of the organisation, and goes when he signs in at this window', async () => {
    const { unmount } = await typed();
    unmount();
    const his = await renderApp(paths.form(draftId, 'contacts'), { session: other, fixtures: saving() });
    expect(await email()).toHaveValue('');
    his.unmount();
    expect(kept()).toContain('typed@example.kz');
    const { unmount: leave } = await signIn(other);
    expect(kept()).toBeNull();
    leave();
    await openForm('contacts');
    expect(await email()).toHaveValue('');
  });

  it('is neither put back nor sent by the page that another person has signed in over', async () => {
    const program = await fakeNCALayer({ signs: 'TUlJQg==' });
    const { user, unmount, queries, server } = await typed({
      ...unsaved({ status: 401, body: problem('session_ended', 401) }),
      ...signsInAs(other, program),
    });
    expect(await screen.findByRole('dialog', { name: 'Сеанс завершён' })).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Войти через NCALayer' }));
    await waitFor(() => expect(queries.getQueryData(['session'])).toMatchObject({ iin: other.iin }));
    await program.stop();
    // The window is left for the other person's first page.
    const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    window.dispatchEvent(new Event('pagehide'));
    unmount();
    hidden.mockRestore();
    for (let i = 0; i < 20; i++) await fetch('/api/config'); // whatever was sent before has arrived by then
    expect(kept()).toBeNull();
    const asked = server.asked.map(({ method, url }) => `${method} ${url.pathname}`);
    const signedIn = asked.indexOf('POST /api/session');
    expect(signedIn).toBeGreaterThan(0);
    expect(asked.slice(signedIn)).not.toContain(`PUT /api/applications/${draftId}/answers`);
  });

  it('is not sent in the name of another person who has signed in in another window, whatever is pressed here', async () => {
    const { user, server, queries } = await openForm('contacts');
    server.answer({ 'GET /api/session': { body: other } });
    await act(() => queries.refetchQueries({ queryKey: ['session'] }));
    await user.type(await email(), 'typed@example.kz');
    await user.tab();
    await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Войти с ЭЦП' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Позже' }));
    await user.type(screen.getByLabelText(/Факс/), '+7 701 123 45 67');
    await user.tab();
    await waitFor(() => expect(screen.getAllByText('Не сохранено')).not.toHaveLength(0), { timeout: 3000 });
    expect(server.asked.filter((one) => one.method === 'PUT')).toHaveLength(0);
    expect(kept()).toBeNull();
  });

  it('is still there when the person has signed out and in again', async () => {
    const { user, router, server, unmount } = await typed();
    server.answer({ 'DELETE /api/session': { status: 204 } });
    await user.click(screen.getByRole('button', { name: 'Выйти' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/'));
    unmount();
    const { unmount: leave } = await signIn(applicant);
    leave();
    const { lastSaved } = await openForm('contacts');
    expect(await email()).toHaveValue('typed@example.kz');
    await waitFor(() => expect(lastSaved()).toEqual({ revision: 1, answers: { email: 'typed@example.kz' } }));
  });
});
