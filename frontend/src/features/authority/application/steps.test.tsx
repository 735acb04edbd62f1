import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '@/api/applications';
import type { ProblemCode } from '@/api/problem';
import type { Session } from '@/api/session';
import { renderApp } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';
import { application, card, chancery, executor, head, id, now, step } from '../fixtures';

beforeEach(() => {
  vi.setSystemTime(now);
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

const open = (shown: Application, session: Session, more: Fixtures = {}) =>
  renderApp(`/work/${id}`, {
    session,
    fixtures: {
      'GET /api/applications/{id}': { body: shown },
      'GET /api/services/{code}': { body: card },
      'GET /api/directory/authorities': { body: { authorities: [] } },
      ...more,
    },
  });
const panel = async () => within(await screen.findByRole('complementary', { name: 'Текущий шаг' }));
const keyOf = (asked: { headers: Headers } | undefined) => asked?.headers.get('Idempotency-Key');

describe('the step panel', () => {
  it('says which step, what is left of it and of the whole, the rule, and what comes next', async () => {
    await open(
      application('in_review', { step: step('prepare', { minutesLeft: 9 * 420, dueAt: '2026-12-14T12:30:00Z' }) }),
      executor,
    );
    const side = await panel();
    expect(side.getByText('Шаг 4 из 6')).toBeInTheDocument();
    expect(side.getByRole('heading', { name: 'Проверить требования и подготовить решение' })).toBeInTheDocument();
    expect(side.getByText('9 р. д.')).toBeInTheDocument();
    // After Tuesday the 1st two counted days of the fixture are left: the 2nd and the due day.
    expect(side.getByText('2 р. д.')).toBeInTheDocument();
    expect(side.getByText('Регламент, пункт 5')).toBeInTheDocument();
    expect(side.getByText(/Руководитель подпишет за/)).toBeInTheDocument();
  });

  it('offers nothing to somebody else, and says who has the step', async () => {
    await open(application('in_review', { step: step('prepare') }), chancery);
    const side = await panel();
    expect(side.getByText(/Сейчас шаг у исполнителя/)).toHaveTextContent('ТЕСТОВА АЙГҮЛ');
    expect(side.queryByRole('button')).not.toBeInTheDocument();
  });

  it('shows the remarks with which a decision came back', async () => {
    await open(application('in_review', { step: step('prepare'), remarks: 'Уточните дату' }), executor);
    expect((await panel()).getByText('Уточните дату')).toBeInTheDocument();
  });

  it('tells the end, and whether the applicant has opened the result', async () => {
    await open(
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
    const side = await panel();
    expect(side.getByText('KZ87DEM00000001')).toBeInTheDocument();
    expect(side.getByText('Заявитель ещё не открывал.')).toBeInTheDocument();
  });

  it('tells why it was refused, in the words of the letter', async () => {
    const grounds = [
      { code: 'S10.1' as const, basis: 'Закон, статья 32', reason: 'Не разрешено.', remedy: 'Сменить вид.' },
    ];
    await open(
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
    const { user, server } = await open(filed, chancery, {
      'POST /api/applications/{id}/register': { body: registered },
    });
    await user.click(await screen.findByRole('button', press));
    expect(await screen.findByText(/Зарегистрировано, входящий/)).toHaveTextContent('1207');
    expect(screen.getByRole('heading', { name: 'Назначить исполнителя' })).toBeInTheDocument();
    expect(keyOf(server.asked.find((one) => one.url.pathname.endsWith('/register')))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('sends the same press again after a dead line, with the same key', async () => {
    let line = false;
    const { user, server } = await open(filed, chancery, {
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
    const { user, server } = await open(filed, chancery, {
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
    expect((await panel()).getByText('Сейчас шаг у руководителя')).toBeInTheDocument();
  });

  it('says a refusal in its own words', async () => {
    const { user } = await open(filed, chancery, {
      'POST /api/applications/{id}/register': { status: 403, body: problem('not_your_step', 403) },
    });
    await user.click(await screen.findByRole('button', press));
    expect(await screen.findByText('Этот шаг выполняет другой человек')).toBeInTheDocument();
    expect(screen.getByRole('button', press)).toBeInTheDocument();
  });
});

describe('naming the executor', () => {
  const shown = application('registered', { step: step('assign'), actions: [{ name: 'assign', clause: 'R5.2' }] });
  const executors = {
    executors: [
      { id: 'e1', name: 'ТЕСТОВА АЙГҮЛ', openApplications: 3 },
      { id: 'e2', name: 'ҚОЖАХМЕТОВ', openApplications: 1 },
    ],
  };
  const assign = (more: Fixtures = {}) =>
    open(shown, head, { 'GET /api/authority/executors': { body: executors }, ...more });
  const press = () => screen.getByRole('button', { name: 'Назначить исполнителя' });

  it('shows the load of each, and sends whom and the resolution', async () => {
    const { user, server } = await assign({
      'POST /api/applications/{id}/assign': { body: application('assigned', { step: step('check') }) },
    });
    expect(await screen.findByText('в работе 3 заявления')).toBeInTheDocument();
    await user.click(screen.getByRole('radio', { name: /ҚОЖАХМЕТОВ/ }));
    await user.type(screen.getByRole('textbox', { name: 'Резолюция' }), 'Проверить адрес.');
    await user.click(screen.getByRole('button', { name: 'Рассмотреть в установленный срок.' }));
    await user.click(press());
    expect(await screen.findByText('Исполнитель назначен, резолюция записана.')).toBeInTheDocument();
    expect(server.asked.find((one) => one.url.pathname.endsWith('/assign'))?.body).toEqual({
      executorId: 'e2',
      resolution: 'Проверить адрес. Рассмотреть в установленный срок.',
    });
    expect(sessionStorage.getItem(`assign:${id}`)).toBeNull();
  });

  it('asks for both and sends nothing', async () => {
    const { user, server } = await assign();
    await screen.findByText('в работе 3 заявления');
    await user.click(press());
    const summary = await screen.findByRole('alert');
    expect(within(summary).getByRole('link', { name: 'Выберите исполнителя' })).toBeInTheDocument();
    await user.click(within(summary).getByRole('link', { name: 'Напишите резолюцию' }));
    expect(screen.getByRole('textbox', { name: 'Резолюция' })).toHaveFocus();
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
  });

  it('shows the server’s refusal at the field it is about', async () => {
    const { user } = await assign({
      'POST /api/applications/{id}/assign': {
        status: 422,
        body: problem('executor_own_case', 422, { fields: [{ path: 'executorId', code: 'executor_own_case' }] }),
      },
    });
    await user.click(await screen.findByRole('radio', { name: /ТЕСТОВА/ }));
    await user.type(screen.getByRole('textbox', { name: 'Резолюция' }), 'К рассмотрению');
    await user.click(press());
    expect(await screen.findAllByText('Исполнитель не может рассматривать своё заявление')).toHaveLength(2);
    expect(screen.getByRole('textbox', { name: 'Резолюция' })).toHaveValue('К рассмотрению');
  });

  it('makes another press of another text', async () => {
    const { user, server } = await assign({
      'POST /api/applications/{id}/assign': { status: 503, body: problem('unavailable', 503) },
    });
    await user.click(await screen.findByRole('radio', { name: /ТЕСТОВА/ }));
    await user.type(screen.getByRole('textbox', { name: 'Резолюция' }), 'Раз');
    await user.click(press());
    await screen.findByText('Служба временно недоступна');
    await user.type(screen.getByRole('textbox', { name: 'Резолюция' }), ' и два');
    await user.click(press());
    await waitFor(() => expect(server.asked.filter((one) => one.method === 'POST')).toHaveLength(2));
    const [one, two] = server.asked.filter((asked) => asked.method === 'POST').map(keyOf);
    expect(one).not.toBe(two);
  });

  it('keeps the resolution in sight when a colleague was faster', async () => {
    const { user, server } = await assign({
      'POST /api/applications/{id}/assign': () => {
        server.answer({ 'GET /api/applications/{id}': { body: application('assigned', { step: step('check') }) } });
        return { status: 409, body: problem('state_changed', 409) };
      },
    });
    await user.click(await screen.findByRole('radio', { name: /ТЕСТОВА/ }));
    await user.type(screen.getByRole('textbox', { name: 'Резолюция' }), 'Моя резолюция');
    await user.click(press());
    const alert = await screen.findByRole('alert');
    await waitFor(() => expect(alert).toHaveTextContent('Назначен исполнитель'));
    expect(alert).toHaveTextContent('Моя резолюция');
    expect(await screen.findByRole('heading', { name: 'Проверить полноту документов' })).toBeInTheDocument();
  });

  it('keeps what was typed when the page is opened again', async () => {
    const { user, unmount } = await assign();
    await user.type(await screen.findByRole('textbox', { name: 'Резолюция' }), 'Начатая');
    unmount();
    await assign();
    expect(await screen.findByRole('textbox', { name: 'Резолюция' })).toHaveValue('Начатая');
  });
});

describe('the two days of completeness', () => {
  const actions: Application['actions'] = [{ name: 'confirm_complete', clause: 'S4.3' }];

  it('leave both ways while they run', async () => {
    const { user, server } = await open(
      application('assigned', {
        step: step('check', { minutesLeft: 320 }),
        completeness: { closesAt: '2026-12-01T12:30:00Z', open: true },
        actions: [...actions, { name: 'prepare_refusal', clause: 'S4.4' }],
      }),
      executor,
      { 'POST /api/applications/{id}/confirm-complete': { body: application('in_review', { step: step('prepare') }) } },
    );
    const side = await panel();
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
    const { user, router } = await open(
      application('assigned', {
        step: step('check', { overdue: true, minutesLeft: -100 }),
        actions: [...actions, { name: 'prepare_refusal', clause: 'S4.4', blocked: 'two_days_passed' }],
      }),
      executor,
    );
    const side = await panel();
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

// A day and its month stay on one line.
const nbsp = (text: string) => text.replace(/^([\d–]+) /, '$1\u00a0');

describe('preparing the decision', () => {
  const offers = (blocked?: ProblemCode): Application['actions'] => [
    { name: 'save_checklist', clause: 'R5.3' },
    { name: 'prepare_licence', clause: 'R5.4', ...(blocked && { blocked }) },
    { name: 'prepare_refusal', clause: 'R5.3' },
  ];
  const marked = (premises: 'yes' | 'no' | 'unmarked') => ({
    checklist: [
      { requirement: 'premises', met: premises },
      { requirement: 'equipment', met: 'yes' as const },
    ],
  });

  it('locks the licence and counts what is lacking', async () => {
    await open(
      application('in_review', { step: step('prepare'), actions: offers('checklist_not_done'), ...marked('unmarked') }),
      executor,
    );
    const licence = (await panel()).getByRole('button', { name: 'Подготовить лицензию' });
    expect(licence).toHaveAttribute('aria-disabled', 'true');
    expect(licence).toHaveAccessibleDescription(/из 2: не выполнено 0, не отмечено 1/);
  });

  it('puts the refusal first when a requirement is not met', async () => {
    await open(
      application('in_review', { step: step('prepare'), actions: offers('checklist_not_done'), ...marked('no') }),
      executor,
    );
    const refusal = (await panel()).getByRole('link', { name: 'Подготовить отказ' });
    expect(refusal).not.toHaveClass('btn--second');
  });

  it('passes the licence to the head in one press', async () => {
    const { user } = await open(
      application('in_review', { step: step('prepare'), actions: offers(), ...marked('yes') }),
      executor,
      {
        'POST /api/applications/{id}/prepare-licence': {
          body: application('licence_prepared', { step: step('sign') }),
        },
      },
    );
    await user.click(await screen.findByRole('button', { name: 'Подготовить лицензию' }));
    expect(await screen.findByText('Лицензия подготовлена и передана руководителю.')).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Подписать лицензию' })).toBeInTheDocument();
  });
});

describe('the head’s last word', () => {
  const prepared = application('refusal_prepared', {
    step: step('sign'),
    actions: [
      { name: 'return', clause: 'R5.5' },
      { name: 'sign_result', clause: 'S10.8' },
    ],
  });

  it('leads to reading before signing', async () => {
    await open(prepared, head);
    expect((await panel()).getByRole('link', { name: 'Прочитать и подписать' })).toHaveAttribute(
      'href',
      `/work/${id}/decision`,
    );
  });

  it('returns nothing without remarks, and keeps them when the line is dead', async () => {
    const { user, server } = await open(prepared, head, {
      'POST /api/applications/{id}/return': { status: 503, body: problem('unavailable', 503) },
    });
    await user.click(await screen.findByRole('button', { name: 'Вернуть с замечаниями' }));
    await user.click(screen.getByRole('button', { name: 'Вернуть исполнителю' }));
    expect(screen.getByText('Напишите, что исправить')).toBeInTheDocument();
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
    await user.type(screen.getByRole('textbox', { name: 'Замечания' }), 'Уточните основание');
    await user.click(screen.getByRole('button', { name: 'Вернуть исполнителю' }));
    expect(await screen.findByText('Служба временно недоступна')).toBeInTheDocument();
    expect(screen.getByRole('textbox', { name: 'Замечания' })).toHaveValue('Уточните основание');
  });
});

describe('giving the file to another executor', () => {
  const offer = { name: 'reassign', clause: 'R5.2' } as const;
  const shown = application('in_review', { step: step('prepare'), actions: [offer] });
  const executors = {
    executors: [
      { id: 'e1', name: 'ТЕСТОВА АЙГҮЛ', openApplications: 3 },
      { id: 'e2', name: 'ҚОЖАХМЕТОВ', openApplications: 1 },
    ],
  };
  const reassign = (more: Fixtures = {}) =>
    open(shown, head, { 'GET /api/authority/executors': { body: executors }, ...more });
  const opener = { name: 'Передать другому исполнителю', expanded: false };
  const send = async () => {
    const all = await screen.findAllByRole('button', { name: 'Передать другому исполнителю' });
    return all.find((one) => one.getAttribute('type') === 'submit') as HTMLElement;
  };

  it('says who has the file, offers the others, and sends whom and why', async () => {
    const { user, server } = await reassign({
      'POST /api/applications/{id}/reassign': {
        body: application('in_review', { step: step('prepare'), executor: { id: 'e2', name: 'ҚОЖАХМЕТОВ' } }),
      },
    });
    expect((await panel()).getByText(/Сейчас шаг у исполнителя/)).toHaveTextContent('ТЕСТОВА АЙГҮЛ');
    await user.click(await screen.findByRole('button', opener));
    await user.click(await screen.findByRole('radio', { name: /ҚОЖАХМЕТОВ/ }));
    expect(screen.queryByRole('radio', { name: /ТЕСТОВА/ })).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'В связи с болезнью исполнителя.' }));
    await user.click(await send());
    expect(await screen.findByText('Заявление передано другому исполнителю, отметки сохранены.')).toBeInTheDocument();
    expect(server.asked.find((one) => one.url.pathname.endsWith('/reassign'))?.body).toEqual({
      executorId: 'e2',
      resolution: 'В связи с болезнью исполнителя.',
    });
    expect((await panel()).getByText(/Сейчас шаг у исполнителя/)).toHaveTextContent('ҚОЖАХМЕТОВ');
  });

  it('asks for both and sends nothing', async () => {
    const { user, server } = await reassign();
    await user.click(await screen.findByRole('button', opener));
    await screen.findByRole('radio', { name: /ҚОЖАХМЕТОВ/ });
    await user.click(await send());
    const summary = await screen.findByRole('alert');
    expect(within(summary).getByRole('link', { name: 'Выберите исполнителя' })).toBeInTheDocument();
    expect(within(summary).getByRole('link', { name: 'Напишите резолюцию' })).toBeInTheDocument();
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
  });

  it('is not offered to the executor', async () => {
    await open(
      application('in_review', { step: step('prepare'), actions: [{ name: 'prepare_refusal', clause: 'R5.3' }] }),
      executor,
    );
    await panel();
    expect(screen.queryByRole('button', { name: opener.name })).not.toBeInTheDocument();
  });

  it('stays beside the executor’s own step for a head who is the executor too', async () => {
    await open(
      application('assigned', { step: step('check'), actions: [offer, { name: 'confirm_complete', clause: 'S4.3' }] }),
      head,
    );
    expect(await screen.findByRole('button', opener)).toBeInTheDocument();
    expect(screen.queryByText(/Сейчас шаг у исполнителя/)).not.toBeInTheDocument();
  });
});

it('tells a head who prepared the decision that another one signs it', async () => {
  await open(
    application('licence_prepared', {
      step: step('sign'),
      actions: [{ name: 'sign_result', clause: 'R5.5', blocked: 'prepared_by_yourself' }],
    }),
    head,
  );
  expect(await screen.findByText(/Решение подготовили вы сами/)).toBeInTheDocument();
});
