import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Fixtures, problem } from '@/testing/server';
import { application, executor, head, id, keyOf, now, openWork, step, stepPanel } from '../fixtures';

beforeEach(() => {
  vi.setSystemTime(now);
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

describe('naming the executor', () => {
  const shown = application('registered', { step: step('assign'), actions: [{ name: 'assign', clause: 'R5.2' }] });
  const executors = {
    executors: [
      { id: 'e1', name: 'ТЕСТОВА АЙГҮЛ', openApplications: 3 },
      { id: 'e2', name: 'ҚОЖАХМЕТОВ', openApplications: 1 },
    ],
  };
  const assign = (more: Fixtures = {}) =>
    openWork(shown, head, { 'GET /api/authority/executors': { body: executors }, ...more });
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
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Резолюция' })).toHaveFocus());
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
  });

  it('leaves the focus with who rewrites the resolution after a mistake', async () => {
    const { user } = await assign();
    await user.click(await screen.findByRole('radio', { name: /ТЕСТОВА/ }));
    await user.click(press());
    expect(await screen.findByRole('alert')).toHaveFocus();
    const resolution = screen.getByRole('textbox', { name: 'Резолюция' });
    await user.type(resolution, 'А');
    expect(screen.queryByRole('alert')).toBeNull();
    await user.keyboard('{Backspace}');
    expect(resolution).toBeInvalid();
    expect(resolution).toHaveFocus();
    expect(screen.queryByRole('alert')).toBeNull();
    await user.click(press());
    expect(await screen.findByRole('alert')).toHaveFocus();
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

describe('naming the executor, when the answer was lost on the way', () => {
  const shown = application('registered', { step: step('assign'), actions: [{ name: 'assign', clause: 'R5.2' }] });
  const executors = { executors: [{ id: 'e1', name: 'ТЕСТОВА АЙГҮЛ', openApplications: 3 }] };
  const kept = () => sessionStorage.getItem(`assign:${id}`);
  const assigned = (executor: string, resolution: string) => {
    const after = application('assigned', { step: step('check') });
    const params = { executor, executorName: 'ТЕСТОВА АЙГҮЛ', resolution };
    return { ...after, history: after.history.map((one) => (one.action === 'assign' ? { ...one, params } : one)) };
  };
  const open = (more: Fixtures = {}) =>
    openWork(shown, head, { 'GET /api/authority/executors': { body: executors }, ...more });
  async function press() {
    const opened = await open({
      'POST /api/applications/{id}/assign': () => Promise.reject(new TypeError('the line was cut')),
    });
    await opened.user.click(await screen.findByRole('radio', { name: /ТЕСТОВА/ }));
    await opened.user.type(screen.getByRole('textbox', { name: 'Резолюция' }), 'К рассмотрению ');
    await opened.user.click(screen.getByRole('button', { name: 'Назначить исполнителя' }));
    expect(await screen.findByText('Нет связи с порталом')).toBeInTheDocument();
    expect(kept()).toContain('К рассмотрению');
    return opened;
  }

  it.each(['here', 'after a reload'])('leaves nothing behind once it is seen %s that it happened', async (where) => {
    const { server, queries, unmount } = await press();
    if (where === 'here') {
      server.answer({ 'GET /api/applications/{id}': { body: assigned('e1', 'К рассмотрению') } });
      await queries.refetchQueries({ queryKey: ['application', id] });
    } else {
      unmount();
      await openWork(assigned('e1', 'К рассмотрению'), head);
    }
    expect(await screen.findByRole('heading', { name: 'Проверить полноту документов' })).toBeInTheDocument();
    await waitFor(() => expect(sessionStorage).toHaveLength(0));
  });

  it.each([
    ['another executor', 'e2', 'К рассмотрению'],
    ['other words', 'e1', 'Проверить адрес'],
  ])('stays when a colleague was faster, with %s', async (_, executor, resolution) => {
    const { server, queries } = await press();
    server.answer({ 'GET /api/applications/{id}': { body: assigned(executor, resolution) } });
    await queries.refetchQueries({ queryKey: ['application', id] });
    expect(await screen.findByRole('heading', { name: 'Проверить полноту документов' })).toBeInTheDocument();
    expect(kept()).toContain('К рассмотрению');
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
    openWork(shown, head, { 'GET /api/authority/executors': { body: executors }, ...more });
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
    expect((await stepPanel()).getByText(/Сейчас шаг у исполнителя/)).toHaveTextContent('ТЕСТОВА АЙГҮЛ');
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
    expect((await stepPanel()).getByText(/Сейчас шаг у исполнителя/)).toHaveTextContent('ҚОЖАХМЕТОВ');
  });

  describe('when the answer was lost on the way', () => {
    const given = { ...shown, executor: { id: 'e2', name: 'ҚОЖАХМЕТОВ' } };
    const params = { executor: 'e2', executorName: 'ҚОЖАХМЕТОВ', resolution: 'В отпуске' };
    given.history = [...shown.history, { at: now, action: 'reassign', actorRole: 'head', params }];
    async function press() {
      const opened = await reassign({
        'POST /api/applications/{id}/reassign': () => Promise.reject(new TypeError('the line was cut')),
      });
      await opened.user.click(await screen.findByRole('button', opener));
      await opened.user.click(await screen.findByRole('radio', { name: /ҚОЖАХМЕТОВ/ }));
      await opened.user.type(screen.getByRole('textbox', { name: 'Резолюция и причина' }), 'В отпуске');
      await opened.user.click(await send());
      expect(await screen.findByText('Нет связи с порталом')).toBeInTheDocument();
      return opened;
    }
    const seen = async ({ server, queries }: Awaited<ReturnType<typeof press>>) => {
      server.answer({ 'GET /api/applications/{id}': { body: given } });
      await queries.refetchQueries({ queryKey: ['application', id] });
      expect((await stepPanel()).getByText(/Сейчас шаг у исполнителя/)).toHaveTextContent('ҚОЖАХМЕТОВ');
    };

    it('leaves nothing in the form once it is seen that it happened', async () => {
      await seen(await press());
      await waitFor(() => expect(screen.getByRole('textbox', { name: 'Резолюция и причина' })).toHaveValue(''));
      expect(sessionStorage).toHaveLength(0);
    });

    it('leaves what was typed after the press', async () => {
      const opened = await press();
      await opened.user.type(screen.getByRole('textbox', { name: 'Резолюция и причина' }), ', затем на учёбе');
      await seen(opened);
      expect(screen.getByRole('textbox', { name: 'Резолюция и причина' })).toHaveValue('В отпуске, затем на учёбе');
      expect(sessionStorage.getItem(`reassign:${id}`)).toContain('учёбе');
    });
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
    await openWork(
      application('in_review', { step: step('prepare'), actions: [{ name: 'prepare_refusal', clause: 'R5.3' }] }),
      executor,
    );
    await stepPanel();
    expect(screen.queryByRole('button', { name: opener.name })).not.toBeInTheDocument();
  });

  it('stays beside the executor’s own step for a head who is the executor too', async () => {
    await openWork(
      application('assigned', { step: step('check'), actions: [offer, { name: 'confirm_complete', clause: 'S4.3' }] }),
      head,
    );
    expect(await screen.findByRole('button', opener)).toBeInTheDocument();
    expect(screen.queryByText(/Сейчас шаг у исполнителя/)).not.toBeInTheDocument();
  });
});
