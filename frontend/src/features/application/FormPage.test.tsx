import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { paths } from '@/app/paths';
import { cabinetFixtures, completeAnswers, draft, draftId } from '@/testing/applications';
import { goOn, openForm, saving } from '@/testing/form';
import { applicant, renderApp } from '@/testing/renderApp';

beforeEach(() => sessionStorage.clear());

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
