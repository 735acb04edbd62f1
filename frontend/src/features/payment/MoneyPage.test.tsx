import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { ProblemCode } from '@/api/problem';
import { paths } from '@/app/paths';
import { draftId } from '@/testing/applications';
import { applicant, renderApp } from '@/testing/renderApp';
import { type Fixtures, problem, type Reply } from '@/testing/server';
import type { MoneyDesk } from './money';

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
      alike: [],
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
      outcomes: ['returned', 'kept', 'written_off'],
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
      outcomes: ['returned', 'kept', 'written_off'],
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

  it('closes a case only with what was found out and where the money belongs', async () => {
    const { user, server } = await open('head', {
      'POST /api/authority/money/cases/{caseId}/close': { body: empty },
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
    const { user, server } = await open('head', {
      'GET /api/authority/money': { body: { ...empty, cases: [missing] } as MoneyDesk },
      'POST /api/authority/money/cases/{caseId}/close': { body: empty },
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
    await screen.findByText('Нет платежей, которые ждут решения');
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
    expect(
      await screen.findByText('Нет платежей, которые ждут решения, но сверка с отчётами не закончена'),
    ).toBeVisible();
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
    await open('chancery', {
      'GET /api/authority/money': { body: { ...empty, receipts: [{ ...receipt, alike }] } as MoneyDesk },
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
    await open('chancery', {
      'GET /api/authority/money': { body: { ...empty, receipts: [{ ...receipt, alike }] } as MoneyDesk },
    });
    expect(
      await screen.findByRole('heading', { name: 'Похожий документ позже приложен и к другому заявлению' }),
    ).toBeVisible();
    expect(screen.queryByText(/сравнить нельзя/)).toBeNull();
  });

  it('lets the head read the certificate before signing it', async () => {
    const { user } = await open('head');
    await user.click(await screen.findByRole('button', { name: 'Прочитать и подписать — ТЕСТОВА ТЕСТ' }));
    expect(await screen.findByRole('link', { name: 'Прочитать подтверждение (PDF)' })).toHaveAttribute(
      'href',
      '/api/authority/money/refunds/f1/draft.pdf',
    );
  });

  describe('a question whose answer is on its way', () => {
    const remark = 'Чужой платёж';
    const pressEscape = () => fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }));
    const refusal = 'POST /api/authority/money/refunds/{refundId}/decline';
    const confirmation = 'POST /api/authority/money/receipts/{receiptId}/confirm';

    /** The server answers when the test says so. */
    const onItsWay = () => {
      let answer: (reply: Reply) => void = () => {};
      const line = new Promise<Reply>((resolve) => {
        answer = resolve;
      });
      return { line, answer: (reply: Reply) => answer(reply) };
    };

    it.each([
      ['receipt', 'Вернуть — ТЕСТОВ ТЕСТ', 'Вернуть', 'POST /api/authority/money/receipts/{receiptId}/reject'],
      ['certificate', 'Отказать — ТЕСТОВА ТЕСТ', 'Отказать', refusal],
    ] as const)('stays, and keeps the reason typed for a %s when the act is refused', async (_, asks, does, path) => {
      const { line, answer } = onItsWay();
      const { user } = await open('head', { [path]: () => line });
      await user.click(await screen.findByRole('button', { name: asks }));
      const dialog = within(screen.getByRole('dialog'));
      await user.type(dialog.getByRole('textbox'), remark);
      await user.click(dialog.getByRole('button', { name: does }));
      expect(await dialog.findByRole('button', { name: 'Выполняем…' })).toBeVisible();
      expect(dialog.queryByRole('button', { name: 'Не сейчас' })).toBeNull();
      pressEscape();
      expect(dialog.getByRole('textbox')).toHaveValue(remark);
      answer({ status: 503, body: problem('unavailable', 503) });
      expect(await dialog.findByRole('alert')).toHaveTextContent('Служба временно недоступна');
      expect(dialog.getByRole('textbox')).toHaveValue(remark);
      // Now it may be left, and the reason is still there for whoever comes back to it.
      pressEscape();
      expect(screen.queryByRole('dialog')).toBeNull();
      await user.click(screen.getByRole('button', { name: asks }));
      const again = within(screen.getByRole('dialog'));
      expect(again.getByRole('textbox')).toHaveValue(remark);
      expect(again.queryByRole('alert')).toBeNull();
    });

    it('does not begin with what was lacking when it was left', async () => {
      const { user } = await open('head');
      const asks = 'Отказать — ТЕСТОВА ТЕСТ';
      await user.click(await screen.findByRole('button', { name: asks }));
      await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Отказать' }));
      expect(screen.getByText('Напишите причину')).toBeVisible();
      pressEscape();
      await user.click(screen.getByRole('button', { name: asks }));
      expect(screen.queryByText('Напишите причину')).toBeNull();
    });

    it('stays until a case is closed, with where the money belongs', async () => {
      const { line, answer } = onItsWay();
      const { user, server } = await open('head', {
        'POST /api/authority/money/cases/{caseId}/close': () => line,
      });
      await user.click(await screen.findByRole('button', { name: 'Закрыть расхождение — 2026-000003' }));
      const dialog = within(screen.getByRole('dialog'));
      await user.click(dialog.getByRole('radio', { name: /^Доход бюджета/ }));
      await user.type(dialog.getByRole('textbox'), remark);
      await user.click(dialog.getByRole('button', { name: 'Закрыть расхождение' }));
      await dialog.findByRole('button', { name: 'Выполняем…' });
      pressEscape();
      await user.click(dialog.getByRole('button', { name: 'Выполняем…' }));
      expect(dialog.getByRole('radio', { name: /^Доход бюджета/ })).toBeChecked();
      answer({ body: empty });
      expect(await screen.findByText('Нет платежей, которые ждут решения')).toBeVisible();
      expect(server.asked.filter((one) => one.method === 'POST')).toHaveLength(1);
    });

    it('stays over a receipt that is being confirmed, and says why it could not be', async () => {
      const { line, answer } = onItsWay();
      const { user } = await open('chancery', { [confirmation]: () => line });
      await user.click(await screen.findByRole('button', { name: 'Подтвердить — ТЕСТОВ ТЕСТ' }));
      const dialog = within(screen.getByRole('dialog'));
      await user.click(dialog.getByRole('button', { name: 'Сбор оплачен' }));
      await dialog.findByRole('button', { name: 'Выполняем…' });
      pressEscape();
      expect(dialog.queryByRole('button', { name: 'Не сейчас' })).toBeNull();
      answer({ status: 409, body: problem('receipt_judged', 409) });
      expect(await dialog.findByRole('alert')).toHaveTextContent('Квитанция уже рассмотрена');
      await user.click(dialog.getByRole('button', { name: 'Не сейчас' }));
      expect(screen.queryByRole('dialog')).toBeNull();
    });
  });

  describe('an act that a colleague has overtaken', () => {
    /** The list is another one by the time the refusal is told. */
    const overtaken = async (
      path: keyof Fixtures,
      code: ProblemCode,
      after: object,
      role: 'head' | 'chancery' = 'head',
    ) => {
      const opened = await open(role, {
        [path]: () => {
          opened.server.answer({ 'GET /api/authority/money': { body: { ...desk, ...after } } });
          return { status: 409, body: problem(code, 409) };
        },
      });
      return opened;
    };
    const told = () => screen.findByRole('alert');

    it('is told above the lists when its receipt has gone from them, with what was typed', async () => {
      const { user } = await overtaken(
        'POST /api/authority/money/receipts/{receiptId}/reject',
        'receipt_judged',
        { receipts: [] },
        'chancery',
      );
      await user.click(await screen.findByRole('button', { name: 'Вернуть — ТЕСТОВ ТЕСТ' }));
      const dialog = within(screen.getByRole('dialog'));
      await user.type(dialog.getByRole('textbox'), 'Другой плательщик');
      await user.click(dialog.getByRole('button', { name: 'Вернуть' }));
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
      const note = await told();
      expect(note).toHaveTextContent('Ваше действие не выполнено');
      expect(note).toHaveTextContent('Вернуть — ТЕСТОВ ТЕСТ');
      expect(note).toHaveTextContent('Квитанция уже рассмотрена. Это уже сделал другой сотрудник');
      expect(note).toHaveTextContent('Другой плательщик');
      expect(note.parentElement).toHaveFocus();
      expect(screen.queryByText('Вернуть квитанцию?')).toBeNull();
    });

    it('is told when it needed no words: a receipt was confirmed', async () => {
      const { user } = await overtaken(
        'POST /api/authority/money/receipts/{receiptId}/confirm',
        'receipt_judged',
        { receipts: [] },
        'chancery',
      );
      await user.click(await screen.findByRole('button', { name: /Подтвердить — ТЕСТОВ ТЕСТ/ }));
      await user.click(screen.getByRole('button', { name: 'Сбор оплачен' }));
      const note = await told();
      expect(note).toHaveTextContent('Подтвердить — ТЕСТОВ ТЕСТ');
      expect(note).not.toHaveTextContent('Ваш текст');
    });

    async function closeAsIncome(user: UserEvent) {
      await user.click(await screen.findByRole('button', { name: 'Закрыть расхождение — 2026-000003' }));
      const dialog = within(screen.getByRole('dialog'));
      await user.click(dialog.getByRole('radio', { name: /^Доход бюджета/ }));
      await user.type(dialog.getByRole('textbox'), 'Письмо шлюза № 5');
      await user.click(dialog.getByRole('button', { name: 'Закрыть расхождение' }));
    }

    it('says how the case was decided, and by whom', async () => {
      const [one, other] = desk.cases;
      const closed = {
        ...one,
        closedAt: '2026-11-22T07:00:00Z',
        closedHow: 'kept',
        closedBy: 'ЗАМЕСТИТЕЛЬ',
        note: '№ 7',
      };
      const { user } = await overtaken('POST /api/authority/money/cases/{caseId}/close', 'case_closed', {
        cases: [other],
        closed: [closed],
      });
      await closeAsIncome(user);
      const note = await told();
      expect(note).toHaveTextContent('Расхождение уже закрыто');
      expect(note).toHaveTextContent('Отнесено в доход бюджета');
      expect(note).toHaveTextContent('ЗАМЕСТИТЕЛЬ');
      expect(note).toHaveTextContent('Письмо шлюза № 5');
    });

    it('is told when the row stays and does not offer it any more', async () => {
      const [one, other] = desk.cases;
      const { user } = await overtaken('POST /api/authority/money/cases/{caseId}/close', 'refund_under_way', {
        cases: [{ ...one, refundUnderWay: true }, other],
      });
      await closeAsIncome(user);
      const note = await told();
      expect(note).toHaveTextContent('Возврат денег уже начат');
      expect(note).toHaveTextContent('Письмо шлюза № 5');
      expect(screen.getByRole('table', { name: 'Суммы или сведения расходятся' })).toBeVisible();
    });

    it('is told by its own question only, while that stands', async () => {
      const { user } = await overtaken('POST /api/authority/money/refunds/{refundId}/decline', 'state_changed', {});
      await user.click(await screen.findByRole('button', { name: 'Отказать — ТЕСТОВА ТЕСТ' }));
      const dialog = within(screen.getByRole('dialog'));
      await user.type(dialog.getByRole('textbox'), 'Заявление подано');
      await user.click(dialog.getByRole('button', { name: 'Отказать' }));
      expect(await dialog.findByRole('alert')).toBeVisible();
      expect(screen.getAllByRole('alert')).toHaveLength(1);
    });
  });
});
