import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '@/api/applications';
import { renderApp } from '@/testing/renderApp';
import { problem } from '@/testing/server';
import { application, chancery, executor, head, id, keyOf, now, openWork, step, stepPanel } from '../fixtures';

beforeEach(() => {
  vi.setSystemTime(now);
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

describe('the step panel', () => {
  it('says which step, what is left of it and of the whole, the rule, and what comes next', async () => {
    await openWork(
      // Before opening the working time of the day still counts as whole; the days of the norm behind it are nine.
      application('in_review', {
        step: step('prepare', { minutesLeft: 10 * 420, daysLeft: 9, dueAt: '2026-12-14T12:30:00Z' }),
      }),
      executor,
    );
    const side = await stepPanel();
    expect(side.getByText('Шаг 4 из 5')).toBeInTheDocument();
    expect(side.getByRole('heading', { name: 'Проверить требования и подготовить решение' })).toBeInTheDocument();
    expect(side.getByText('9 р. д.')).toBeInTheDocument();
    // After Tuesday the 1st two counted days of the fixture are left: the 2nd and the due day.
    expect(side.getByText('2 р. д.')).toBeInTheDocument();
    expect(side.getByText('Регламент, пункт 5')).toBeInTheDocument();
    expect(side.getByText(/Руководитель подпишет за/)).toBeInTheDocument();
  });

  it('offers nothing to somebody else, and says who has the step', async () => {
    await openWork(application('in_review', { step: step('prepare') }), chancery);
    const side = await stepPanel();
    expect(side.getByText(/Сейчас шаг у исполнителя/)).toHaveTextContent('ТЕСТОВА АЙГҮЛ');
    expect(side.queryByRole('button')).not.toBeInTheDocument();
  });

  it('shows the remarks with which a decision came back', async () => {
    await openWork(application('in_review', { step: step('prepare'), remarks: 'Уточните дату' }), executor);
    expect((await stepPanel()).getByText('Уточните дату')).toBeInTheDocument();
  });

  it('tells the end, and whether the applicant has opened the result', async () => {
    await openWork(
      application('issued', {
        result: {
          kind: 'licence',
          signedAt: '2026-12-01T05:00:00Z',
          signer: 'ТЕСТОВ БАСШЫ',
          licenceNumber: 'KZ87DEM00000001',
        },
      }),
      executor,
    );
    const side = await stepPanel();
    expect(side.getByText('KZ87DEM00000001')).toBeInTheDocument();
    expect(side.getByText('Заявитель ещё не открывал.')).toBeInTheDocument();
  });

  it.each([true, false])('tells of a paper copy when the applicant wanted one: %s (S6.2)', async (paperCopy) => {
    const result = {
      kind: 'licence' as const,
      signedAt: now,
      signer: 'ТЕСТОВ БАСШЫ',
      licenceNumber: 'KZ87DEM00000001',
    };
    await openWork(application('issued', { result, answers: { paperCopy } }), chancery);
    const side = await stepPanel();
    expect(side.queryAllByText(/просил бумажную копию.*через канцелярию/)).toHaveLength(paperCopy ? 1 : 0);
  });

  it('tells why it was refused, in the words of the letter', async () => {
    const grounds = [
      { code: 'S10.1' as const, basis: 'Закон, статья 32', reason: 'Не разрешено.', remedy: 'Сменить вид.' },
    ];
    await openWork(
      application('refused', { result: { kind: 'refusal', signedAt: now, signer: 'ТЕСТОВ Б. Т.', grounds } }),
      head,
    );
    expect(await screen.findByText('Не разрешено.')).toBeInTheDocument();
    expect(screen.getByText('Закон, статья 32')).toBeInTheDocument();
    expect(screen.getByText('Сменить вид.')).toBeInTheDocument();
  });

  it('says plainly that an application is not there', async () => {
    await renderApp('/work/nothing', { session: executor });
    expect(await screen.findByText('Не найдено')).toBeInTheDocument();
  });
});

describe('registering', () => {
  const filed = application('filed', { step: step('register'), actions: [{ name: 'register', clause: 'R5.1' }] });
  const registered = application('registered', { step: step('assign') });
  const press = { name: 'Зарегистрировать' };

  it('takes one press', async () => {
    const { user, server } = await openWork(filed, chancery, {
      'POST /api/applications/{id}/register': { body: registered },
    });
    await user.click(await screen.findByRole('button', press));
    expect(await screen.findByText(/Зарегистрировано, входящий/)).toHaveTextContent('1207');
    expect(screen.getByRole('heading', { name: 'Назначить исполнителя' })).toBeInTheDocument();
    expect(keyOf(server.asked.find((one) => one.url.pathname.endsWith('/register')))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is one press when it is clicked twice, and shows what came of it', async () => {
    let answer: (() => void) | undefined;
    const { server } = await openWork(filed, chancery, {
      'POST /api/applications/{id}/register': async () => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return { body: registered };
      },
    });
    const button = await screen.findByRole('button', press);
    fireEvent.click(button);
    fireEvent.click(button); // before anything is drawn anew
    await waitFor(() => expect(answer).toBeDefined());
    answer?.();
    const said = await screen.findByText(/Зарегистрировано, входящий/);
    expect(server.asked.filter((one) => one.url.pathname.endsWith('/register'))).toHaveLength(1);
    await waitFor(() => expect(document.activeElement).toContainElement(said));
  });

  it('no longer says what was done when somebody has gone on from it', async () => {
    const { user, server, queries } = await openWork(filed, chancery, {
      'POST /api/applications/{id}/register': { body: registered },
    });
    await user.click(await screen.findByRole('button', press));
    await screen.findByText(/Зарегистрировано, входящий/);
    server.answer({ 'GET /api/applications/{id}': { body: application('assigned', { step: step('check') }) } });
    await queries.invalidateQueries();
    await waitFor(() => expect(screen.queryByText(/Зарегистрировано, входящий/)).not.toBeInTheDocument());
  });

  it('is not undone by what was asked before it and is answered after it', async () => {
    const { user, server, queries } = await openWork(filed, chancery, {
      'POST /api/applications/{id}/register': { body: registered },
    });
    const button = await screen.findByRole('button', press);
    let late = () => {};
    const line = new Promise<void>((resolve) => {
      late = resolve;
    });
    server.answer({ 'GET /api/applications/{id}': () => line.then(() => ({ body: filed })) });
    const before = queries.refetchQueries({ queryKey: ['application', id] });
    await user.click(button);
    await screen.findByText(/Зарегистрировано, входящий/);
    late();
    await before;
    expect(queries.getQueryData<Application>(['application', id])?.state).toBe('registered');
    expect(screen.getByRole('heading', { name: 'Назначить исполнителя' })).toBeInTheDocument();
  });

  it.each([
    ['done', { body: registered }, /Зарегистрировано, входящий/],
    ['too late', { status: 409, body: problem('state_changed', 409) }, /Ваше действие не выполнено/],
  ])('is told as %s when the page has gone on before the answer', async (_, answer, said) => {
    let late = () => {};
    const line = new Promise<void>((resolve) => {
      late = resolve;
    });
    const { user, server, queries } = await openWork(filed, chancery, {
      'POST /api/applications/{id}/register': () => line.then(() => answer),
    });
    await user.click(await screen.findByRole('button', press));
    server.answer({ 'GET /api/applications/{id}': { body: registered } });
    await queries.refetchQueries({ queryKey: ['application', id] });
    await screen.findByText('Сейчас шаг у руководителя');
    late();
    expect(await screen.findByText(said)).toBeInTheDocument();
  });

  it('sends the same press again after a dead line, with the same key', async () => {
    let line = false;
    const { user, server } = await openWork(filed, chancery, {
      'POST /api/applications/{id}/register': () => {
        if (!line) return { status: 503, body: problem('unavailable', 503) };
        return { body: registered };
      },
    });
    await user.click(await screen.findByRole('button', press));
    expect(await screen.findByText('Служба временно недоступна')).toBeInTheDocument();
    line = true;
    await user.click(screen.getByRole('button', press));
    await screen.findByText(/Зарегистрировано, входящий/);
    const keys = server.asked.filter((one) => one.url.pathname.endsWith('/register')).map(keyOf);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it('tells who was faster, when, and shows how things stand', async () => {
    const { user, server } = await openWork(filed, chancery, {
      'POST /api/applications/{id}/register': () => {
        server.answer({ 'GET /api/applications/{id}': { body: registered } });
        return { status: 409, body: problem('state_changed', 409) };
      },
    });
    await user.click(await screen.findByRole('button', press));
    const alert = await screen.findByRole('alert');
    await waitFor(() => expect(alert).toHaveTextContent('26 ноября, 15:10 — Зарегистрировано, ТЕСТОВА КЕҢСЕ'));
    expect(alert).toHaveTextContent('Ваше действие не выполнено.');
    expect(screen.queryByRole('button', press)).not.toBeInTheDocument();
    expect((await stepPanel()).getByText('Сейчас шаг у руководителя')).toBeInTheDocument();
  });

  it('says a refusal in its own words', async () => {
    const { user } = await openWork(filed, chancery, {
      'POST /api/applications/{id}/register': { status: 403, body: problem('not_your_step', 403) },
    });
    await user.click(await screen.findByRole('button', press));
    expect(await screen.findByText('Этот шаг выполняет другой человек')).toBeInTheDocument();
    expect(screen.getByRole('button', press)).toBeInTheDocument();
  });
});

// A day and its month stay on one line.
const nbsp = (text: string) => text.replace(/^([\d–]+) /, '$1\u00a0');

describe('the two days of completeness', () => {
  const actions: Application['actions'] = [{ name: 'confirm_complete', clause: 'S4.3' }];

  it('leave both ways while they run', async () => {
    const { user, server } = await openWork(
      application('assigned', {
        step: step('check', { minutesLeft: 320 }),
        completeness: { closesAt: '2026-12-01T12:30:00Z', open: true },
        actions: [...actions, { name: 'prepare_refusal', clause: 'S4.4' }],
      }),
      executor,
      { 'POST /api/applications/{id}/confirm-complete': { body: application('in_review', { step: step('prepare') }) } },
    );
    const side = await stepPanel();
    expect(side.getByText(/Закроется: 1 декабря, 17:30. Осталось: 5 ч 20 мин/)).toBeInTheDocument();
    expect(side.getByRole('link', { name: 'Отказать: неполный комплект' })).toHaveAttribute(
      'href',
      `/work/${id}/refusal`,
    );
    await user.click(side.getByRole('button', { name: 'Документы полные' }));
    expect(await screen.findByText(/Документы признаны полными. Отметьте/)).toBeInTheDocument();
    expect(server.asked.filter((one) => one.method === 'POST')).toHaveLength(1);
  });

  it('are shut afterwards: the refusal is locked and says why', async () => {
    const { user, router } = await openWork(
      application('assigned', {
        step: step('check', { overdue: true, minutesLeft: -100 }),
        actions: [...actions, { name: 'prepare_refusal', clause: 'S4.4', blocked: 'two_days_passed' }],
      }),
      executor,
    );
    const side = await stepPanel();
    const refuse = side.getByRole('button', { name: 'Отказать: неполный комплект' });
    expect(refuse).toHaveAttribute('aria-disabled', 'true');
    expect(refuse).toHaveAccessibleDescription(/Два рабочих дня прошли/);
    expect(side.getByText('просрочено на 1 ч 40 мин')).toBeInTheDocument();
    const days = side.getAllByRole('listitem').map((day) => day.textContent);
    expect(days).toEqual(
      [
        '26 ноябполучено 15:06',
        '27 ноябдень 1',
        '28–29 ноябне считается',
        '30 ноябдень 2, до 17:30',
        '1 декзакрыто',
      ].map(nbsp),
    );
    await user.click(refuse);
    expect(router.state.location.pathname).toBe(`/work/${id}`);
  });
});
