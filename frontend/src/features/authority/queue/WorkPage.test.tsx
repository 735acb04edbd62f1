import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderApp } from '@/testing/renderApp';
import { problem } from '@/testing/server';
import { executor, head, queue, row, step } from '../fixtures';

const late = row({
  id: 'late',
  number: '13-2026-000435',
  incomingNumber: '1223',
  applicantName: 'ТОО «Тест Дент»',
  applicantId: '990140000001',
  state: 'assigned',
  urgency: 'overdue',
  step: step('check', { overdue: true, minutesLeft: -35, usedPercent: 100, dueAt: '2026-12-01T05:05:00Z' }),
});
const soon = row({
  id: 'soon',
  number: '13-2026-000436',
  applicantName: 'ТЕСТТОВ ТЕСТТ',
  applicantId: '123456789012',
  state: 'assigned',
  urgency: 'today',
  step: step('check', { minutesLeft: 320, usedPercent: 81, dueAt: '2026-12-01T12:30:00Z' }),
});
const later = row({ id: 'later' });
const all = queue([late, soon, later]);

const open = (answer: unknown = all, address = '/work') =>
  renderApp(address, { session: executor, fixtures: { 'GET /api/authority/queue': { body: answer } } });
const rowOf = async (text: string) => (await screen.findByText(text)).closest('tr') as HTMLElement;

beforeEach(() => localStorage.clear());

