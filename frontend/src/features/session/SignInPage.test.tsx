import { screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Session } from '@/api/session';
import { type FakeNCALayer, fakeNCALayer } from '@/testing/fakeNCALayer';
import { applicant, renderApp, signedOut } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';
import { landing } from './landing';

let program: FakeNCALayer | undefined;
afterEach(async () => {
  await program?.stop();
  program = undefined;
  sessionStorage.clear();
});

const director = {
  signedIn: true,
  name: 'ТЕСТОВ ТЕСТ ТЕСТОВИЧ',
  iin: '123456789011',
  bin: '123456789021',
  organisation: 'ТОО «Тест Клиника»',
  capacity: 'entity',
  capacities: ['person', 'entity'],
} satisfies Session;
const official = {
  ...applicant,
  capacity: 'official',
  capacities: ['person', 'official'],
  roles: ['head'],
  authorityCode: '13',
} satisfies Session;

async function open(address: string, who: Session, fixtures: Fixtures = {}, session: Session = signedOut) {
  program = await fakeNCALayer({ signs: 'TUlJQg==' });
  const opened = await renderApp(address, {
    session,
    fixtures: {
      'GET /api/config': { body: { demo: false, portalUrl: 'http://localhost', ncalayerUrl: program.url } },
      'POST /api/session/challenge': {
        body: { id: 'c-1', content: btoa('{"purpose":"sign-in"}'), expiresAt: '2026-11-26T10:02:00Z' },
      },
      'POST /api/session': { body: who },
      ...fixtures,
    },
  });
  return opened;
}

const demo = {
  'GET /api/config': { body: { demo: true, portalUrl: 'http://localhost', ncalayerUrl: 'ws://127.0.0.1:1' } },
  'GET /api/demo/people': {
    body: {
      password: 'x',
      people: [
        { id: 'd', name: 'ТЕСТОВ ТЕСТ', organisation: 'ТОО «Тест Клиника»', kind: 'entity', purpose: 'director' },
        { id: 'r', name: 'ОТОЗВАНОВ О.', kind: 'trouble', purpose: 'revoked' },
      ],
    },
  },
  'GET /api/demo/people/{personId}/key': { body: new Uint8Array([1, 2, 3]) },
} satisfies Fixtures;

const press = () => screen.findByRole('button', { name: 'Войти через NCALayer' });

