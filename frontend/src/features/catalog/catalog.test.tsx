import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { licence } from '@/testing/applications';
import { applicant, renderApp, signedOut } from '@/testing/renderApp';
import { problem } from '@/testing/server';
import type { DeclaredService, ProcessStep } from './queries';
import { mainWay } from './scheme';

const text = (ru: string) => ({ kk: `kk ${ru}`, ru, en: `en ${ru}` });
const service = {
  code: 'medical-activity',
  title: text('Выдача лицензии'),
  kinds: [
    {
      code: 'licence',
      title: text('Новая лицензия на медицинскую деятельность'),
      term: { workingDays: 15, clause: 'S4.1' },
      fee: { kind: 'licence', clause: 'S7.1' },
    },
  ],
  card: {
    lead: text('Для тех, кто начинает.'),
    who: [{ title: text('Физическое лицо'), text: text('Стаж 5 лет.'), clause: 'SF5.6' }],
    minutesToFill: 40,
    fee: text('Сбор — 10 МРП.'),
    term: text('Срок — 15 рабочих дней.'),
    documents: [
      { title: text('Удостоверение личности'), note: text('Не нужно'), needed: false, clause: 'S9.A2' },
      { title: text('Справка о регистрации'), note: text('Скан'), for: ['entity'], needed: true, clause: 'S9.B1' },
    ],
    requirements: text('Помещение и персонал.'),
    results: [{ title: text('Лицензию'), text: text('Электронный документ.'), clause: 'S6.1' }],
  },
  requirements: [{ id: 'premises', text: text('Помещение есть'), clause: 'R5.3' }],
} satisfies DeclaredService;
const card = {
  service,
  fee: { amount: '43250.00', mci: '4325.00', coefficient: '10', rateDay: '2026-11-26' },
  today: '2026-11-26',
};
const step = (action: string, by: ProcessStep['by'], more: Partial<ProcessStep> = {}): ProcessStep => ({
  action,
  from: 'filed',
  to: 'registered',
  by,
  via: 'portal',
  clause: 'R5.1',
  ...more,
});
const steps = [
  step('save', 'applicant', { from: 'draft', to: 'draft', clause: 'R10.2' }),
  step('sign', 'applicant', { from: 'draft', to: 'awaiting_payment' }),
  step('pay', 'applicant', { from: 'awaiting_payment', to: 'awaiting_payment' }),
  step('register', 'chancery', { normMinutes: 15 }),
  step('assign', 'head', { from: 'registered', to: 'assigned', normMinutes: 60 }),
  step('confirm_complete', 'executor', { from: 'assigned', to: 'in_review', normWorkingDays: 2 }),
  step('prepare_licence', 'executor', { from: 'in_review', to: 'licence_prepared', normWorkingDays: 11 }),
  step('sign_result', 'head', { from: 'licence_prepared', to: 'issued', normMinutes: 60 }),
];
const fixtures = {
  'GET /api/services/{code}': { body: card },
  'GET /api/process': { body: { steps } },
} as const;
const plain = (node: HTMLElement) => node.textContent?.replaceAll('\u00a0', ' ');

