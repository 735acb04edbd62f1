import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '@/api/applications';
import type { components } from '@/api/schema.gen';
import { renderApp } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';
import { application, card, chancery, executor, head, id, now, queue, row, step } from '../fixtures';

// The program on the head's machine: what it is asked to sign is what matters here, the signature itself is proved elsewhere.
const signed = vi.hoisted(() => vi.fn());
vi.mock('@/signing/ncalayer', () => ({
  NCALayerSigner: class {
    sign = signed;
  },
  ncalayerVersion: async () => '1.4',
}));

beforeEach(() => {
  vi.setSystemTime(now);
  sessionStorage.clear();
  signed.mockReset().mockResolvedValue('Q01T');
});
afterEach(() => vi.useRealTimers());

const grounds = [
  { code: 'S10.3', requirement: 'premises', reason: 'Срок договора аренды истёк' },
] satisfies NonNullable<Application['decision']>['grounds'];
const prepared = (kind: 'licence' | 'refusal', more: Partial<Application> = {}) =>
  application(`${kind}_prepared`, {
    step: step('sign'),
    decision: {
      kind,
      preparedAt: '2026-12-01T05:00:00Z',
      preparedBy: 'ТЕСТОВА АЙГҮЛ',
      ...(kind === 'refusal' && { grounds }),
    },
    actions: [
      { name: 'return', clause: 'R5.5' },
      { name: 'sign_result', clause: 'R5.5' },
    ],
    ...more,
  });
const toSign = {
  content: 'UERG',
  digest: 'ab'.repeat(32),
  signingTime: false,
  preparedAt: now,
} satisfies components['schemas']['DocumentToSign'];
const issued = application('issued', {
  result: {
    kind: 'licence',
    signedAt: now,
    signer: 'ТЕСТОВ БАСШЫ',
    licenceNumber: 'KZ87DEM00000001',
    annexNumber: '001',
  },
});

const open = (shown: Application, more: Fixtures = {}, session = head) =>
  renderApp(`/work/${id}/decision`, {
    session,
    fixtures: {
      'GET /api/applications/{id}': { body: shown },
      'GET /api/services/{code}': { body: card },
      'POST /api/applications/{id}/result-document': { body: toSign },
      'POST /api/applications/{id}/sign-result': { body: issued },
      ...more,
    },
  });
const sign = () => screen.findByRole('button', { name: 'Подписать через NCALayer' });

