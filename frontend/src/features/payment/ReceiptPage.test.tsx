import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { paths } from '@/app/paths';
import { cabinetFixtures, draftId, invoice, signedApplication } from '@/testing/applications';
import { applicant, renderApp } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';
import { signIn } from '@/testing/signIn';
import type { OwnMoney } from './money';
import { asDecimal } from './ReceiptPage';

beforeEach(() => sessionStorage.clear());

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

  it('says that the chosen scan can no longer be read, and sends nothing', async () => {
    const { user, server } = await openAt(paths.receipt(draftId), own, 'none');
    await user.type(await screen.findByLabelText('Банк'), 'Тест Банк');
    await user.type(screen.getByLabelText('Номер платёжного документа'), 'П-1');
    await user.type(screen.getByLabelText('Дата оплаты'), '20.11.2025');
    const scan = new File(['%PDF-1.7'], 'receipt.pdf', { type: 'application/pdf' });
    vi.spyOn(scan, 'arrayBuffer').mockRejectedValue(new DOMException('gone', 'NotReadableError'));
    await user.upload(screen.getByLabelText('Скан или фото квитанции'), scan);
    await user.click(screen.getByRole('button', { name: 'Отправить на проверку' }));
    const summary = await screen.findByRole('alert');
    expect(
      within(summary).getByRole('link', { name: 'Этот файл больше не читается. Выберите его заново.' }),
    ).toBeVisible();
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
  });

  describe('what is typed from the receipt', () => {
    const bank = () => screen.findByLabelText('Банк');
    const kept = () => sessionStorage.getItem(`receipt:${draftId}`);
    const attached = { 'POST /api/applications/{id}/receipt': { body: { ...own, via: 'receipt' } } } satisfies Fixtures;

    async function fill(fixtures: Fixtures = {}) {
      const opened = await openAt(paths.receipt(draftId), own, 'none', fixtures);
      await opened.user.type(await bank(), 'Тест Банк');
      await opened.user.type(screen.getByLabelText('Номер платёжного документа'), 'П-1');
      await opened.user.type(screen.getByLabelText('Дата оплаты'), '20.11.2025');
      return opened;
    }
    async function send({ user }: Awaited<ReturnType<typeof fill>>) {
      const scan = new File(['%PDF-1.7'], 'receipt.pdf', { type: 'application/pdf' });
      await user.upload(screen.getByLabelText('Скан или фото квитанции'), scan);
      await user.click(screen.getByRole('button', { name: 'Отправить на проверку' }));
    }
    const standsThere = async () => {
      expect(await bank()).toHaveValue('Тест Банк');
      expect(screen.getByLabelText('Номер платёжного документа')).toHaveValue('П-1');
      expect(screen.getByLabelText('Дата оплаты')).toHaveValue('20.11.2025');
    };

    it('outlives a reload, and the sum of the invoice is only kept when another was typed', async () => {
      const { unmount } = await fill();
      unmount();
      const { user, unmount: leave } = await openAt(paths.receipt(draftId), own, 'none');
      await standsThere();
      expect(kept()).not.toContain('amount');
      await user.clear(screen.getByLabelText('Сумма, тенге'));
      await user.type(screen.getByLabelText('Сумма, тенге'), '43 251');
      leave();
      await openAt(paths.receipt(draftId), own, 'none');
      expect(await screen.findByLabelText('Сумма, тенге')).toHaveValue('43 251');
    });

    it.each([
      ['refused', () => ({ status: 422, body: problem('file_type', 422) })],
      ['lost on the way', () => Promise.reject(new TypeError('the line was cut'))],
    ])('stays when the answer was %s', async (_, answer) => {
      const opened = await fill({ 'POST /api/applications/{id}/receipt': answer });
      await send(opened);
      expect(await screen.findByRole('alert')).toBeVisible();
      opened.unmount();
      await openAt(paths.receipt(draftId), own, 'none');
      await standsThere();
    });

    it('goes when the receipt was accepted', async () => {
      const opened = await fill(attached);
      expect(kept()).toContain('Тест Банк');
      await send(opened);
      await waitFor(() => expect(opened.router.state.location.pathname).toBe(paths.payment(draftId)));
      expect(kept()).toBeNull();
    });

    it('goes when the page was left before it was accepted, and does not lead back from there', async () => {
      let late = () => {};
      const line = new Promise<void>((resolve) => {
        late = resolve;
      });
      const opened = await fill({
        'POST /api/applications/{id}/receipt': () => line.then(() => ({ body: { ...own, via: 'receipt' } })),
      });
      await send(opened);
      await opened.router.navigate(paths.help);
      await screen.findByRole('heading', { level: 1, name: 'Помощь' });
      late();
      await waitFor(() => expect(kept()).toBeNull());
      expect(opened.router.state.location.pathname).toBe(paths.help);
    });

    it('goes when the receipt is found to be with the official after its answer was lost', async () => {
      const { unmount } = await fill();
      unmount();
      await openAt(paths.payment(draftId), { ...own, via: 'receipt' }, 'pending');
      expect(await screen.findByRole('heading', { level: 1, name: 'Квитанция проверяется' })).toBeVisible();
      expect(kept()).toBeNull();
    });

    it('is told to be with the official at once, when it is and the answer was lost on the way', async () => {
      const pending = { ...signedApplication, invoice: { ...invoice, paymentState: 'pending' as const } };
      const opened = await fill({
        'POST /api/applications/{id}/receipt': () => {
          opened.server.answer({
            'GET /api/applications/{id}': { body: pending },
            'POST /api/applications/{id}/payment': { body: pending },
            'GET /api/applications/{id}/money': { body: { ...own, via: 'receipt' } },
          });
          throw new TypeError('the line was cut');
        },
      });
      await send(opened);
      expect(await screen.findByRole('heading', { level: 1, name: 'Квитанция проверяется' })).toBeVisible();
      expect(kept()).toBeNull();
    });

    it('is not shown to another person, and goes when he signs in at this window', async () => {
      const { unmount } = await fill();
      unmount();
      const other = { ...applicant, iin: '123456789088', name: 'БАСҚА АДАМ' };
      const application = { ...signedApplication, invoice: { ...invoice, paymentState: 'none' as const } };
      const fixtures = { ...cabinetFixtures(application), 'GET /api/applications/{id}/money': { body: own } };
      const his = await renderApp(paths.receipt(draftId), { session: other, fixtures });
      expect(await bank()).toHaveValue('');
      his.unmount();
      expect(kept()).toContain('Тест Банк');
      await signIn(other);
      expect(kept()).toBeNull();
    });

    it('is still there when the person signs in again', async () => {
      const { unmount } = await fill();
      unmount();
      const { unmount: leave } = await signIn(applicant);
      leave();
      await openAt(paths.receipt(draftId), own, 'none');
      await standsThere();
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
