import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { paths } from '@/app/paths';
import { draftId } from '@/testing/applications';
import { applicant, renderApp } from '@/testing/renderApp';
import type { MyPayment } from './money';

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

  it('asks nobody to pay again while the bank works on the payment', async () => {
    await renderApp(paths.payments, {
      session: applicant,
      fixtures: {
        'GET /api/payments': {
          body: {
            payments: [
              { ...payment, invoice: '2026-000004', state: 'open', paymentState: 'pending' },
              { ...payment, invoice: '2026-000005', state: 'open', paymentState: 'refused' },
            ],
          },
        },
      },
    });
    const row = async (name: string) => within(await screen.findByRole('row', { name: new RegExp(`^№ ${name}`) }));
    const pending = await row('2026-000004');
    expect(pending.getByText('Обрабатывается банком')).toBeVisible();
    expect(pending.queryByRole('link', { name: 'Перейти к оплате' })).toBeNull();
    expect(pending.getByRole('link', { name: 'Что с платежом' })).toHaveAttribute('href', paths.payment(draftId));
    expect((await row('2026-000005')).getByRole('link', { name: 'Перейти к оплате' })).toBeVisible();
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
              {
                ...payment,
                id: 'i8',
                invoice: '2026-000008',
                state: 'cancelled',
                paymentState: 'voided',
                refunded: '43250.01',
                refund: 'returned',
                refundId: 'q8',
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
    expect(within(row('2026-000008')).getByText(/^Возвращён/)).toBeVisible();
    expect(within(row('2026-000008')).getByText(/шлюз вернул деньги сам/)).toBeVisible();
    expect(within(row('2026-000008')).queryByRole('button')).toBeNull();
    expect(within(row('2026-000006')).getByText('черновик удалён')).toBeVisible();
    expect(within(row('2026-000006')).getByText('В подтверждении отказано: Заявление подано')).toBeVisible();
    await user.click(within(row('2026-000006')).getByRole('button', { name: 'Хочу вернуть сбор' }));
    await user.click(screen.getByRole('button', { name: 'Запросить подтверждение' }));
    await waitFor(() => expect(server.asked.some((one) => one.url.pathname === '/api/payments/i6/give-up')).toBe(true));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
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

  it('says what was decided about money that filed nothing, and on what grounds', async () => {
    const decided = {
      outcome: 'kept',
      amount: '43250.01',
      note: 'Письмо шлюза № 5',
      at: '2026-11-23T05:00:00Z',
    } as const;
    const one = { ...payment, state: 'cancelled', paymentState: 'voided', decided } satisfies MyPayment;
    await renderApp(paths.payments, {
      session: applicant,
      fixtures: { 'GET /api/payments': { body: { payments: [one] } } },
    });
    expect(await screen.findByText(/^Решено .*: 43\s250,01.* остаётся в доходе бюджета$/)).toBeVisible();
    expect(screen.getByText('Основание: Письмо шлюза № 5')).toBeVisible();
  });
});
