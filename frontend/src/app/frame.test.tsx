import { act, screen, waitFor, within } from '@testing-library/react';
import type { RouteObject } from 'react-router';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ProblemCode } from '@/api/problem';
import { languages } from '@/i18n/language';
import { applicant, renderApp, renderRoutes, signedOut } from '@/testing/renderApp';
import { problem } from '@/testing/server';
import { ErrorPage } from './ErrorPage';
import { shortName } from './frame/Header';
import { routes } from './routes';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('frame', () => {
  it('lets a keyboard skip to the content', async () => {
    const { user } = await renderApp('/help');
    await screen.findByRole('heading', { level: 1 });
    await user.tab();
    await waitFor(() => expect(screen.getByRole('link', { name: 'Перейти к содержанию' })).toHaveFocus());
    expect(screen.getByRole('main')).toHaveAttribute('id', 'main');
  });

  it('moves the focus to the new page', async () => {
    const { user } = await renderApp('/help');
    await user.click(await screen.findByRole('link', { name: 'Доступность' }));
    await screen.findByRole('heading', { level: 1, name: 'Доступность' });
    await waitFor(() => expect(screen.getByRole('main')).toHaveFocus());
    expect(document.title).toBe('Доступность – Медицинские лицензии');
  });

  it('says on every page whom to call (S16)', async () => {
    await renderApp('/help');
    const foot = await screen.findByRole('contentinfo');
    expect(within(foot).getByRole('link', { name: '1414' })).toHaveAttribute('href', 'tel:1414');
    expect(within(foot).getByRole('link', { name: '8 800 080 7777' })).toHaveAttribute('href', 'tel:88000807777');
  });

  it('shows the demo bar only in demo mode', async () => {
    await renderApp('/help');
    await screen.findByRole('heading', { level: 1 });
    expect(screen.queryByText('Демонстрация.')).not.toBeInTheDocument();
  });

  it('shows the person and lets him out, dropping what was read in his name', async () => {
    const { user, router } = await renderApp('/help', {
      session: applicant,
      fixtures: {
        'DELETE /api/session': { status: 204 },
        'GET /api/services/{code}': { status: 404, body: problem('not_found', 404) },
      },
    });
    expect(await screen.findAllByText(/ТЕСТТОВ\sТ\./)).not.toHaveLength(0);
    await user.click(screen.getAllByRole('button', { name: 'Выйти' })[0] as HTMLElement);
    await expect.poll(() => router.state.location.pathname).toBe('/');
    expect(await screen.findAllByRole('link', { name: 'Войти с ЭЦП' })).not.toHaveLength(0);
  });

  it('says so when he could not be let out, and tries again', async () => {
    const { user, server, router } = await renderApp('/help', {
      session: applicant,
      fixtures: { 'DELETE /api/session': { status: 503, body: problem('unavailable', 503) } },
    });
    await screen.findAllByText(/ТЕСТТОВ\sТ\./);
    await user.click(screen.getAllByRole('button', { name: 'Выйти' })[0] as HTMLElement);
    const dialog = await screen.findByRole('dialog', { name: 'Выйти не удалось' });
    expect(dialog).toHaveTextContent('Служба временно недоступна');
    server.answer({ 'DELETE /api/session': { status: 204 } });
    await user.click(within(dialog).getByRole('button', { name: 'Повторить' }));
    await expect.poll(() => router.state.location.pathname).toBe('/');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('leads a stranger from a closed page to sign-in and remembers where he was going', async () => {
    const { router } = await renderApp('/work', { session: signedOut });
    await expect
      .poll(() => router.state.location.pathname + router.state.location.search)
      .toBe('/sign-in?next=%2Fwork');
  });

  it('tells an applicant that the officials’ pages are not his', async () => {
    await renderApp('/work', { session: applicant });
    expect(await screen.findByRole('heading', { name: 'Эта страница недоступна для вашей роли' })).toBeInTheDocument();
  });

  it('names the public check of a licence to officials by what it is', async () => {
    await renderApp('/work', { session: { ...applicant, capacity: 'official', roles: ['executor'] } });
    for (const link of await screen.findAllByRole('link', { name: 'Проверить лицензию' }))
      expect(link).toHaveAttribute('href', '/check');
    expect(screen.queryByRole('link', { name: 'Реестр' })).toBeNull();
  });

  describe('in place of a document that is not handed out', () => {
    const opened = async (status: number, code: ProblemCode) => {
      const head = document.createElement('meta');
      head.name = 'problem';
      head.content = JSON.stringify(problem(code, status, { requestId: 'f3c1' }));
      document.head.append(head);
      onTestFinished(() => head.remove());
      return renderApp('/api/applications/1/files/result.pdf');
    };

    it('says why', async () => {
      const { server } = await opened(503, 'unavailable');
      expect(await screen.findByRole('heading', { name: 'Служба временно недоступна' })).toBeInTheDocument();
      expect(screen.getByText('Номер запроса: f3c1')).toBeInTheDocument();
      expect(screen.getByRole('button', { name: 'Открыть заново' })).toBeInTheDocument();
      expect(screen.getByRole('link', { name: 'На главную' })).toHaveAttribute('href', '/');
      expect(server.asked).toEqual([]);
    });

    it('leads a stranger to sign in', async () => {
      await opened(401, 'sign_in_required');
      expect(await screen.findByRole('heading', { name: 'Документ откроется после входа' })).toBeInTheDocument();
      expect(screen.getByRole('link', { name: 'Войти с ЭЦП' })).toHaveAttribute('href', '/sign-in');
    });

    it('asks the page around its frame to let one sign in', async () => {
      const told = vi.fn();
      vi.spyOn(window, 'top', 'get').mockReturnValue({} as Window);
      vi.spyOn(window, 'parent', 'get').mockReturnValue({ postMessage: told } as unknown as Window);
      await opened(401, 'sign_in_required');
      await screen.findByRole('heading', { name: 'Документ откроется после входа' });
      expect(told).toHaveBeenCalledWith('session-ended', location.origin);
      expect(screen.queryByRole('link')).toBeNull();
    });

    it('is heard by the page around its frame, and nobody else is', async () => {
      await renderApp('/applications', { session: applicant });
      await screen.findByRole('heading', { level: 1 });
      const tell = (origin: string) =>
        act(() => void window.dispatchEvent(new MessageEvent('message', { data: 'session-ended', origin })));
      tell('https://elsewhere.example');
      expect(screen.queryByRole('dialog')).toBeNull();
      tell(location.origin);
      expect(await screen.findByRole('dialog', { name: 'Сеанс завершён' })).toBeInTheDocument();
    });

    it('offers no way out of a frame of our own page', async () => {
      vi.spyOn(window, 'top', 'get').mockReturnValue({} as Window);
      await opened(404, 'not_found');
      expect(await screen.findByRole('heading', { name: 'Не найдено' })).toBeInTheDocument();
      expect(screen.queryByRole('link')).toBeNull();
    });
  });

  it('puts name, address and moment of printing on paper', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-29T03:00:00Z') });
    await renderApp('/help');
    await screen.findByRole('heading', { level: 1 });
    vi.setSystemTime('2026-11-29T10:06:00Z');
    expect(screen.queryByText(/распечатано/)).toBeNull();
    act(() => void window.dispatchEvent(new Event('beforeprint')));
    expect(screen.getByText(/распечатано/).textContent?.replaceAll('\u00a0', ' ')).toBe(
      `Медицинские лицензии · ${location.origin}/help · распечатано 29 ноября 2026 года, 15:06`,
    );
    act(() => void window.dispatchEvent(new Event('afterprint')));
    expect(screen.queryByText(/распечатано/)).toBeNull();
  });

  it('says when the line is dead and what is kept, until it is back', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    await renderApp('/help');
    expect(await screen.findByText('Нет связи с интернетом.')).toBeVisible();
    online.mockReturnValue(true);
    act(() => void window.dispatchEvent(new Event('online')));
    expect(screen.queryByText('Нет связи с интернетом.')).not.toBeInTheDocument();
    online.mockRestore();
  });

  it('tells of a page that breaks inside the frame, with its header and the demo bar', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const table: RouteObject[] = routes.map((root) => ({
      ...root,
      children: root.children?.map((frame) => ({
        ...frame,
        children: frame.children?.map((held) => ({
          ...held,
          children: [{ path: '/broken', lazy: () => Promise.reject(new TypeError('Failed to fetch module')) }],
        })),
      })),
    })) as RouteObject[];
    await renderRoutes(table, '/broken', { fixtures: { 'GET /api/config': { body: { demo: true } } } });
    expect(await screen.findByRole('heading', { name: 'Страницу показать не удалось' })).toBeInTheDocument();
    expect(await screen.findByText('Демонстрация.')).toBeInTheDocument();
    expect(screen.getAllByRole('main')).toHaveLength(1);
    expect(screen.getByRole('contentinfo')).toBeInTheDocument();
    said.mockRestore();
  });

  it('tells a page that could not be fetched for want of a line from one that broke', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const table: RouteObject[] = [
      {
        path: '/broken',
        errorElement: <ErrorPage />,
        lazy: () => Promise.reject(new TypeError('Failed to fetch dynamically imported module')),
      },
    ];
    await renderRoutes(table, '/broken');
    expect(await screen.findByText(/Нет связи с интернетом, поэтому страница не загрузилась/)).toBeVisible();
    expect(screen.queryByText(/Портал обновился/)).toBeNull();
    online.mockRestore();
    said.mockRestore();
  });

  it('says that there is no such page', async () => {
    await renderApp('/no/such/page');
    expect(await screen.findByRole('heading', { name: 'Страница не найдена' })).toBeInTheDocument();
  });

  it('shortens names to the family name and initials', () => {
    expect(shortName('ТЕСТОВ ТЕСТ ТЕСТОВИЧ')).toBe('ТЕСТОВ\u00a0Т.\u00a0Т.');
    expect(shortName('  Ким ')).toBe('Ким');
  });
});

describe.each(languages)('plain pages in %s', (language) => {
  it.each(['/help', '/accessibility', '/privacy', '/rules', '/nowhere'])(
    '%s has one main heading and a title of its own',
    async (address) => {
      await renderApp(address, { language });
      const heading = await screen.findByRole('heading', { level: 1 });
      expect(document.title.startsWith(heading.textContent ?? '—')).toBe(true);
      expect(document.documentElement.lang).toBe(language);
    },
  );
});