describe('sign-in page', () => {
  it('signs the challenge and hands it over with its own id', async () => {
    const { user, server, router } = await open('/sign-in', applicant);
    await user.click(await press());
    await expect.poll(() => router.state.location.pathname).toBe('/applications');
    expect(program?.asked[0]?.args.data).toBe(btoa('{"purpose":"sign-in"}'));
    expect(server.asked.find((a) => a.method === 'POST' && a.url.pathname === '/api/session')?.body).toEqual({
      challengeId: 'c-1',
      signature: 'TUlJQg==',
    });
  });

  it('leads back to the page that was asked for', async () => {
    const { user, router } = await open('/sign-in?next=%2Fhelp', applicant);
    await user.click(await press());
    await expect.poll(() => router.state.location.pathname).toBe('/help');
  });

  it('asks whose key names an organisation on whose behalf he acts', async () => {
    const { user, server, router } = await open('/sign-in?next=%2Fhelp', director, {
      'PUT /api/session/capacity': { body: { ...director, capacity: 'person' } },
    });
    await user.click(await press());
    await user.click(await screen.findByRole('radio', { name: 'От себя: ТЕСТОВ ТЕСТ ТЕСТОВИЧ' }));
    await user.click(screen.getByRole('button', { name: 'Продолжить' }));
    await expect.poll(() => router.state.location.pathname).toBe('/help');
    expect(server.asked.find((a) => a.method === 'PUT')?.body).toEqual({ capacity: 'person' });
  });

  it('says why a key was refused and stays where it was', async () => {
    const { user, router } = await open('/sign-in', applicant, {
      'POST /api/session': { status: 422, body: problem('certificate_revoked', 422) },
    });
    await user.click(await press());
    expect(await screen.findByRole('alert')).toHaveTextContent('Ключ отозван');
    expect(router.state.location.pathname).toBe('/sign-in');
  });

  it('checks the program when asked, not by itself', async () => {
    const { user } = await open('/sign-in', applicant);
    const check = await screen.findByRole('button', { name: 'Проверить программу' });
    await user.click(check);
    expect(await screen.findByText('Программа запущена, версия 1.4')).toBeInTheDocument();
    expect(check).toHaveFocus();
  });

  it.each([
    ['cannot be reached', { status: 503, body: problem('unavailable', 503) }],
    ['is silent', () => Promise.reject(new TypeError('Failed to fetch'))],
  ])('says that the program could not be checked when the portal %s, and checks it again', async (_, settings) => {
    const { user, server } = await open('/sign-in', applicant, { 'GET /api/config': settings });
    const check = () => screen.findByRole('button', { name: 'Проверить программу' });
    await user.click(await check());
    expect(await screen.findByText(/Настройки портала сейчас не удалось получить/)).toBeVisible();
    const told = { demo: false, portalUrl: 'http://localhost', ncalayerUrl: program?.url };
    server.answer({ 'GET /api/config': { body: told } });
    await user.click(await check());
    expect(await screen.findByText('Программа запущена, версия 1.4')).toBeVisible();
    expect(screen.queryByText(/Настройки портала/)).not.toBeInTheDocument();
  });

  it('shows the demo people only in demo mode', async () => {
    await open('/sign-in', applicant);
    await press();
    expect(screen.queryByText(/войти как/)).not.toBeInTheDocument();
  });

  it('offers the demo people with what each of them is for', async () => {
    await open('/sign-in', applicant, demo);
    expect(await screen.findByRole('button', { name: /ТЕСТОВ ТЕСТ директор, ТОО «Тест Клиника»/ })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: /ключ отозван: будет отказ/ })).toBeInTheDocument();
    expect(screen.getByText('Демонстрация.')).toBeInTheDocument();
  });

  it('takes the RSA key of a demo person, or the GOST key once that was chosen in this window', async () => {
    const { user, server, unmount } = await open('/sign-in', applicant, demo);
    const asked = () => server.asked.filter((a) => a.url.pathname.endsWith('/key')).map((a) => a.url.search);
    await user.click(await screen.findByRole('button', { name: /ТЕСТОВ ТЕСТ/ }));
    await expect.poll(asked).toEqual(['?algorithm=rsa']);
    await user.click(await screen.findByRole('radio', { name: 'ГОСТ 34.10-2015' }));
    await user.click(screen.getByRole('button', { name: /ТЕСТОВ ТЕСТ/ }));
    await expect.poll(asked).toEqual(['?algorithm=rsa', '?algorithm=gost']);
    unmount();
    await open('/sign-in', applicant, demo);
    expect(await screen.findByRole('radio', { name: 'ГОСТ 34.10-2015' })).toBeChecked();
    expect(Object.values(localStorage)).not.toContain('gost');
  });
});

describe('where one lands', () => {
  it.each([
    [applicant, null, '/applications'],
    [official, null, '/work'],
    [applicant, '/applications/7/form', '/applications/7/form'],
    [applicant, '/check/KZ18LAA00032760', '/check/KZ18LAA00032760'],
    [applicant, '/work', '/applications'],
    [official, '/applications', '/work'],
    [official, '/work/7', '/work/7'],
    [applicant, '//evil.example', '/applications'],
    [applicant, '/\\evil.example', '/applications'],
    [applicant, 'https://evil.example', '/applications'],
    [applicant, '/sign-in?next=/sign-in', '/applications'],
  ] as [Session, string | null, string][])('%o asking for %s lands on %s', (session, next, expected) => {
    expect(landing(session, next)).toBe(expected);
  });
});

describe('a session that ends', () => {
  it('asks to sign in again over the page and leaves what was typed', async () => {
    const { user } = await open('/check', applicant, {}, applicant);
    const field = await screen.findByLabelText('Номер лицензии');
    await user.type(field, 'KZ18LAA0003');
    await screen.findAllByText('ТЕСТТОВ Т.'); // the page knows whose it is
    const { answer, api } = await import('@/api/client');
    const { fakeServer } = await import('@/testing/server');
    fakeServer({
      'GET /api/applications': { status: 401, body: problem('sign_in_required', 401) },
      'POST /api/session/challenge': { body: { id: 'c-2', content: btoa('x'), expiresAt: '2026-11-26T10:02:00Z' } },
      'POST /api/session': { body: applicant },
      'GET /api/session': { body: applicant },
    });
    await answer(api.GET('/api/applications')).catch(() => {});
    expect(await screen.findByRole('dialog', { name: 'Сеанс завершён' })).toBeInTheDocument();
    await user.click(await press());
    await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
    expect(field).toHaveValue('KZ18LAA0003');
  });

  it('says nothing to somebody who never was signed in', async () => {
    await open('/help', applicant);
    await screen.findByRole('heading', { name: 'Помощь' });
    const { answer, api } = await import('@/api/client');
    const { fakeServer } = await import('@/testing/server');
    fakeServer({ 'GET /api/applications': { status: 401, body: problem('sign_in_required', 401) } });
    await answer(api.GET('/api/applications')).catch(() => {});
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
});
