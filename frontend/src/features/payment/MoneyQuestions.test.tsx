import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { ProblemCode } from '@/api/problem';
import type { SignPanelProps } from '@/signing/SignPanel';
import type { ToSign } from '@/signing/useSigning';
import { desk, emptyDesk, openDesk } from '@/testing/money';
import { type FakeServer, type Fixtures, problem, type Reply } from '@/testing/server';

// Signing itself has its own tests: here one press prepares, "signs" and sends, as the panel does.
vi.mock('@/signing/SignPanel', () => ({
  SignPanel: ({ prepare, send }: SignPanelProps<ToSign>) => (
    <button type="button" onClick={() => void prepare().then((document) => send('Q01T', document).catch(() => {}))}>
      Подписать через NCALayer
    </button>
  ),
}));

describe('what the officials’ page about money asks', () => {
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
      const { user } = await openDesk('head', { [path]: () => line });
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
      const { user } = await openDesk('head');
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
      const { user, server } = await openDesk('head', {
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
      answer({ body: emptyDesk });
      expect(await screen.findByText('Нет платежей, которые ждут решения')).toBeVisible();
      expect(server.asked.filter((one) => one.method === 'POST')).toHaveLength(1);
    });

    it('stays over a receipt that is being confirmed, and says why it could not be', async () => {
      const { line, answer } = onItsWay();
      const { user } = await openDesk('chancery', { [confirmation]: () => line });
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

  describe('a question that is being answered', () => {
    const reject = 'POST /api/authority/money/receipts/{receiptId}/reject';
    const ask = async (fixtures: Fixtures = {}) => {
      const opened = await openDesk('chancery', fixtures);
      await opened.user.click(await screen.findByRole('button', { name: 'Вернуть — ТЕСТОВ ТЕСТ' }));
      const dialog = within(screen.getByRole('dialog'));
      await opened.user.type(dialog.getByRole('textbox'), 'Другой плательщик');
      return { ...opened, dialog };
    };
    const send = 'Вернуть';
    const reads = (server: FakeServer) => server.asked.filter((one) => one.url.pathname.endsWith('/money')).length;

    it('keeps its row and what was typed, whatever a colleague does and wherever one looks meanwhile', async () => {
      const now = Date.now();
      const { server, user, dialog, queries } = await ask();
      server.answer({ 'GET /api/authority/money': { body: emptyDesk } });
      const before = reads(server);
      const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 60_000);
      act(() => void window.dispatchEvent(new Event('visibilitychange')));
      await queries.fetchQuery({ queryKey: ['config'], queryFn: () => fetch('/api/config') }); // what was asked has been answered by then
      expect(reads(server)).toBe(before);
      expect(dialog.getByRole('textbox')).toHaveValue('Другой плательщик');
      await user.click(dialog.getByRole('button', { name: 'Не сейчас' }));
      act(() => void window.dispatchEvent(new Event('visibilitychange')));
      expect(await screen.findByText('Нет платежей, которые ждут решения')).toBeVisible();
      clock.mockRestore();
    });

    it('stays when the answer was lost, and the same press tells what came of the first', async () => {
      const { server, user, dialog } = await ask({
        [reject]: () => {
          server.answer({ 'GET /api/authority/money': { body: emptyDesk }, [reject]: { body: emptyDesk } });
          throw new TypeError('the line was cut');
        },
      });
      await user.click(dialog.getByRole('button', { name: send }));
      expect(await dialog.findByRole('alert')).toHaveTextContent('Нет связи');
      expect(dialog.getByRole('textbox')).toHaveValue('Другой плательщик');
      await user.click(dialog.getByRole('button', { name: send }));
      expect(await screen.findByText('Нет платежей, которые ждут решения')).toBeVisible();
      const keys = server.asked.filter((one) => one.method === 'POST').map((one) => one.headers.get('Idempotency-Key'));
      expect(keys).toHaveLength(2);
      expect(new Set(keys).size).toBe(1);
    });
  });

  it('keeps the question with the reason that is being written when the session ends meanwhile', async () => {
    const { user, server, queries } = await openDesk('head');
    await user.click(await screen.findByRole('button', { name: 'Отказать — ТЕСТОВА ТЕСТ' }));
    await user.type(within(screen.getByRole('dialog')).getByRole('textbox'), 'Заявление подано');
    server.answer({ 'GET /api/authority/money': { status: 401, body: problem('session_ended', 401) } });
    await act(() => queries.refetchQueries({ queryKey: ['money-desk'] }));
    const ended = await screen.findByRole('dialog', { name: 'Сеанс завершён' });
    await user.click(within(ended).getByRole('button', { name: 'Позже' }));
    expect(within(screen.getByRole('dialog')).getByRole('textbox')).toHaveValue('Заявление подано');
  });

  describe('an act that a colleague has overtaken', () => {
    /** The list is another one by the time the refusal is told. */
    const overtaken = async (
      path: keyof Fixtures,
      code: ProblemCode,
      after: object,
      role: 'head' | 'chancery' = 'head',
    ) => {
      const opened = await openDesk(role, {
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

    it('says that nobody knows, when the answer to a signature was lost and its row has gone', async () => {
      const { user, server } = await openDesk('head', {
        'POST /api/authority/money/refunds/{refundId}/document': {
          body: { content: 'AAAA', digest: 'd'.repeat(64), preparedAt: '2026-11-22T05:00:00Z' },
        },
        'POST /api/authority/money/refunds/{refundId}/sign': () => {
          server.answer({ 'GET /api/authority/money': { body: { ...desk, refunds: [] } } });
          throw new TypeError('the line was cut');
        },
      });
      await user.click(await screen.findByRole('button', { name: 'Прочитать и подписать — ТЕСТОВА ТЕСТ' }));
      await user.click(screen.getByRole('button', { name: 'Подписать через NCALayer' }));
      const note = await told();
      expect(note).toHaveTextContent('Неизвестно, выполнено ли ваше действие');
      expect(note).toHaveTextContent('действие выполнили вы или другой сотрудник');
      expect(note).not.toHaveTextContent('не выполнено');
    });
  });
});
