import { act, screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import type { RouteObject } from 'react-router';
import { describe, expect, it } from 'vitest';
import { answer, api } from '@/api/client';
import { type Session, sessionKey } from '@/api/session';
import { applicant, renderRoutes, signedOut } from '@/testing/renderApp';
import { problem } from '@/testing/server';
import { PublicFrame } from './frame/PublicFrame';
import { RequireCapacity } from './RequireCapacity';

function Form() {
  const [text, setText] = useState('');
  return (
    <>
      <h1>Анкета</h1>
      <input aria-label="Ответ" value={text} onChange={(event) => setText(event.currentTarget.value)} />
    </>
  );
}

const table: RouteObject[] = [
  {
    element: <PublicFrame />,
    children: [
      { path: '/', element: <h1>Главная</h1> },
      { path: '/sign-in', element: <h1>Вход</h1> },
      {
        element: <RequireCapacity capacities={['person', 'entity']} />,
        children: [{ path: '/form', element: <Form /> }],
      },
    ],
  },
];

describe('a page for those who are signed in', () => {
  it('opens for the right capacity', async () => {
    await renderRoutes(table, '/form', { session: applicant });
    expect(await screen.findByRole('heading', { name: 'Анкета' })).toBeInTheDocument();
  });

  it('sends a stranger to sign-in', async () => {
    const { router } = await renderRoutes(table, '/form', { session: signedOut });
    await expect
      .poll(() => router.state.location.pathname + router.state.location.search)
      .toBe('/sign-in?next=%2Fform');
  });

  it('is closed to another capacity', async () => {
    await renderRoutes(table, '/form', { session: { ...applicant, capacity: 'official' } });
    expect(await screen.findByRole('heading', { name: 'Эта страница недоступна для вашей роли' })).toBeInTheDocument();
  });

  it('stays with everything typed when the session dies, and asks to sign in over it', async () => {
    const { user, server, router, queries } = await renderRoutes(table, '/form', { session: applicant });
    await user.type(await screen.findByLabelText('Ответ'), 'стоматология');
    server.answer({ 'GET /api/session': { body: signedOut } });
    await act(() => queries.invalidateQueries());
    expect(await screen.findByRole('dialog', { name: 'Сеанс завершён' })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe('/form');
    expect(screen.getByLabelText('Ответ')).toHaveValue('стоматология');
    await user.click(screen.getByRole('button', { name: 'Позже' }));
    expect(screen.getByLabelText('Ответ')).toHaveValue('стоматология');
  });

  describe('put off, the question does not come back', () => {
    const title = 'Сеанс завершён';
    const refused = { status: 401, body: problem('session_ended', 401) };
    async function putOff() {
      const opened = await renderRoutes(table, '/form', {
        session: applicant,
        fixtures: { 'GET /api/licences': refused, 'PUT /api/applications/{id}/answers': refused },
      });
      await opened.user.type(await screen.findByLabelText('Ответ'), 'стома');
      await act(() => read());
      await opened.user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Позже' }));
      return opened;
    }
    const read = () => answer(api.GET('/api/licences')).catch(() => {});
    const save = (more?: { byItself: boolean }) =>
      answer(
        api.PUT('/api/applications/{id}/answers', {
          params: { path: { id: '1' } },
          body: { revision: 1, answers: {} },
        }),
        more,
      ).catch(() => {});
    const strip = () => screen.queryByText('Введённое остаётся на этой странице.');

    it('by what the page reads and saves on its own: the keys stay with who types', async () => {
      const { user } = await putOff();
      await act(() => read());
      await act(() => save({ byItself: true }));
      expect(screen.queryByRole('dialog')).toBeNull();
      await user.keyboard('тология');
      expect(screen.getByLabelText('Ответ')).toHaveValue('стоматология');
      await user.click(screen.getByRole('button', { name: 'Войти с ЭЦП' }));
      expect(screen.getByRole('dialog', { name: title })).toBeInTheDocument();
      expect(screen.queryByText(/Введённое остаётся/)).toBeNull();
    });

    it('until something is pressed', async () => {
      await putOff();
      await act(() => save());
      expect(screen.getByRole('dialog', { name: title })).toBeInTheDocument();
    });

    it('until another page is opened', async () => {
      const { router } = await putOff();
      await act(() => router.navigate('/'));
      expect(screen.queryByRole('dialog')).toBeNull();
      await act(() => read());
      expect(screen.getByRole('dialog', { name: title })).toBeInTheDocument();
    });

    it('and goes when the person has signed in in another window, whom nobody else can stand for', async () => {
      const { queries, server } = await putOff();
      const seen = async (session: Session) => {
        server.answer({ 'GET /api/session': { body: session } });
        await act(() => queries.refetchQueries({ queryKey: sessionKey }));
      };
      expect(strip()).toBeInTheDocument();
      await seen({ ...applicant, iin: '900101300027' });
      expect(strip()).toBeInTheDocument();
      await seen(applicant);
      await waitFor(() => expect(strip()).toBeNull());
      // The next session that ends is another matter.
      await act(() => read());
      expect(await screen.findByRole('dialog', { name: title })).toBeInTheDocument();
    });

    it('is told on its page only, and goes when another person has signed in elsewhere', async () => {
      const { queries, router } = await putOff();
      const go = (address: string) => act(() => router.navigate(address));
      expect(strip()).toBeInTheDocument();
      await go('/');
      expect(strip()).toBeNull();
      await act(() => void queries.setQueryData<Session>(sessionKey, { ...applicant, iin: '900101300027' }));
      await screen.findAllByRole('button', { name: 'Выйти' });
      await go('/form');
      expect(await screen.findByLabelText('Ответ')).toHaveValue('');
      expect(strip()).toBeNull();
    });
  });

  it('lets go of who signs out himself, without asking him back', async () => {
    const { user, router } = await renderRoutes(table, '/form', {
      session: applicant,
      fixtures: { 'DELETE /api/session': { status: 204 } },
    });
    await screen.findByLabelText('Ответ');
    await user.click(screen.getAllByRole('button', { name: 'Выйти' })[0] as HTMLElement);
    expect(await screen.findByRole('heading', { name: 'Главная' })).toBeInTheDocument();
    expect(await screen.findAllByRole('link', { name: 'Войти с ЭЦП' })).not.toHaveLength(0);
    expect(router.state.location.pathname).toBe('/');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
});
