import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderApp } from '@/testing/renderApp';
import { problem } from '@/testing/server';

const demo = {
  'GET /api/config': { body: { demo: true, portalUrl: 'http://localhost:8080', ncalayerUrl: 'ws://127.0.0.1:1' } },
};
const letter = {
  id: '7',
  to: 'test@example.kz',
  subject: '№ 13-2026-000001 өтініш қабылданды',
  text: 'Өтініш қабылданды.\nhttp://localhost:8080/applications/a1\n\nЗаявление принято.',
  at: '2026-12-01T05:05:00Z',
};

describe('the letters of demo mode', () => {
  it('are led to from the yellow bar, and their addresses can be pressed', async () => {
    const { user } = await renderApp('/help', {
      fixtures: { ...demo, 'GET /api/demo/mail': { body: { letters: [letter] } } },
    });
    await user.click(await screen.findByRole('link', { name: 'Письма' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Письма портала' })).toBeInTheDocument();
    expect(await screen.findByRole('heading', { level: 2, name: letter.subject })).toBeInTheDocument();
    expect(screen.getByText(/Кому: test@example\.kz/)).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'http://localhost:8080/applications/a1' })).toHaveAttribute(
      'href',
      'http://localhost:8080/applications/a1',
    );
    expect(screen.getByText('Демонстрация.')).toBeInTheDocument();
  });

  it('say what will come when there are none', async () => {
    await renderApp('/demo/mail', { fixtures: { ...demo, 'GET /api/demo/mail': { body: { letters: [] } } } });
    expect(await screen.findByText('Писем пока нет')).toBeInTheDocument();
  });

  it('do not exist in a real installation', async () => {
    await renderApp('/demo/mail', {
      fixtures: { 'GET /api/demo/mail': { status: 404, body: problem('not_found', 404) } },
    });
    expect(await screen.findByRole('alert')).toBeInTheDocument();
  });
});
