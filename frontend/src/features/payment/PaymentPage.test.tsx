import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application, Invoice } from '@/api/applications';
import { paths } from '@/app/paths';
import {
  cabinetFixtures,
  draft,
  draftId,
  filedApplication,
  invoice,
  licence,
  signedApplication,
} from '@/testing/applications';
import { applicant, renderApp } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';
import { leaveFor } from './leave';
import type { OwnMoney } from './money';

const left: string[] = [];
vi.mock('./leave', async (original) => {
  const real = await original<typeof import('./leave')>();
  return { ...real, leaveFor: vi.fn((address: string) => void left.push(address)) };
});

beforeEach(() => {
  left.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const standing = (paymentState: Invoice['paymentState'], more: Partial<Invoice> = {}): Application => ({
  ...signedApplication,
  invoice: { ...invoice, ...more, ...(paymentState && { paymentState }) },
});

async function openPayment(application: Application, fixtures: Fixtures = {}) {
  return renderApp(paths.payment(draftId), {
    session: applicant,
    fixtures: {
      ...cabinetFixtures(application),
      'POST /api/applications/{id}/payment': { body: application },
      ...fixtures,
    },
  });
}

const h1 = (name: string) => screen.findByRole('heading', { level: 1, name });

describe('before paying', () => {
  it('shows the sum with its arithmetic, the requisites and that it is not given back', async () => {
    const { server } = await openPayment(standing('none'));
    await h1('Оплатите сбор за лицензию');
    const sum = screen.getByRole('table', { name: 'Как посчитана сумма' });
    expect(within(sum).getByText('4 325 ₸')).toBeVisible();
    expect(within(sum).getByText('× 10')).toBeVisible();
    expect(within(sum).getByText('43 250 ₸')).toBeVisible();
    expect(screen.getByText('Лицензионный сбор, КБК 105402, КНП 911')).toBeVisible();
    expect(screen.getByText('5903')).toBeVisible();
    expect(screen.getByText(/После подачи заявления сбор не возвращается/)).toBeVisible();
    // Nothing was begun, so there is nothing to ask the gateway.
    expect(server.asked.some((one) => one.url.pathname.endsWith('/payment'))).toBe(false);
  });

  it('says that there is a licence in force already, and takes the money all the same', async () => {
    await openPayment(standing('none'), { 'GET /api/licences': { body: { licences: [licence] } } });
    expect(await screen.findByRole('heading', { name: /^У\sвас уже есть действующая лицензия$/ })).toBeVisible();
    expect(screen.getByRole('button', { name: /^Оплатить 43\s250\s₸$/ })).toBeEnabled();
  });

  it('leads to the page of the gateway, one press one payment', async () => {
    const { user, server } = await openPayment(standing('none'), {
      'POST /api/applications/{id}/pay': { body: { pageUrl: 'https://pay.example/p/1' } },
    });
    await user.click(await screen.findByRole('button', { name: /^Оплатить 43\s250\s₸$/ }));
    await waitFor(() => expect(left).toEqual(['https://pay.example/p/1']));
    await user.click(screen.getByRole('button', { name: 'Открываем страницу оплаты…' }));
    expect(server.asked.filter((one) => one.url.pathname.endsWith('/pay'))).toHaveLength(1);
  });

  it('says that the gateway does not answer, and that nothing is lost', async () => {
    const { user } = await openPayment(standing('none'), {
      'POST /api/applications/{id}/pay': { status: 503, body: problem('gateway_unavailable', 503) },
    });
    await user.click(await screen.findByRole('button', { name: /^Оплатить 43\s250\s₸$/ }));
    expect(await screen.findByRole('alert')).toHaveTextContent(/Платёжный шлюз сейчас не отвечает.*Деньги не списаны/);
    expect(screen.getByRole('button', { name: /^Оплатить 43\s250\s₸$/ })).toBeVisible();
  });

  it('shows the new sum when the rate has changed, before any money goes', async () => {
    const { user, server } = await openPayment(standing('none', { nowDifferent: true }), {
      'POST /api/applications/{id}/pay': { status: 409, body: problem('rate_changed', 409) },
    });
    expect(await screen.findByText('С тех пор ставка изменилась')).toBeVisible();
    server.answer({
      'GET /api/applications/{id}': {
        body: standing('none', { amount: '45000.00', fee: { ...invoice.fee, amount: '45000.00', mci: '4500.00' } }),
      },
    });
    await user.click(screen.getByRole('button', { name: /^Оплатить 43\s250\s₸$/ }));
    expect(await screen.findByRole('button', { name: /^Оплатить 45\s000\s₸$/ })).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent('Размер сбора изменился');
    expect(left).toEqual([]);
  });

  it('can be pressed again when the browser brings the page back as it was left', async () => {
    const { user } = await openPayment(standing('none'), {
      'POST /api/applications/{id}/pay': { body: { pageUrl: 'https://pay.example/p/1' } },
    });
    await user.click(await screen.findByRole('button', { name: /^Оплатить 43\s250\s₸$/ }));
    await waitFor(() => expect(left).toHaveLength(1));
    act(() => void window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })));
    await user.click(await screen.findByRole('button', { name: /^Оплатить 43\s250\s₸$/ }));
    await waitFor(() => expect(left).toHaveLength(2));
  });

  it('leads nobody to the gateway who has gone to another page meanwhile', async () => {
    let late = () => {};
    const line = new Promise<void>((resolve) => {
      late = resolve;
    });
    const { user, queries } = await openPayment(standing('none'), {
      'POST /api/applications/{id}/pay': () => line.then(() => ({ body: { pageUrl: 'https://pay.example/p/1' } })),
    });
    await user.click(await screen.findByRole('button', { name: /^Оплатить 43\s250\s₸$/ }));
    const before = window.location.pathname;
    window.history.pushState(null, '', paths.application(draftId));
    late();
    await waitFor(() => expect(queries.isMutating()).toBe(0));
    window.history.pushState(null, '', before);
    expect(left).toEqual([]);
  });

  it('says that a begun payment goes on from the same place', async () => {
    await openPayment(standing('created'));
    expect(await screen.findByText('Оплата начата, но не закончена')).toBeVisible();
  });

  it('lets the answers be changed, after asking', async () => {
    const { user, server, router } = await openPayment(standing('none'), {
      'POST /api/applications/{id}/reopen': { body: { ...draft, answers: signedApplication.answers } },
    });
    (await screen.findByRole('button', { name: 'Изменить ответы' })).focus();
    await user.keyboard('{Enter}{Enter}');
    const dialog = screen.getByRole('dialog', { name: 'Вернуть заявление в черновик?' });
    expect(dialog).toHaveAccessibleDescription(/Подпись будет снята, счёт отменён/);
    expect(within(dialog).getByRole('heading')).toHaveFocus();
    expect(server.asked.some((one) => one.url.pathname.endsWith('/reopen'))).toBe(false);
    server.answer({
      'GET /api/applications/{id}': { body: { ...draft, answers: signedApplication.answers } },
      'GET /api/applications/{id}/check': { body: { issues: [] } },
    });
    await user.click(within(dialog).getByRole('button', { name: 'Вернуть и изменить' }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/\/(form|review)/));
  });

  it('says why the answers cannot be changed when the money was faster', async () => {
    const { user } = await openPayment(standing('none'), {
      'POST /api/applications/{id}/reopen': { status: 409, body: problem('payment_in_process', 409) },
    });
    await user.click(await screen.findByRole('button', { name: 'Изменить ответы' }));
    await user.click(screen.getByRole('button', { name: 'Вернуть и изменить' }));
    expect(await screen.findByText('Платёж обрабатывает банк')).toBeVisible();
  });
});

