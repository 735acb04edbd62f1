import { act, screen } from '@testing-library/react';
import { useState } from 'react';
import type { RouteObject } from 'react-router';
import { describe, expect, it } from 'vitest';
import { applicant, renderRoutes, signedOut } from '@/testing/renderApp';
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