describe('a prepared decision', () => {
  it('is read as it will be signed, with who proposed it and why', async () => {
    await open(prepared('refusal'));
    expect(await screen.findByTitle('Ответ, каким он будет подписан')).toHaveAttribute(
      'src',
      expect.stringContaining(`/api/applications/${id}/result-draft.pdf`),
    );
    expect(screen.getByText('ТЕСТОВА АЙГҮЛ')).toBeInTheDocument();
    expect(screen.getByText('Срок договора аренды истёк')).toBeInTheDocument();
    expect(await screen.findByText('помещения на праве собственности или аренды')).toBeInTheDocument();
  });

  it('is shown with its number before it is signed, when the head asks', async () => {
    const { user, server } = await open(prepared('licence'));
    await user.click(await screen.findByRole('button', { name: 'Показать документ с номером' }));
    expect(await screen.findByText(/В окне показан документ, который будет подписан/)).toBeInTheDocument();
    expect(screen.getByTitle('Лицензия, какой она будет подписана')).toHaveAttribute(
      'src',
      expect.stringContaining(`/result-draft.pdf?of=${toSign.digest.slice(0, 16)}`),
    );
    expect(server.asked.some((one) => one.url.pathname.endsWith('/sign-result'))).toBe(false);
  });

  it('is signed over the exact bytes, without a signing time, and sent with their digest', async () => {
    const { user, server } = await open(prepared('licence'));
    await user.click(await sign());
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Лицензия подписана' })).toHaveFocus());
    expect(new TextDecoder().decode(signed.mock.calls[0]?.[0])).toBe('PDF');
    expect(signed.mock.calls[0]?.[1]).toMatchObject({ signingTime: false });
    const sent = server.asked.find((one) => one.url.pathname.endsWith('/sign-result'));
    expect(sent?.body).toEqual({ digest: toSign.digest, signature: 'Q01T' });
    expect(sent?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/);
    expect(screen.getByText('KZ87DEM00000001')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Скачать подписанный PDF' })).toHaveAttribute(
      'href',
      `/api/applications/${id}/files/result.pdf`,
    );
    expect(screen.getByRole('link', { name: 'Как видно в реестре' })).toHaveAttribute('href', '/check/KZ87DEM00000001');
  });

  it('says once it is signed that a paper copy was wanted (S6.2)', async () => {
    const { user } = await open(prepared('licence'), {
      'POST /api/applications/{id}/sign-result': { body: { ...issued, answers: { paperCopy: true } } },
    });
    await user.click(await sign());
    expect(await screen.findByText(/просил бумажную копию.*через канцелярию/)).toBeInTheDocument();
  });

  it.each([
    ['certificate_revoked', 'Ключ отозван'],
    ['certificate_expired', 'Срок действия ключа истёк'],
    ['signer_not_official', 'Подпись не принята: нужен ваш служебный ключ'],
    ['revocation_unavailable', 'Проверить ключ сейчас не удалось'],
  ] as const)('is not signed when the server says %s: it says so, and one can sign again', async (code, said) => {
    const { user, server } = await open(prepared('licence'), {
      'POST /api/applications/{id}/sign-result': { status: 422, body: problem(code, 422) },
    });
    await user.click(await sign());
    expect(await screen.findByText(said)).toBeInTheDocument();
    expect(screen.getByText(/Решение и документ на месте/)).toBeInTheDocument();
    server.answer({ 'POST /api/applications/{id}/sign-result': { body: issued } });
    await user.click(await sign());
    expect(await screen.findByRole('heading', { name: 'Лицензия подписана' })).toBeInTheDocument();
    const keys = server.asked
      .filter((one) => one.url.pathname.endsWith('/sign-result'))
      .map((one) => one.headers.get('Idempotency-Key'));
    expect(new Set(keys).size).toBe(2);
  });

  it('is shown as signed when the answer to the signature was lost on the way', async () => {
    const { user, server } = await open(prepared('licence'), {
      'POST /api/applications/{id}/sign-result': () => {
        server.answer({ 'GET /api/applications/{id}': { body: issued } });
        throw new TypeError('the line was cut');
      },
    });
    await user.click(await sign());
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Лицензия подписана' })).toHaveFocus());
  });

  it('is drawn anew when it is out of date', async () => {
    const { user, server } = await open(prepared('licence'), {
      'POST /api/applications/{id}/sign-result': { status: 409, body: problem('document_outdated', 409) },
    });
    await user.click(await sign());
    await sign();
    expect(screen.getByRole('alert')).toBeInTheDocument();
    await user.click(await sign());
    await waitFor(() =>
      expect(server.asked.filter((one) => one.url.pathname.endsWith('/result-document'))).toHaveLength(2),
    );
  });

  it('that was returned meanwhile is told with who did it', async () => {
    const { user, server } = await open(prepared('licence'), {
      'POST /api/applications/{id}/result-document': () => {
        const shown = application('in_review', { step: step('prepare') });
        shown.history = [...shown.history, { at: now, action: 'return', actorRole: 'head', actorName: 'ЗАМЕСТИТЕЛЬ' }];
        server.answer({ 'GET /api/applications/{id}': { body: shown } });
        return { status: 409, body: problem('state_changed', 409) };
      },
    });
    await user.click(await sign());
    await waitFor(() =>
      expect(screen.getByRole('alert')).toHaveTextContent('Решение возвращено с замечаниями, ЗАМЕСТИТЕЛЬ'),
    );
    expect(signed).not.toHaveBeenCalled();
    expect(screen.queryByRole('button', { name: 'Подписать через NCALayer' })).not.toBeInTheDocument();
  });

  it('can be read, not signed, by others', async () => {
    await open(prepared('licence', { actions: [] }), {}, executor);
    expect(await screen.findByTitle('Лицензия, какой она будет подписана')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Подписать через NCALayer' })).not.toBeInTheDocument();
    expect(screen.getByText('Сейчас шаг у руководителя')).toBeInTheDocument();
  });

  it('goes back with remarks', async () => {
    const { user, server } = await open(prepared('refusal'), {
      'POST /api/applications/{id}/return': { body: application('in_review', { step: step('prepare') }) },
    });
    await user.click(await screen.findByText('Вернуть с замечаниями'));
    await user.type(screen.getByRole('textbox', { name: 'Замечания' }), 'Уточните');
    await user.click(screen.getByRole('button', { name: 'Вернуть исполнителю' }));
    expect(await screen.findByText('Решение возвращено исполнителю с замечаниями.')).toBeInTheDocument();
    expect(server.asked.find((one) => one.url.pathname.endsWith('/return'))?.body).toEqual({ remarks: 'Уточните' });
  });

  it('is told as returned when the page has gone on before the answer', async () => {
    let late = () => {};
    const line = new Promise<void>((resolve) => {
      late = resolve;
    });
    const returned = application('in_review', { step: step('prepare') });
    const { user, server, router, queries } = await open(prepared('licence'), {
      'POST /api/applications/{id}/return': () => line.then(() => ({ body: returned })),
    });
    await user.click(await screen.findByText('Вернуть с замечаниями'));
    await user.type(screen.getByRole('textbox', { name: 'Замечания' }), 'Проверьте адрес.');
    await user.click(screen.getByRole('button', { name: 'Вернуть исполнителю' }));
    server.answer({ 'GET /api/applications/{id}': { body: returned } });
    await queries.refetchQueries({ queryKey: ['application', id] });
    await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Замечания' })).toBeNull());
    late();
    await waitFor(() => expect(router.state.location.pathname).toBe(`/work/${id}`));
    expect(await screen.findByText('Решение возвращено исполнителю с замечаниями.')).toBeInTheDocument();
  });

  it('leaves no remarks in the window when it was returned and the answer was lost on the way', async () => {
    const { user, server, queries } = await open(prepared('refusal'), {
      'POST /api/applications/{id}/return': () => Promise.reject(new TypeError('the line was cut')),
    });
    await user.click(await screen.findByText('Вернуть с замечаниями'));
    await user.type(screen.getByRole('textbox', { name: 'Замечания' }), 'Уточните');
    await user.click(screen.getByRole('button', { name: 'Вернуть исполнителю' }));
    expect(await screen.findByText('Нет связи с порталом')).toBeInTheDocument();
    expect(screen.getByRole('textbox', { name: 'Замечания' })).toHaveValue('Уточните');
    const returned = application('in_review', { step: step('prepare') });
    const remarks = { remarks: 'Уточните' };
    returned.history = [...returned.history, { at: now, action: 'return', actorRole: 'head', params: remarks }];
    server.answer({ 'GET /api/applications/{id}': { body: returned } });
    await queries.refetchQueries({ queryKey: ['application', id] });
    expect(await screen.findByText('Решение возвращено исполнителю с замечаниями.')).toBeInTheDocument();
    expect(sessionStorage.getItem(`return:${id}`)).toBeNull();
  });

  it('is told as returned at once, when it was and the answer was lost on the way', async () => {
    const returned = application('in_review', { step: step('prepare') });
    const remarks = { remarks: 'Уточните' };
    returned.history = [...returned.history, { at: now, action: 'return', actorRole: 'head', params: remarks }];
    const { user, server } = await open(prepared('refusal'), {
      'POST /api/applications/{id}/return': () => {
        server.answer({ 'GET /api/applications/{id}': { body: returned } });
        throw new TypeError('the line was cut');
      },
    });
    await user.click(await screen.findByText('Вернуть с замечаниями'));
    await user.type(screen.getByRole('textbox', { name: 'Замечания' }), 'Уточните');
    await user.click(screen.getByRole('button', { name: 'Вернуть исполнителю' }));
    expect(await screen.findByText('Решение возвращено исполнителю с замечаниями.')).toBeInTheDocument();
  });

  it('is not there before the executor has prepared it', async () => {
    await open(application('in_review', { step: step('prepare') }));
    expect(await screen.findByText('Решение ещё не подготовлено')).toBeInTheDocument();
  });
});

describe('the decisions to sign', () => {
  const waiting = queue([
    row({ id: 'l', number: '13-2026-000003', state: 'licence_prepared', step: step('sign') }),
    row({ id: 'r', number: '13-2026-000004', state: 'refusal_prepared', step: step('sign') }),
  ]);
  const others = queue([row({ id: 'a', number: '13-2026-000009', state: 'registered', step: step('assign') })]);

  it('are only the prepared ones, wherever they stand in the list', async () => {
    await renderApp('/work/to-sign', {
      session: head,
      fixtures: {
        'GET /api/authority/queue': ({ url }) => ({
          body: url.searchParams.get('step') === 'sign' && url.searchParams.get('show') === 'mine' ? waiting : others,
        }),
      },
    });
    const table = within(await screen.findByRole('table'));
    expect(table.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
      '/work/l/decision',
      '/work/r/decision',
    ]);
    expect(table.getByText('Лицензия')).toBeInTheDocument();
    expect(table.getByText('Отказ')).toBeInTheDocument();
  });

  it('are none, and say so', async () => {
    await renderApp('/work/to-sign', { session: head, fixtures: { 'GET /api/authority/queue': { body: queue([]) } } });
    expect(await screen.findByText('Решений на подпись нет')).toBeInTheDocument();
  });

  it('stay before the head whose session has ended', async () => {
    const { user, server, queries } = await renderApp('/work/to-sign', {
      session: head,
      fixtures: { 'GET /api/authority/queue': { body: waiting } },
    });
    await screen.findByRole('table');
    server.answer({ 'GET /api/authority/queue': { status: 401, body: problem('session_ended', 401) } });
    await act(() => queries.refetchQueries({ queryKey: ['queue'] }));
    const ended = await screen.findByRole('dialog', { name: 'Сеанс завершён' });
    await user.click(within(ended).getByRole('button', { name: 'Позже' }));
    expect(screen.getByRole('table')).toBeVisible();
    expect(screen.queryByText('Решения подписывает руководитель.')).toBeNull();
  });

  it('are the head’s alone', async () => {
    await renderApp('/work/to-sign', {
      session: chancery,
      fixtures: { 'GET /api/authority/queue': { body: waiting } },
    });
    expect(await screen.findByText('Решения подписывает руководитель.')).toBeInTheDocument();
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'На подпись' })).not.toBeInTheDocument();
  });
});
