import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { paths } from '@/app/paths';
import { cabinetFixtures, draftId, invoice, signedApplication } from '@/testing/applications';
import { applicant, renderApp } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';
import type { MoneyDesk, MyPayment, OwnMoney } from './money';
import { asDecimal } from './ReceiptPage';

const fee = { amount: '43250.00', mci: '4325.00', coefficient: '10', rateDay: '2026-11-22' };

const payment = {
  id: 'i1',
  gone: false,
  mayGiveUp: false,
  applicationId: draftId,
  application: '13-2026-000001',
  invoice: '2026-000001',
  via: 'online',
  state: 'paid',
  paymentState: 'paid',
  amount: '43250.00',
  fee,
  issuedAt: '2026-11-22T05:00:00Z',
  paidAt: '2026-11-22T05:10:00Z',
  receipt: 'R-1',
} satisfies MyPayment;

const desk = {
  receipts: [
    {
      id: 'r1',
      applicationId: draftId,
      invoice: '2026-000002',
      payerId: '123456789011',
      payer: 'ТЕСТОВ ТЕСТ',
      due: '43250.00',
      rateDay: '2026-11-21',
      bank: 'Тест Банк',
      number: 'П-1',
      paidOn: '2026-11-21',
      amount: '43250.00',
      attachedAt: '2026-11-22T05:00:00Z',
    },
  ],
  cases: [
    {
      id: 'c1',
      list: 'amounts_differ',
      reason: 'amount',
      via: 'online',
      invoice: '2026-000003',
      payer: 'ҮЛГІЛІ АДАМ',
      reference: 'ref',
      ours: { amount: '43250.00', state: 'open' },
      theirs: { amount: '43250.01', state: 'paid', paidAt: '2026-11-22T05:00:00Z', receipt: 'R-2' },
      foundAt: '2026-11-22T06:00:00Z',
      refundable: true,
      acceptable: false,
      certificate: false,
      refundUnderWay: false,
    },
    {
      id: 'c2',
      list: 'paid_without_application',
      reason: 'unknown_invoice',
      via: 'online',
      reference: 'nobody',
      ours: {},
      theirs: { amount: '100.00', state: 'paid' },
      foundAt: '2026-11-22T06:00:00Z',
      refundable: true,
      acceptable: false,
      certificate: false,
      refundUnderWay: false,
    },
  ],
  refunds: [
    {
      id: 'f1',
      applicationId: draftId,
      state: 'asked',
      amount: '43250.00',
      paidAt: '2026-11-20T19:00:00Z',
      paymentNumber: 'П-9',
      payer: 'ТЕСТОВА ТЕСТ',
      askedAt: '2026-11-22T05:00:00Z',
    },
  ],
  closed: [],
  reconciled: [
    { via: 'online', day: '2026-11-21', at: '2026-11-22T02:00:00Z', behind: false },
    { via: 'receipt', behind: false },
  ],
} satisfies MoneyDesk;

const empty = { receipts: [], cases: [], refunds: [], closed: [], reconciled: desk.reconciled } satisfies MoneyDesk;

const official = (role: 'head' | 'chancery') =>
  ({
    ...applicant,
    capacity: 'official' as const,
    capacities: ['official' as const],
    roles: [role],
  }) as unknown as typeof applicant;