describe('coming back from the gateway', () => {
  it('proves nothing: the gateway is asked, and a refusal has its own page', async () => {
    const { user, server } = await openPayment(standing('created'), {
      'POST /api/applications/{id}/payment': { body: standing('refused') },
      'POST /api/applications/{id}/pay': { body: { pageUrl: 'https://pay.example/p/1' } },
    });
    await h1('Банк отклонил платёж');
    expect(document.title).toMatch(/^Ошибка: /);
    expect(screen.getByText(/Деньги не списаны/)).toBeVisible();
    expect(server.asked.filter((one) => one.url.pathname.endsWith('/payment'))).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: /^Оплатить 43\s250\s₸ ещё раз$/ }));
    await waitFor(() => expect(left).toHaveLength(1));
  });

  it('tells a cancelled payment apart from a refused one', async () => {
    await openPayment(standing('cancelled_by_payer'));
    await h1('Вы отменили оплату');
  });

  it('waits for the bank, says that the page may be closed, and moves on when it is filed', async () => {
    const { server, router } = await openPayment(standing('pending'));
    await h1('Ждём подтверждения оплаты');
    expect(await screen.findByText(/пришлём на test@example.kz.*Второй раз платить не нужно/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /Оплатить/ })).toBeNull();
    server.answer({
      'POST /api/applications/{id}/payment': { body: filedApplication },
      'GET /api/applications/{id}': { body: filedApplication },
    });
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.filed(draftId)), { timeout: 8000 });
    await h1('Заявление подано');
  });

  it('asks to sign in once: put off, that does not come back each time the gateway is asked', async () => {
    const pending = standing('pending');
    const { user, server } = await openPayment(pending);
    await h1('Ждём подтверждения оплаты');
    server.answer({ 'POST /api/applications/{id}/payment': { status: 401, body: problem('session_ended', 401) } });
    const dialog = await screen.findByRole('dialog', { name: 'Сеанс завершён' }, { timeout: 5000 });
    await user.click(within(dialog).getByRole('button', { name: 'Позже' }));
    const asked = () => server.asked.filter((one) => one.url.pathname.endsWith('/payment')).length;
    const before = asked();
    await waitFor(() => expect(asked()).toBeGreaterThan(before), { timeout: 5000 });
    await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
    expect(screen.queryByRole('dialog')).toBeNull();
  }, 15_000);

  it('says that a payment which does not fit is looked at by a person', async () => {
    await openPayment(standing('pending'), {
      'POST /api/applications/{id}/payment': { status: 409, body: problem('payment_parked', 409) },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('Платёж проверяет сотрудник');
  });

  it('says that it is not known when the gateway is silent, whatever was noted before', async () => {
    for (const state of ['created', 'refused', 'cancelled_by_payer'] as const) {
      const { user, server, unmount } = await openPayment(standing(state), {
        'POST /api/applications/{id}/payment': { status: 503, body: problem('payment_unknown', 503) },
      });
      await h1('Не удалось узнать, как завершилась оплата');
      expect(screen.getByText(/Если вы заплатили, второй раз не платите/)).toBeVisible();
      // Neither a stale state nor a way to pay a second time.
      expect(document.body).not.toHaveTextContent('Деньги не списаны');
      expect(screen.queryByRole('button', { name: /Оплатить/ })).toBeNull();
      // While it is asked again it is as unknown as before.
      let speak = () => {};
      const spoken = new Promise<void>((resolve) => {
        speak = resolve;
      });
      server.answer({
        'POST /api/applications/{id}/payment': () => spoken.then(() => ({ body: standing('refused') })),
      });
      await user.click(screen.getByRole('button', { name: 'Спросить ещё раз' }));
      await screen.findByRole('button', { name: 'Спрашиваем шлюз…' });
      expect(screen.getByText(/Если вы заплатили, второй раз не платите/)).toBeVisible();
      speak();
      await h1('Банк отклонил платёж');
      unmount();
    }
  });

  const parked = {
    refunds: [],
    via: 'online',
    canGiveUp: true,
    parked: {
      reason: 'amount',
      amount: '43250.01',
      paidAt: '2026-11-22T05:00:00Z',
      receipt: 'R-77',
      refundUnderWay: false,
    },
  } satisfies OwnMoney;

  it.each(['created', 'refused', 'cancelled_by_payer', 'pending'] as const)(
    'tells who has paid so before anything else, while the invoice is %s',
    async (state) => {
      await openPayment(standing(state), { 'GET /api/applications/{id}/money': { body: parked } });
      await h1('Деньги получены, платёж проверяет сотрудник');
      expect(screen.getByText(/^43\s250,01\s₸$/)).toBeVisible();
      expect(screen.getByText('R-77')).toBeVisible();
      expect(screen.getByRole('heading', { name: 'Второй раз не платите' })).toBeVisible();
      expect(screen.getByRole('button', { name: 'Не подаю заявление и хочу вернуть сбор' })).toBeVisible();
      expect(screen.queryByRole('button', { name: /Оплатить/ })).toBeNull();
      expect(document.body).not.toHaveTextContent(/Деньги не списаны|отклонил|проверяется/);
    },
  );

  it('tells so of a confirmed receipt too, and while the money is on its way back', async () => {
    await openPayment(standing('pending'), {
      'GET /api/applications/{id}/money': {
        body: { ...parked, via: 'receipt', canGiveUp: false, parked: { ...parked.parked, refundUnderWay: true } },
      },
    });
    await h1('Деньги получены, платёж проверяет сотрудник');
    expect(screen.getByText(/платёжный шлюз их возвращает/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /хочу вернуть сбор/ })).toBeNull();
  });

  it('tells money that was given back so, and lets the fee be paid anew', async () => {
    await openPayment(standing('cancelled_by_payer'), {
      'GET /api/applications/{id}/money': {
        body: {
          refunds: [],
          canGiveUp: false,
          via: 'online',
          returned: { amount: '43250.01', at: '2026-11-23T05:00:00Z' },
        },
      },
    });
    await h1('Деньги возвращены');
    expect(screen.getByText(/вернул 43\s250,01\s₸ полностью/)).toBeVisible();
    expect(document.body).not.toHaveTextContent(/Вы отменили|не списаны/);
    expect(screen.getByRole('button', { name: /^Оплатить 43\s250\s₸ заново$/ })).toBeVisible();
  });

  it('counts the waiting from the payment, not from the opening of the page', async () => {
    await openPayment(standing('pending', { paymentChangedAt: new Date(Date.now() - 150_000).toISOString() }));
    expect(await screen.findByText(/Прошл[ао] 15\d секунд.*Это дольше обычного/)).toBeVisible();
  });

  it.each([
    ['a draft', draft, paths.review(draftId)],
    ['a filed application', filedApplication, paths.filed(draftId)],
    ['a withdrawn one', { ...filedApplication, state: 'withdrawn' as const }, paths.application(draftId)],
  ])('has nothing to pay for %s', async (_, application, address) => {
    const { router } = await openPayment(application, { 'GET /api/applications/{id}/check': { body: { issues: [] } } });
    await waitFor(() => expect(router.state.location.pathname).toBe(address));
  });
});

it('leaves only for a web address, whatever the server says', async () => {
  const { leaveFor: real } = await vi.importActual<typeof import('./leave')>('./leave');
  expect(() => real('javascript:alert(1)')).toThrow('not a web address');
  expect(leaveFor).toBeDefined();
});
