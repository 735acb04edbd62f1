import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { paths } from '@/app/paths';
import { desk, emptyDesk, openDesk } from '@/testing/money';
import type { MoneyDesk } from './money';

describe('the officials’ page about money', () => {
  it('shows both sides of each difference to the tiyn, and what to do', async () => {
    await openDesk('head');
    const list = await screen.findByRole('table', { name: 'Суммы или сведения расходятся' });
    expect(within(list).getByText(/^43\s250,00\s₸$/)).toBeVisible();
    expect(within(list).getByText(/^43\s250,01\s₸$/)).toBeVisible();
    expect(within(list).getByText(/Шлюз принял другую сумму/)).toBeVisible();
    const without = screen.getByRole('table', { name: 'Оплата без заявления' });
    expect(within(without).getByText('неизвестен')).toBeVisible();
    expect(screen.queryByRole('table', { name: 'Заявление без оплаты' })).toBeNull();
  });

  it('has the gateway give money back after asking, and shows the list anew', async () => {
    const { user, server } = await openDesk('head', {
      'POST /api/authority/money/cases/{caseId}/refund': { body: { ...desk, cases: [] } },
    });
    await user.click(await screen.findByRole('button', { name: /Вернуть деньги — 2026-000003/ }));
    const dialog = screen.getByRole('dialog', { name: 'Вернуть деньги через шлюз?' });
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
    await user.click(within(dialog).getByRole('button', { name: 'Вернуть деньги' }));
    await waitFor(() => expect(screen.queryByRole('table', { name: 'Суммы или сведения расходятся' })).toBeNull());
  });

  it('closes a case only with what was found out and where the money belongs', async () => {
    const { user, server } = await openDesk('head', {
      'POST /api/authority/money/cases/{caseId}/close': { body: emptyDesk },
    });
    await user.click(await screen.findByRole('button', { name: 'Закрыть расхождение — 2026-000003' }));
    const dialog = screen.getByRole('dialog', { name: 'Что выяснилось?' });
    await user.click(within(dialog).getByRole('button', { name: 'Закрыть расхождение' }));
    expect(within(dialog).getByText('Напишите причину')).toBeVisible();
    expect(within(dialog).getByText('Выберите, куда отнести деньги')).toBeVisible();
    await user.type(within(dialog).getByRole('textbox'), 'Письмо шлюза № 5');
    await user.click(within(dialog).getByRole('button', { name: 'Закрыть расхождение' }));
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
    await user.click(within(dialog).getByRole('radio', { name: /^Доход бюджета/ }));
    await user.click(within(dialog).getByRole('button', { name: 'Закрыть расхождение' }));
    expect(await screen.findByText('Нет платежей, которые ждут решения')).toBeVisible();
    const sent = server.asked.find((one) => one.method === 'POST');
    expect(sent?.body).toEqual({ outcome: 'kept', remark: 'Письмо шлюза № 5' });
  });

  it('asks for the explanation alone where the gateway holds no money', async () => {
    const [one] = desk.cases;
    const missing = { ...one, list: 'application_without_payment', reason: 'missing_there', outcomes: ['explained'] };
    const { user, server } = await openDesk('head', {
      'GET /api/authority/money': { body: { ...emptyDesk, cases: [missing] } as MoneyDesk },
      'POST /api/authority/money/cases/{caseId}/close': { body: emptyDesk },
    });
    await user.click(await screen.findByRole('button', { name: 'Закрыть расхождение — 2026-000003' }));
    const dialog = screen.getByRole('dialog', { name: 'Что выяснилось?' });
    expect(within(dialog).queryByRole('radio')).toBeNull();
    await user.type(within(dialog).getByRole('textbox'), 'Письмо шлюза № 6');
    await user.click(within(dialog).getByRole('button', { name: 'Закрыть расхождение' }));
    await screen.findByText('Нет платежей, которые ждут решения');
    const sent = server.asked.find((asked) => asked.method === 'POST');
    expect(sent?.body).toEqual({ outcome: 'explained', remark: 'Письмо шлюза № 6' });
  });

  it('takes money for the fee only where it may, with a reason and a key', async () => {
    const [one] = desk.cases;
    const { user, server } = await openDesk('head', {
      'GET /api/authority/money': {
        body: { ...desk, cases: [{ ...one, reason: 'payer', acceptable: true }, ...desk.cases.slice(1)] } as MoneyDesk,
      },
      'POST /api/authority/money/cases/{caseId}/accept': { body: emptyDesk },
    });
    await user.click(await screen.findByRole('button', { name: 'Принять как сбор — 2026-000003' }));
    expect(screen.getAllByRole('button', { name: /^Принять как сбор — / })).toHaveLength(1);
    const dialog = screen.getByRole('dialog', { name: 'Принять эти деньги как сбор?' });
    expect(dialog).toHaveTextContent('отменить это нельзя');
    await user.type(within(dialog).getByRole('textbox'), 'Платил супруг');
    await user.click(within(dialog).getByRole('button', { name: 'Принять как сбор' }));
    await screen.findByText('Нет платежей, которые ждут решения');
    const sent = server.asked.find((asked) => asked.method === 'POST');
    expect(sent?.body).toEqual({ remark: 'Платил супруг' });
  });

  it('lets a refund that was cut short only be finished', async () => {
    const [one] = desk.cases;
    await openDesk('head', {
      'GET /api/authority/money': { body: { ...emptyDesk, cases: [{ ...one, refundUnderWay: true }] } as MoneyDesk },
    });
    expect(await screen.findByRole('button', { name: /Завершить возврат/ })).toBeVisible();
    expect(screen.queryByRole('button', { name: /Закрыть расхождение/ })).toBeNull();
  });

  it('declines a certificate with a reason that the payer sees', async () => {
    const { user, server } = await openDesk('head', {
      'POST /api/authority/money/refunds/{refundId}/decline': { body: { ...desk, refunds: [] } },
    });
    await user.click(await screen.findByRole('button', { name: 'Отказать — ТЕСТОВА ТЕСТ' }));
    const dialog = screen.getByRole('dialog', { name: 'Отказать в подтверждении?' });
    await user.type(within(dialog).getByRole('textbox'), 'Заявление подано');
    await user.click(within(dialog).getByRole('button', { name: 'Отказать' }));
    await waitFor(() => expect(screen.queryByText(/Подтверждение для ТЕСТОВА ТЕСТ/)).toBeNull());
    expect(server.asked.find((asked) => asked.method === 'POST')?.body).toEqual({ remark: 'Заявление подано' });
  });

  it('tells an emptyDesk desk from one whose books are not compared, and what was decided', async () => {
    const [one] = desk.cases;
    await openDesk('head', {
      'GET /api/authority/money': {
        body: {
          ...emptyDesk,
          closed: [
            { ...one, closedAt: '2026-11-22T07:00:00Z', closedHow: 'explained', closedBy: 'БАСШЫ', note: 'Письмо № 5' },
          ],
          reconciled: [{ via: 'online', day: '2026-11-19', at: '2026-11-20T02:00:00Z', behind: true }],
        } as MoneyDesk,
      },
    });
    expect(
      await screen.findByText('Нет платежей, которые ждут решения, но сверка с отчётами не закончена'),
    ).toBeVisible();
    expect(screen.getByText(/сверено по 19\s+ноября 2026\s+года включительно/)).toBeVisible();
    expect(screen.getByText(/Закончившийся день не сверен/)).toBeVisible();
    expect(screen.getByText('Решённые расхождения: 1', { selector: 'summary' })).toBeVisible();
    expect(screen.getByText('Письмо № 5')).toBeInTheDocument();
  });

  it('lets the chancery confirm a receipt and leaves the rest to the head', async () => {
    const { user, server } = await openDesk('chancery', {
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
    await openDesk('chancery', {
      'GET /api/authority/money': {
        body: { ...emptyDesk, receipts: [{ ...receipt, amount: '43249.00' }] } as MoneyDesk,
      },
    });
    expect(await screen.findByText(/В квитанции 43\s249\s₸, в счёте 43\s250\s₸/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /Подтвердить/ })).toBeNull();
  });

  it('warns of a document that was used before, with the way to the other application', async () => {
    const [receipt] = desk.receipts;
    const alike = [
      {
        sameFile: true,
        earlier: true,
        attachedAt: '2026-11-20T05:00:00Z',
        applicationId: 'a7',
        application: '13-2026-000007',
        invoice: '2026-000007',
      },
      {
        sameFile: false,
        earlier: false,
        attachedAt: '2026-11-23T05:00:00Z',
        applicationId: 'a8',
        invoice: '2026-000008',
      },
      { sameFile: true, earlier: true },
      { sameFile: true, earlier: false },
    ];
    await openDesk('chancery', {
      'GET /api/authority/money': { body: { ...emptyDesk, receipts: [{ ...receipt, alike }] } as MoneyDesk },
    });
    expect(await screen.findByRole('heading', { name: 'Похоже, этот документ уже использован' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'заявление 13-2026-000007' })).toHaveAttribute(
      'href',
      paths.workApplication('a7'),
    );
    const lines = screen.getAllByRole('listitem').map((line) => line.textContent);
    expect(lines.slice(0, 4)).toEqual([
      expect.stringMatching(/^Тот же файл: заявление 13-2026-000007, документ приложен 20/),
      expect.stringMatching(
        /^Те же номер, дата и сумма, название банка другое: счёт № 2026-000008, заявление не подано, документ приложен 23/,
      ),
      'Тот же файл: заявление, которое вам не показано, документ приложен раньше этого',
      'Тот же файл: заявление, которое вам не показано, документ приложен позже этого',
    ]);
    expect(screen.getByText(/^То, что вам не показано, сравнить нельзя/)).toBeVisible();
    expect(screen.getByRole('button', { name: /Подтвердить — ТЕСТОВ ТЕСТ/ })).toBeVisible();
  });

  it('does not say of the first of two copies that it was used before', async () => {
    const [receipt] = desk.receipts;
    const alike = [{ sameFile: true, earlier: false, attachedAt: '2026-11-23T05:00:00Z', invoice: '2026-000008' }];
    await openDesk('chancery', {
      'GET /api/authority/money': { body: { ...emptyDesk, receipts: [{ ...receipt, alike }] } as MoneyDesk },
    });
    expect(
      await screen.findByRole('heading', { name: 'Похожий документ позже приложен и к другому заявлению' }),
    ).toBeVisible();
    expect(screen.queryByText(/сравнить нельзя/)).toBeNull();
  });

  it('lets the head read the certificate before signing it', async () => {
    const { user } = await openDesk('head');
    await user.click(await screen.findByRole('button', { name: 'Прочитать и подписать — ТЕСТОВА ТЕСТ' }));
    expect(await screen.findByRole('link', { name: 'Прочитать подтверждение (PDF)' })).toHaveAttribute(
      'href',
      '/api/authority/money/refunds/f1/draft.pdf',
    );
    // The button has given way to the ways to sign.
    expect(screen.getByRole('heading', { name: 'Подтверждение для ТЕСТОВА ТЕСТ' })).toHaveFocus();
  });
});