describe('my payments', () => {
  it('lists each invoice with its arithmetic, its state and its documents', async () => {
    await renderApp(paths.payments, {
      session: applicant,
      fixtures: {
        'GET /api/payments': {
          body: {
            payments: [
              payment,
              {
                ...payment,
                invoice: '2026-000002',
                state: 'cancelled',
                paymentState: 'voided',
                refund: 'signed',
                refundId: 'q1',
              },
              { ...payment, invoice: '2026-000003', state: 'open', paymentState: 'pending', via: 'receipt' },
            ],
          },
        },
      },
    });
    expect(await screen.findByRole('heading', { level: 1, name: 'Мои платежи' })).toBeVisible();
    await screen.findByRole('table', { name: 'Мои платежи' });
    const row = (name: string) => screen.getByRole('row', { name: new RegExp(`^№ ${name}`) });
    expect(within(row('2026-000001')).getByText(/Оплачен$/)).toBeVisible();
    expect(within(row('2026-000001')).getByText(/4\s325\s₸ × 10, ставка на/)).toBeVisible();
    expect(within(row('2026-000001')).getByRole('link', { name: /Квитанция \(PDF\)/ })).toHaveAttribute(
      'href',
      `/api/applications/${draftId}/files/payment-receipt.pdf`,
    );
    expect(within(row('2026-000002')).getByRole('link', { name: /Подтверждение о непредставлении/ })).toHaveAttribute(
      'href',
      '/api/payments/refunds/q1/certificate.pdf',
    );
    expect(within(row('2026-000003')).getByText('Проверяется')).toBeVisible();
  });

  it('tells the payer who has paid so, and who was given back so', async () => {
    const { user, server } = await renderApp(paths.payments, {
      session: applicant,
      fixtures: {
        'GET /api/payments': {
          body: {
            payments: [
              {
                ...payment,
                id: 'i4',
                invoice: '2026-000004',
                state: 'open',
                paymentState: 'created',
                parked: '43250.01',
              },
              {
                ...payment,
                id: 'i5',
                invoice: '2026-000005',
                state: 'cancelled',
                paymentState: 'voided',
                refunded: '43250.01',
              },
              {
                ...payment,
                id: 'i6',
                invoice: '2026-000006',
                state: 'cancelled',
                paymentState: 'voided',
                gone: true,
                parked: '43250.00',
                mayGiveUp: true,
                refund: 'declined',
                refundId: 'q6',
                remark: 'Заявление подано',
              },
              {
                ...payment,
                id: 'i7',
                invoice: '2026-000007',
                state: 'cancelled',
                paymentState: 'voided',
                refund: 'asked',
                refundId: 'q7',
              },
            ],
          },
        },
        'POST /api/payments/{invoiceId}/give-up': { body: { payments: [] } },
        'POST /api/payments/refunds/{refundId}/withdraw': { body: { payments: [] } },
      },
    });
    await screen.findByRole('table', { name: 'Мои платежи' });
    const row = (name: string) => screen.getByRole('row', { name: new RegExp(`^№ ${name}`) });
    expect(within(row('2026-000004')).getByText(/Оплачен, проверяет сотрудник/)).toBeVisible();
    expect(within(row('2026-000004')).getByText(/получено 43\s250,01\s₸/)).toBeVisible();
    expect(within(row('2026-000004')).queryByText('Перейти к оплате')).toBeNull();
    expect(within(row('2026-000004')).getByRole('link', { name: 'Что с платежом' })).toHaveAttribute(
      'href',
      paths.payment(draftId),
    );
    expect(within(row('2026-000005')).getByText(/^Возвращён/)).toBeVisible();
    expect(within(row('2026-000006')).getByText('черновик удалён')).toBeVisible();
    expect(within(row('2026-000006')).getByText('В подтверждении отказано: Заявление подано')).toBeVisible();
    await user.click(within(row('2026-000006')).getByRole('button', { name: 'Хочу вернуть сбор' }));
    await user.click(screen.getByRole('button', { name: 'Запросить подтверждение' }));
    await waitFor(() => expect(server.asked.some((one) => one.url.pathname === '/api/payments/i6/give-up')).toBe(true));
    await user.click(within(row('2026-000007')).getByRole('button', { name: 'Отозвать запрос' }));
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Отозвать запрос' }));
    await waitFor(() =>
      expect(server.asked.some((one) => one.url.pathname === '/api/payments/refunds/q7/withdraw')).toBe(true),
    );
  });

  it('says what to do when there is none', async () => {
    await renderApp(paths.payments, {
      session: applicant,
      fixtures: { 'GET /api/payments': { body: { payments: [] } } },
    });
    expect(await screen.findByRole('heading', { name: 'Платежей пока нет' })).toBeVisible();
  });
});

const own = { refunds: [], canGiveUp: false, via: 'online' } satisfies OwnMoney;

async function openAt(address: string, money: OwnMoney, paymentState: 'none' | 'pending', more: Fixtures = {}) {
  const application = { ...signedApplication, invoice: { ...invoice, paymentState } };
  return renderApp(address, {
    session: applicant,
    fixtures: {
      ...cabinetFixtures(application),
      'POST /api/applications/{id}/payment': { body: application },
      'GET /api/applications/{id}/money': { body: money },
      ...more,
    },
  });
}