describe('home page', () => {
  it('leads to applying, to the cabinet and to the check', async () => {
    const { user, router } = await renderApp('/', { fixtures });
    expect(await screen.findByRole('link', { name: 'Подать заявление' })).toHaveAttribute(
      'href',
      '/services/medical-activity',
    );
    expect(screen.getByRole('link', { name: 'Мой кабинет' })).toHaveAttribute('href', '/applications');
    await user.type(screen.getByLabelText('Номер с документа'), 'KZ18LAA00032760{Enter}');
    await expect.poll(() => router.state.location.pathname).toBe('/check/KZ18LAA00032760');
  });

  it('shows everything but the sum while the rate of the year is not on record', async () => {
    const { fee: _, ...withoutFee } = card;
    const without = { ...fixtures, 'GET /api/services/{code}': { body: withoutFee } } as const;
    const home = await renderApp('/', { fixtures: without });
    const row = await screen.findByRole('row', { name: /Новая лицензия/ });
    expect(plain(row)).toContain('Ставка сегодня ещё не известна');
    home.unmount();
    await renderApp('/services/medical-activity', { fixtures: without });
    expect(await screen.findByText(/Сегодняшний размер сбора ещё не внесён в портал/)).toBeVisible();
    expect(screen.queryByText(/43\s250/)).toBeNull();
  });

  it('shows term and fee of the declared kind, and says of the others where they are taken', async () => {
    await renderApp('/', { fixtures });
    const row = await screen.findByRole('row', { name: /Новая лицензия/ });
    expect(plain(row)).toContain('15 рабочих дней');
    expect(plain(row)).toContain('43 250 ₸');
    expect(screen.getByRole('row', { name: /Дубликат/ })).toHaveTextContent('Пока только лично');
    expect(screen.getByText(/1 МРП = 4\s325\s₸ в 2026 году/)).toBeInTheDocument();
  });

  it('works on without the fee when the server does not give it', async () => {
    await renderApp('/', { fixtures: { 'GET /api/services/{code}': { status: 500, body: problem('internal', 500) } } });
    expect(await screen.findByRole('alert')).toHaveTextContent('Ошибка на нашей стороне');
    expect(screen.getByRole('link', { name: 'Подать заявление' })).toBeInTheDocument();
  });

  it('switches to Kazakh and keeps the choice', async () => {
    const { user } = await renderApp('/', { fixtures });
    await screen.findByRole('heading', { level: 1, name: 'Лицензия на медицинскую деятельность' });
    await user.click(screen.getAllByRole('button', { name: 'Қаз, Қазақша' })[0] as HTMLElement);
    expect(await screen.findByRole('heading', { level: 1, name: 'Медициналық қызметке лицензия' })).toBeInTheDocument();
    expect(document.documentElement.lang).toBe('kk');
    expect(document.cookie).toContain('lang=kk');
  });

  it('turns large print on and off (S12.1)', async () => {
    const { user } = await renderApp('/', { fixtures });
    const [button] = await screen.findAllByRole('button', { name: 'Крупный шрифт' });
    await user.click(button as HTMLElement);
    expect(document.documentElement.dataset.print).toBe('large');
    await user.click(screen.getAllByRole('button', { name: 'Обычный шрифт' })[0] as HTMLElement);
    expect(document.documentElement.dataset.print).toBeUndefined();
  });
});

