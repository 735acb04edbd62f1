import { screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { components } from '@/api/schema.gen';
import { renderApp } from '@/testing/renderApp';
import { problem } from '@/testing/server';
import { chancery } from '../fixtures';

const entry = (number: string) =>
  ({
    incomingNumber: number,
    registeredAt: '2026-11-26T10:10:00Z',
    applicationId: `app-${number}`,
    applicationNumber: `13-2026-00${number}`,
    applicantName: 'ТОО «Тест Клиника»',
    registeredBy: 'ТЕСТОВА КЕҢСЕ',
  }) satisfies components['schemas']['IncomingEntry'];

it('lists what was registered, goes on by its cursor, and prints', async () => {
  const print = vi.fn();
  vi.stubGlobal('print', print);
  const { user } = await renderApp('/work/journal', {
    session: chancery,
    fixtures: {
      'GET /api/authority/journal': ({ url }) => ({
        body:
          url.searchParams.get('cursor') === 'c'
            ? { entries: [entry('1206')] }
            : { entries: [entry('1207')], next: 'c' },
      }),
    },
  });
  const row = within(await screen.findByRole('row', { name: /№ 1207/ }));
  expect(row.getByText('26.11.2026, 15:10')).toBeInTheDocument();
  expect(row.getByRole('link', { name: '13-2026-001207' })).toHaveAttribute('href', '/work/app-1207');
  await user.click(screen.getByRole('button', { name: 'Показать ещё' }));
  expect(await screen.findByRole('row', { name: /№ 1206/ })).toBeInTheDocument();
  expect(screen.getByText(/показаны 2 записи/)).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Распечатать' }));
  expect(print).toHaveBeenCalledOnce();
});

it('says that nothing is registered yet', async () => {
  await renderApp('/work/journal', {
    session: chancery,
    fixtures: { 'GET /api/authority/journal': { body: { entries: [] } } },
  });
  expect(await screen.findByText('Записей пока нет')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Распечатать' })).not.toBeInTheDocument();
});

it('says what went wrong', async () => {
  await renderApp('/work/journal', {
    session: chancery,
    fixtures: { 'GET /api/authority/journal': { status: 403, body: problem('officials_only', 403) } },
  });
  expect(await screen.findByText('Эта страница для сотрудников органа')).toBeInTheDocument();
});