describe('paying at a bank', () => {
  it('names every field that is missing and sends nothing', async () => {
    const { user, server } = await openAt(paths.receipt(draftId), own, 'none');
    await user.click(await screen.findByRole('button', { name: 'Отправить на проверку' }));
    const summary = await screen.findByRole('alert');
    for (const text of ['Укажите банк', 'Укажите номер платёжного документа', 'Выберите файл не больше 5 МБ'])
      expect(within(summary).getByRole('link', { name: text })).toBeVisible();
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
  });

  it('sends what stands on the receipt with its scan', async () => {
    const { user, server, router } = await openAt(paths.receipt(draftId), own, 'none', {
      'POST /api/applications/{id}/receipt': { body: { ...own, via: 'receipt' } },
    });
    await user.type(await screen.findByLabelText('Банк'), 'Тест Банк');
    await user.type(screen.getByLabelText('Номер платёжного документа'), 'П-1');
    await user.type(screen.getByLabelText('Дата оплаты'), '20.11.2025');
    await user.clear(screen.getByLabelText('Сумма, тенге'));
    await user.type(screen.getByLabelText('Сумма, тенге'), '43 250,5');
    await user.upload(
      screen.getByLabelText('Скан или фото квитанции'),
      new File(['%PDF-1.7'], 'receipt.pdf', { type: 'application/pdf' }),
    );
    await user.click(screen.getByRole('button', { name: 'Отправить на проверку' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.payment(draftId)));
    const sent = server.asked.find((one) => one.url.pathname.endsWith('/receipt'));
    expect(sent?.body).toEqual({
      bank: 'Тест Банк',
      number: 'П-1',
      paidOn: '2025-11-20',
      amount: '43250.50',
      content: 'JVBERi0xLjc=',
    });
  });

  it('waits for the official, and lets the payer give up before filing', async () => {
    const receipt = {
      state: 'waiting' as const,
      bank: 'Тест Банк',
      number: 'П-1',
      paidOn: '2026-11-21',
      amount: '43250.00',
      attachedAt: '2026-11-22T05:00:00Z',
    };
    const { user, server } = await openAt(
      paths.payment(draftId),
      { ...own, via: 'receipt', receipt, canGiveUp: true },
      'pending',
      { 'POST /api/applications/{id}/give-up': { status: 409, body: problem('receipt_judged', 409) } },
    );
    expect(await screen.findByRole('heading', { level: 1, name: 'Квитанция проверяется' })).toBeVisible();
    expect(screen.getByText(/Тест Банк, № П-1/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Не подаю заявление и хочу вернуть сбор' }));
    const dialog = screen.getByRole('dialog', { name: 'Запросить подтверждение о непредставлении документов?' });
    expect(server.asked.some((one) => one.url.pathname.endsWith('/give-up'))).toBe(false);
    await user.click(within(dialog).getByRole('button', { name: 'Запросить подтверждение' }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('Квитанция уже рассмотрена');
  });

  it('leads who gave up to his payments, though the application is a draft again', async () => {
    const refund: OwnMoney['refunds'][number] = {
      id: '0190a1b2-0000-7000-8000-000000000001',
      applicationId: draftId,
      state: 'asked',
      amount: '43250.00',
      paidAt: '2026-11-21T05:00:00Z',
      paymentNumber: 'П-1',
      payer: 'ТЕСТОВ ТЕСТ',
      askedAt: '2026-11-22T05:00:00Z',
    };
    const draftAgain = { ...signedApplication, state: 'draft' as const };
    // What the act answered is known before anything else is asked.
    const { router, queries } = await renderApp(paths.payments, {
      session: applicant,
      fixtures: {
        ...cabinetFixtures(draftAgain),
        'GET /api/payments': { body: { payments: [] } },
      },
    });
    queries.setQueryData(['money', draftId], { ...own, refunds: [refund] });
    await router.navigate(paths.payment(draftId));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.payments));
  });

  it('tells why a receipt was sent back, and offers both ways to pay', async () => {
    const receipt = {
      state: 'rejected' as const,
      bank: 'Тест Банк',
      number: 'П-1',
      paidOn: '2026-11-21',
      amount: '43250.00',
      attachedAt: '2026-11-22T05:00:00Z',
      remark: 'Другой плательщик',
    };
    await openAt(paths.payment(draftId), { ...own, via: 'receipt', receipt }, 'none');
    expect(await screen.findByText('Другой плательщик')).toBeVisible();
    expect(screen.getByRole('link', { name: /Приложите квитанцию/ })).toBeVisible();
    expect(screen.getByRole('button', { name: /^Оплатить/ })).toBeVisible();
  });

  it('shows the rate of the new year with its arithmetic before paying', async () => {
    const feeNow = { amount: '45000.00', mci: '4500.00', coefficient: '10', rateDay: '2027-01-01' };
    await openAt(paths.payment(draftId), { ...own, feeNow }, 'none');
    expect(await screen.findByRole('heading', { name: /сбор составляет 45\s000\s₸/ })).toBeVisible();
    expect(screen.getByText(/4\s500\s₸ × 10/)).toBeVisible();
  });

  it.each([
    ['43 250', '43250.00'],
    ['43250,5', '43250.50'],
    ['0043250.00', '43250.00'],
    ['0', undefined],
    ['-1', undefined],
    ['1.234', undefined],
    ['1e5', undefined],
    ['', undefined],
  ])('reads %s', (typed, want) => {
    expect(asDecimal(typed)).toBe(want);
  });
});

describe('the officials’ page about money', () => {
  const open = (role: 'head' | 'chancery', fixtures: Fixtures = {}) =>
    renderApp(paths.workMoney, {
      session: official(role),
      fixtures: { 'GET /api/authority/money': { body: desk }, ...fixtures },
    });

  it('shows both sides of each difference to the tiyn, and what to do', async () => {
    await open('head');
    const list = await screen.findByRole('table', { name: 'Суммы или сведения расходятся' });
    expect(within(list).getByText(/^43\s250,00\s₸$/)).toBeVisible();
    expect(within(list).getByText(/^43\s250,01\s₸$/)).toBeVisible();
    expect(within(list).getByText(/Шлюз принял другую сумму/)).toBeVisible();
    const without = screen.getByRole('table', { name: 'Оплата без заявления' });
    expect(within(without).getByText('неизвестен')).toBeVisible();
    expect(screen.queryByRole('table', { name: 'Заявление без оплаты' })).toBeNull();
  });

  it('has the gateway give money back after asking, and shows the list anew', async () => {
    const { user, server } = await open('head', {
      'POST /api/authority/money/cases/{caseId}/refund': { body: { ...desk, cases: [] } },
    });
    await user.click(await screen.findByRole('button', { name: /Вернуть деньги — 2026-000003/ }));
    const dialog = screen.getByRole('dialog', { name: 'Вернуть деньги через шлюз?' });
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
    await user.click(within(dialog).getByRole('button', { name: 'Вернуть деньги' }));
    await waitFor(() => expect(screen.queryByRole('table', { name: 'Суммы или сведения расходятся' })).toBeNull());
  });

  it('closes a case only with what was found out', async () => {
    const { user, server } = await open('head', {
      'POST /api/authority/money/cases/{caseId}/close': { body: empty },
    });
    await user.click(await screen.findByRole('button', { name: 'Закрыть расхождение — 2026-000003' }));
    const dialog = screen.getByRole('dialog', { name: 'Что выяснилось?' });
    await user.click(within(dialog).getByRole('button', { name: 'Закрыть расхождение' }));
    expect(within(dialog).getByText('Напишите причину')).toBeVisible();
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
    await user.type(within(dialog).getByRole('textbox'), 'Письмо шлюза № 5');
    await user.click(within(dialog).getByRole('button', { name: 'Закрыть расхождение' }));
    expect(await screen.findByText('Ничего не ждёт')).toBeVisible();
    expect(server.asked.find((one) => one.method === 'POST')?.body).toEqual({ remark: 'Письмо шлюза № 5' });
  });

  it('takes money for the fee only where it may, with a reason and a key', async () => {
    const [one] = desk.cases;
    const { user, server } = await open('head', {
      'GET /api/authority/money': {
        body: { ...desk, cases: [{ ...one, reason: 'payer', acceptable: true }, ...desk.cases.slice(1)] } as MoneyDesk,
      },
      'POST /api/authority/money/cases/{caseId}/accept': { body: empty },
    });
    await user.click(await screen.findByRole('button', { name: 'Принять как сбор — 2026-000003' }));
    expect(screen.getAllByRole('button', { name: /^Принять как сбор — / })).toHaveLength(1);
    const dialog = screen.getByRole('dialog', { name: 'Принять эти деньги как сбор?' });
    expect(dialog).toHaveTextContent('отменить это нельзя');
    await user.type(within(dialog).getByRole('textbox'), 'Платил супруг');
    await user.click(within(dialog).getByRole('button', { name: 'Принять как сбор' }));
    await screen.findByText('Ничего не ждёт');
    const sent = server.asked.find((asked) => asked.method === 'POST');
    expect(sent?.body).toEqual({ remark: 'Платил супруг' });
  });

  it('lets a refund that was cut short only be finished', async () => {
    const [one] = desk.cases;
    await open('head', {
      'GET /api/authority/money': { body: { ...empty, cases: [{ ...one, refundUnderWay: true }] } as MoneyDesk },
    });
    expect(await screen.findByRole('button', { name: /Завершить возврат/ })).toBeVisible();
    expect(screen.queryByRole('button', { name: /Закрыть расхождение/ })).toBeNull();
  });

  it('declines a certificate with a reason that the payer sees', async () => {
    const { user, server } = await open('head', {
      'POST /api/authority/money/refunds/{refundId}/decline': { body: { ...desk, refunds: [] } },
    });
    await user.click(await screen.findByRole('button', { name: 'Отказать — ТЕСТОВА ТЕСТ' }));
    const dialog = screen.getByRole('dialog', { name: 'Отказать в подтверждении?' });
    await user.type(within(dialog).getByRole('textbox'), 'Заявление подано');
    await user.click(within(dialog).getByRole('button', { name: 'Отказать' }));
    await waitFor(() => expect(screen.queryByText(/Подтверждение для ТЕСТОВА ТЕСТ/)).toBeNull());
    expect(server.asked.find((asked) => asked.method === 'POST')?.body).toEqual({ remark: 'Заявление подано' });
  });

  it('tells an empty desk from one whose books are not compared, and what was decided', async () => {
    const [one] = desk.cases;
    await open('head', {
      'GET /api/authority/money': {
        body: {
          ...empty,
          closed: [
            { ...one, closedAt: '2026-11-22T07:00:00Z', closedHow: 'explained', closedBy: 'БАСШЫ', note: 'Письмо № 5' },
          ],
          reconciled: [{ via: 'online', day: '2026-11-19', at: '2026-11-20T02:00:00Z', behind: true }],
        } as MoneyDesk,
      },
    });
    expect(await screen.findByText('Ничего не ждёт, но книги не сверены')).toBeVisible();
    expect(screen.getByText(/сверено по 19\s+ноября 2026\s+года включительно/)).toBeVisible();
    expect(screen.getByText(/Закончившийся день не сверен/)).toBeVisible();
    expect(screen.getByText('Решённые расхождения: 1', { selector: 'summary' })).toBeVisible();
    expect(screen.getByText('Письмо № 5')).toBeInTheDocument();
  });

  it('lets the chancery confirm a receipt and leaves the rest to the head', async () => {
    const { user, server } = await open('chancery', {
      'POST /api/authority/money/receipts/{receiptId}/confirm': { body: { ...desk, receipts: [] } },
    });
    await user.click(await screen.findByRole('button', { name: /Подтвердить — ТЕСТОВ ТЕСТ/ }));
    await user.click(screen.getByRole('button', { name: 'Сбор оплачен' }));
    await waitFor(() => expect(screen.queryByRole('table', { name: /Квитанции банков/ })).toBeNull());
    expect(server.asked.filter((one) => one.method === 'POST')).toHaveLength(1);
    expect(screen.queryByRole('button', { name: /Вернуть деньги/ })).toBeNull();
    expect(screen.queryByRole('button', { name: /Прочитать и подписать/ })).toBeNull();
    expect(screen.getAllByText('Решает руководитель').length).toBeGreaterThan(0);
  });

  it('does not offer to confirm a receipt of another amount', async () => {
    const [receipt] = desk.receipts;
    await open('chancery', {
      'GET /api/authority/money': { body: { ...empty, receipts: [{ ...receipt, amount: '43249.00' }] } as MoneyDesk },
    });
    expect(await screen.findByText(/В квитанции 43\s249\s₸, в счёте 43\s250\s₸/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /Подтвердить/ })).toBeNull();
  });

  it('lets the head read the certificate before signing it', async () => {
    const { user } = await open('head');
    await user.click(await screen.findByRole('button', { name: 'Прочитать и подписать — ТЕСТОВА ТЕСТ' }));
    expect(await screen.findByRole('link', { name: 'Прочитать подтверждение (PDF)' })).toHaveAttribute(
      'href',
      '/api/authority/money/refunds/f1/draft.pdf',
    );
  });
});