describe('card of the service', () => {
  it('shows the fee of today with its arithmetic', async () => {
    await renderApp('/services/medical-activity', { fixtures });
    expect(
      await screen.findByRole('heading', { level: 1, name: 'Новая лицензия на медицинскую деятельность' }),
    ).toBeInTheDocument();
    const sum = screen.getByRole('table', { name: /Расчёт сбора на 26\sноября 2026\sгода/ });
    expect(plain(sum)).toContain('4 325 ₸');
    expect(plain(sum)).toContain('× 10');
    expect(plain(sum)).toContain('43 250 ₸');
    expect(screen.getByRole('link', { name: 'Подать заявление' })).toHaveAttribute('href', '/applications/new');
  });

  it('puts the documents that are needed first and says for whom', async () => {
    await renderApp('/services/medical-activity', { fixtures });
    await screen.findByRole('heading', { name: 'Что понадобится' });
    const [first, second] = ['Справка о регистрации', 'Удостоверение личности'].map((name) => screen.getByText(name));
    expect(first?.compareDocumentPosition(second as Node)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    expect(screen.getByText('Только: юридическое лицо')).toBeInTheDocument();
  });

  it('says to the holder of a licence in force that another is rarely needed, and lets him go on', async () => {
    const licences = [licence, { ...licence, number: 'KZ02DEM00000002', status: 'terminated' }];
    await renderApp('/services/medical-activity', {
      session: applicant,
      fixtures: { ...fixtures, 'GET /api/licences': { body: { licences } } },
    });
    expect(await screen.findByRole('heading', { name: /^У\sвас уже есть действующая лицензия$/ })).toBeVisible();
    expect(screen.getByRole('link', { name: /^Лицензия №\sKZ87DEM00000001$/ })).toHaveAttribute(
      'href',
      '/check/KZ87DEM00000001',
    );
    expect(screen.queryByRole('link', { name: /KZ02DEM00000002/ })).toBeNull();
    expect(screen.getByRole('link', { name: 'Подать заявление' })).toHaveAttribute('href', '/applications/new');
  });

  const held = (...licences: object[]) => ({ body: { licences } });
  it.each([
    { who: 'holds none', session: applicant, reply: held() },
    {
      who: 'holds those that are not in force',
      session: applicant,
      reply: held(
        { ...licence, status: 'suspended' },
        { ...licence, number: 'KZ02', status: 'terminated' },
        { ...licence, number: 'KZ03', status: 'expired' },
      ),
    },
    { who: 'holds one of another service', session: applicant, reply: held({ ...licence, service: 'other' }) },
    { who: 'cannot be told now', session: applicant, reply: { status: 500, body: problem('internal', 500) } },
    { who: 'is not known any more', session: applicant, reply: { status: 401, body: problem('session_ended', 401) } },
    { who: 'is a stranger', session: signedOut, reply: undefined },
    { who: 'is an official', session: { ...applicant, capacity: 'official' as const }, reply: undefined },
  ])('says nothing of it to one who $who', async ({ session, reply }) => {
    const { server, queries } = await renderApp('/services/medical-activity', {
      session,
      fixtures: { ...fixtures, ...(reply && { 'GET /api/licences': reply }) },
    });
    await screen.findByRole('heading', { name: 'Сколько стоит' });
    const asked = () => server.asked.some((one) => one.url.pathname === '/api/licences');
    await waitFor(() => expect([asked(), queries.isFetching()]).toEqual([reply !== undefined, 0]));
    expect(screen.queryByText(/уже есть действующ/)).toBeNull();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('link', { name: 'Подать заявление' })).toHaveAttribute('href', '/applications/new');
  });

  it('can be asked for again after a failure', async () => {
    const { user, server } = await renderApp('/services/medical-activity', {
      fixtures: {
        'GET /api/services/{code}': { status: 503, body: problem('unavailable', 503) },
        'GET /api/process': { body: { steps } },
      },
    });
    await screen.findByRole('alert');
    server.answer(fixtures);
    await user.click(screen.getByRole('button', { name: 'Повторить' }));
    expect(await screen.findByRole('heading', { name: 'Сколько стоит' })).toBeInTheDocument();
  });
});

describe('process schemes', () => {
  it('are read out of the table: lanes, order and norms', () => {
    expect(mainWay(steps).map((box) => [box.key, box.lane, box.minutes ?? box.workingDays])).toEqual([
      ['sign', 'applicant', undefined],
      ['pay', 'applicant', undefined],
      ['register', 'chancery', 15],
      ['assign', 'head', 60],
      ['confirm_complete', 'executor', 2],
      ['prepare', 'executor', 11],
      ['sign_result', 'head', 60],
      ['receive', 'applicant', undefined],
    ]);
  });

  it('leave out what the table has not', () => {
    expect(mainWay([])).toEqual([]);
    expect(mainWay(steps.filter((s) => s.action !== 'pay')).map((box) => box.key)).not.toContain('pay');
  });

  it('show every row with its clause', async () => {
    await renderApp('/process', { fixtures });
    const table = await screen.findByRole('table');
    expect(within(table).getAllByRole('row')).toHaveLength(steps.length + 1);
    expect(
      within(table).getByRole('row', { name: /Подано зарегистрировать с входящим номером Канцелярия/ }),
    ).toHaveTextContent('R5.1');
  });
});