describe('the queue', () => {
  it('stands in groups by urgency, the time left first', async () => {
    await open();
    const groups = (await screen.findAllByRole('rowheader')).map((cell) => cell.textContent);
    expect(groups).toEqual(['Просрочено · 1', 'Сегодня · 1', 'Завтра и позже · 1']);
    expect(within(await rowOf('ТОО «Тест Дент»')).getByText('просрочено на 35 мин')).toBeInTheDocument();
    expect(within(await rowOf('ТОО «Тест Дент»')).getByText('было до 10:05')).toBeInTheDocument();
    expect(within(await rowOf('ТЕСТТОВ ТЕСТТ')).getByText('5 ч 20 мин')).toBeInTheDocument();
    expect(within(await rowOf('ТЕСТТОВ ТЕСТТ')).getByText('до 17:30')).toBeInTheDocument();
    expect(within(await rowOf('ТОО «Тест Клиника»')).getByText('9 р. д.')).toBeInTheDocument();
    expect(within(await rowOf('ТОО «Тест Клиника»')).getByText('до 14.12, 17:30')).toBeInTheDocument();
  });

  it('stays under the hand when it could not be read anew, and when it could again', async () => {
    const { queries, server } = await open();
    const table = (await rowOf('ТЕСТТОВ ТЕСТТ')).closest('table') as HTMLElement;
    // As a browser lays it out: the note moves what is under it.
    const noteHeight = () => (screen.queryByRole('alert') ? 150 : 0);
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(noteHeight);
    vi.spyOn(table, 'getBoundingClientRect').mockImplementation(() => ({ top: 300 + noteHeight() }) as DOMRect);
    const scrolled = vi.spyOn(window, 'scrollBy').mockImplementation(() => {});
    const look = () => act(() => queries.refetchQueries({ queryKey: ['queue'] }));
    server.answer({ 'GET /api/authority/queue': { status: 503, body: problem('unavailable', 503) } });
    await look();
    expect(await screen.findByRole('alert')).toBeVisible();
    expect(table).toBeVisible();
    server.answer({ 'GET /api/authority/queue': { body: all } });
    await look();
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(scrolled.mock.calls).toEqual([[{ top: 150, behavior: 'instant' }], [{ top: -150, behavior: 'instant' }]]);
    vi.restoreAllMocks();
  });

  it('is not scrolled by the note of a first look that failed', async () => {
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(() =>
      screen.queryByRole('alert') ? 150 : 0,
    );
    vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(
      () => ({ top: screen.queryByRole('alert') ? 450 : 300 }) as DOMRect,
    );
    const scrolled = vi.spyOn(window, 'scrollBy').mockImplementation(() => {});
    await renderApp('/work', {
      session: executor,
      fixtures: { 'GET /api/authority/queue': { status: 503, body: problem('unavailable', 503) } },
    });
    expect(await screen.findByRole('alert')).toBeVisible();
    expect(scrolled).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('says the step, its norm with the clause, and the day of the two-day check', async () => {
    await open();
    const cells = within(await rowOf('ТЕСТТОВ ТЕСТТ'));
    expect(cells.getByText('Проверить комплект, день 2 из 2')).toBeInTheDocument();
    expect(cells.getByText('Регл., п. 5')).toBeInTheDocument();
    expect(cells.getByRole('img', { name: 'израсходовано 81 %' })).toBeInTheDocument();
  });

  // Received on a working day, looked at before opening: that day and the two behind it are three days of working time.
  it.each([
    ['on the day of receipt', { minutesLeft: 3 * 420, daysLeft: 2 }, '2 р. д.', 1],
    ['on the first day before opening', { minutesLeft: 2 * 420, daysLeft: 1 }, '1 р. д.', 1],
    ['on a day off between the two', { minutesLeft: 420, daysLeft: 1 }, '1 р. д.', 1],
    ['on the second day before opening', { minutesLeft: 420, daysLeft: 0 }, '7 ч', 2],
  ])('counts the days left as the norm of two days counts them, %s', async (_, left, words, day) => {
    await open(queue([row({ id: 'x', state: 'assigned', step: step('check', left) })]));
    const cells = within(await rowOf('ТОО «Тест Клиника»'));
    expect(cells.getAllByRole('cell')[0]).toHaveTextContent(words);
    expect(cells.getByText(`Проверить комплект, день ${day} из 2`)).toBeInTheDocument();
  });

  it('marks what the head returned with remarks, and nothing else', async () => {
    await open(queue([row({ id: 'back', returned: true }), soon]));
    expect(within(await rowOf('ТОО «Тест Клиника»')).getByText('Возвращено с замечаниями')).toBeInTheDocument();
    expect(screen.getAllByText('Возвращено с замечаниями')).toHaveLength(1);
  });

  it('says with whom a row is that is not the official’s own', async () => {
    await open(queue([row({ id: 'x', mine: false })]));
    expect(await screen.findByText('у исполнителя: ТЕСТОВА АЙГҮЛ')).toBeInTheDocument();
  });

  it('tells the filters by their counts and asks for the part that is chosen', async () => {
    const { user, server, router } = await open();
    const strip = within(await screen.findByRole('navigation', { name: 'Отбор' }));
    expect(await strip.findByRole('link', { name: 'Мои 3' })).toHaveAttribute('aria-current', 'true');
    await user.click(strip.getByRole('link', { name: 'Все в органе 12' }));
    await screen.findByText('ТОО «Тест Дент»');
    expect(router.state.location.search).toBe('?show=all');
    expect(server.asked.at(-1)?.url.searchParams.get('show')).toBe('all');
  });

  it.each([
    ['Просрочено 1', { show: 'all', urgency: 'overdue' }],
    ['Срок сегодня 2', { show: 'all', urgency: 'today' }],
    ['Комплект, 2 дня 2', { show: 'all', step: 'check' }],
    ['Ждут подписи 1', { show: 'all', step: 'sign' }],
  ])('asks the server for the part behind «%s»', async (name, asked) => {
    const { user, server } = await open();
    await user.click(await screen.findByRole('link', { name }));
    await waitFor(() => expect(Object.fromEntries(server.asked.at(-1)?.url.searchParams ?? [])).toEqual(asked));
    expect(await screen.findByRole('link', { name })).toHaveAttribute('aria-current', 'true');
  });

  it('shows the outcome of finished ones instead of a limit', async () => {
    const { step: _, ...ended } = row({ id: 'w', state: 'withdrawn', urgency: 'done' });
    await open(queue([ended]), '/work?show=done');
    expect(await screen.findByRole('columnheader', { name: 'Итог' })).toBeVisible();
    for (const name of ['Осталось', 'Норма']) expect(screen.queryByRole('columnheader', { name })).toBeNull();
    expect(await screen.findByText('Отозвано заявителем')).toBeInTheDocument();
  });

  it('adds the next page by its cursor', async () => {
    const { user, server } = await renderApp('/work', {
      session: head,
      fixtures: {
        'GET /api/authority/queue': ({ url }) => ({
          body: url.searchParams.get('cursor') === 'next' ? queue([later]) : queue([late], { next: 'next' }),
        }),
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Показать ещё' }));
    expect(await screen.findByText('ТОО «Тест Клиника»')).toBeInTheDocument();
    expect(screen.getByText('ТОО «Тест Дент»')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Показать ещё' })).not.toBeInTheDocument();
    expect(server.asked.filter((one) => one.url.pathname.endsWith('/queue'))).toHaveLength(2);
  });

  it('says that nothing waits, and leads to the rest', async () => {
    await open(queue([]));
    expect(await screen.findByText('Сейчас у вас нет заявлений')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Показать все в органе' })).toHaveAttribute('href', '/work?show=all');
  });

  it('says what went wrong and tries again', async () => {
    const { user, server } = await renderApp('/work', {
      session: executor,
      fixtures: { 'GET /api/authority/queue': { status: 503, body: problem('unavailable', 503) } },
    });
    expect(await screen.findByText('Служба временно недоступна')).toBeInTheDocument();
    server.answer({ 'GET /api/authority/queue': { body: all } });
    await user.click(screen.getByRole('button', { name: 'Повторить' }));
    expect(await screen.findByText('ТОО «Тест Дент»')).toBeInTheDocument();
  });

  it('is closed to applicants', async () => {
    await renderApp('/work', {
      session: { signedIn: true, capacity: 'person', capacities: ['person'], name: 'А' },
      fixtures: { 'GET /api/authority/queue': { body: all } },
    });
    expect(await screen.findByText('Эта страница недоступна для вашей роли')).toBeInTheDocument();
    expect(screen.queryByText('ТОО «Тест Дент»')).not.toBeInTheDocument();
  });
});

describe('finding', () => {
  const wordsOf = ({ headers }: { headers: Headers }) => decodeURIComponent(headers.get('Search-Words') ?? '');
  const find = () => screen.findByRole('searchbox', { name: 'Найти по номеру, ИИН, БИН или имени' });
  const finding = (address = '/work') =>
    renderApp(address, {
      session: executor,
      fixtures: {
        'GET /api/authority/queue': (asked) => ({
          body: { дент: queue([late]), нет: queue([]) }[wordsOf(asked)] ?? all,
        }),
      },
    });

  it('asks the server, once for a word, and never in the address of the page', async () => {
    const { user, server, router } = await finding();
    await screen.findByText('ТЕСТТОВ ТЕСТТ');
    await user.type(await find(), ' дент ');
    await waitFor(() => expect(screen.queryByText('ТЕСТТОВ ТЕСТТ')).not.toBeInTheDocument());
    expect(screen.getByText('ТОО «Тест Дент»')).toBeInTheDocument();
    const looking = server.asked.filter(wordsOf);
    expect(looking).toHaveLength(1);
    expect(decodeURIComponent(looking[0]?.url.href ?? '')).not.toContain('дент');
    expect(router.state.location.search).toBe('');
  });

  it('finds nothing, says so, and clears', async () => {
    const { user } = await finding();
    await screen.findByText('ТЕСТТОВ ТЕСТТ');
    await user.type(await find(), 'нет');
    expect(await screen.findByText('Не найдено: нет')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Очистить поиск' }));
    expect(await screen.findByText('ТЕСТТОВ ТЕСТТ')).toBeInTheDocument();
  });

  it('keeps words as a filter of one’s own, also when the page is opened again, until it is removed', async () => {
    const { user, unmount } = await finding('/work?show=all');
    await user.type(await find(), 'дент');
    await user.click(screen.getByRole('button', { name: 'Сохранить отбор' }));
    unmount();
    const again = await finding();
    const saved = await screen.findByRole('link', { name: 'Мой отбор: дент' });
    expect(saved).not.toHaveAttribute('aria-current');
    await again.user.click(saved);
    expect(again.router.state.location.search).toBe('?show=all');
    expect(await find()).toHaveValue('дент');
    await waitFor(() => expect(screen.queryByText('ТЕСТТОВ ТЕСТТ')).not.toBeInTheDocument());
    expect(saved).toHaveAttribute('aria-current', 'true');
    await again.user.click(screen.getByRole('button', { name: 'Убрать сохранённый отбор' }));
    expect(screen.queryByRole('link', { name: 'Мой отбор: дент' })).not.toBeInTheDocument();
    expect(localStorage.getItem('work-filters')).toBe('[]');
  });

  it.each(['не JSON', '{"a":1}', '[{"words":7}, null]'])(
    'is not confused by what else a browser kept: %s',
    async (kept) => {
      localStorage.setItem('work-filters', kept);
      await finding();
      expect(await screen.findByText('ТЕСТТОВ ТЕСТТ')).toBeInTheDocument();
      expect(screen.queryByText(/^Мой отбор/)).not.toBeInTheDocument();
    },
  );
});

describe('keys', () => {
  it('move down and up, and Enter opens', async () => {
    const { user, router } = await open();
    await screen.findByText('ТОО «Тест Дент»');
    await user.keyboard('jjk');
    expect(screen.getByRole('link', { name: 'Открыть 13-2026-000435' })).toHaveFocus();
    expect(await rowOf('ТОО «Тест Дент»')).toHaveAttribute('aria-current', 'true');
    await user.keyboard('jj{Enter}');
    await waitFor(() => expect(router.state.location.pathname).toBe('/work/later'));
  });

  it('stop at the ends', async () => {
    const { user } = await open();
    await screen.findByText('ТОО «Тест Дент»');
    await user.keyboard('jjjjjj');
    expect(screen.getByRole('link', { name: 'Открыть 13-2026-000418' })).toHaveFocus();
  });

  it('work in the Russian layout, where the same keys give other letters', async () => {
    const { user } = await open();
    await screen.findByText('ТОО «Тест Дент»');
    await user.keyboard('[KeyJ]');
    expect(screen.getByRole('link', { name: 'Открыть 13-2026-000435' })).toHaveFocus();
  });

  it('do not move while one types', async () => {
    const { user } = await open();
    await screen.findByText('ТОО «Тест Дент»');
    await user.keyboard('/');
    expect(screen.getByRole('searchbox')).toHaveFocus();
    await user.keyboard('j');
    expect(screen.getByRole('searchbox')).toHaveValue('j');
    await user.keyboard('{Escape}');
    expect(screen.getByRole('searchbox')).toHaveValue('');
  });

  it('are explained, and can be switched off for good', async () => {
    const { user } = await open();
    await screen.findByText('ТОО «Тест Дент»');
    await user.keyboard('?');
    expect(screen.getByRole('dialog', { name: 'Клавиши' })).toBeInTheDocument();
    await user.click(screen.getByRole('checkbox', { name: 'Клавиши-буквы включены' }));
    await user.click(screen.getByRole('button', { name: 'Закрыть' }));
    await user.keyboard('j');
    expect(screen.getByRole('link', { name: 'Открыть 13-2026-000435' })).not.toHaveFocus();
    expect(localStorage.getItem('work-keys')).toBe('off');
  });
});
