import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { paths } from '@/app/paths';
import { completeAnswers, draft, draftId } from '@/testing/applications';
import { fakeNCALayer } from '@/testing/fakeNCALayer';
import { goOn, openForm, saving } from '@/testing/form';
import { applicant, renderApp } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';
import { signIn, signsInAs } from '@/testing/signIn';

beforeEach(() => sessionStorage.clear());

describe('nothing is lost', () => {
  it('when the line is cut: told, kept, sent again', async () => {
    let cut = true;
    let revision = 1;
    const { user, lastSaved } = await openForm('contacts', draft, {
      'PUT /api/applications/{id}/answers': () => {
        if (cut) throw new TypeError('Failed to fetch');
        return { body: { revision: ++revision, savedAt: '2026-11-26T09:30:00Z', issues: [] } };
      },
    });
    await user.type(screen.getByLabelText('Электронная почта'), 'a@example.kz');
    const note = await screen.findByRole('alert');
    expect(note).toHaveTextContent('Нет связи: черновик пока не сохранён');
    expect(screen.getByLabelText('Электронная почта')).toHaveValue('a@example.kz');
    cut = false;
    await user.click(within(note).getByRole('button', { name: 'Сохранить сейчас' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(lastSaved().answers).toEqual({ email: 'a@example.kz' });
  });

  it('when the line is cut, the fields stay where they are, and the focus is not lost with the note', async () => {
    let cut = true;
    const { user } = await openForm('contacts', draft, {
      'PUT /api/applications/{id}/answers': () => {
        if (cut) throw new TypeError('Failed to fetch');
        return { body: { revision: 2, savedAt: '2026-11-26T09:30:00Z', issues: [] } };
      },
    });
    const email = screen.getByLabelText('Электронная почта');
    // As a browser lays it out: the note moves what is under it.
    const noteHeight = () => (screen.queryByRole('alert') ? 130 : 0);
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(noteHeight);
    const form = email.closest('form') as HTMLElement;
    vi.spyOn(form, 'getBoundingClientRect').mockImplementation(() => ({ top: 400 + noteHeight() }) as DOMRect);
    const scrolled = vi.spyOn(window, 'scrollBy').mockImplementation(() => {});
    await user.type(email, 'a@example.kz');
    const note = await screen.findByRole('alert');
    expect(scrolled.mock.calls).toEqual([[{ top: 130, behavior: 'instant' }]]);
    cut = false;
    await user.click(within(note).getByRole('button', { name: 'Сохранить сейчас' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    await waitFor(() => expect(screen.getByRole('main')).toHaveFocus());
    vi.restoreAllMocks();
  });

  it('when it stays cut: the note and its button stand still while one types on and while it is tried again', async () => {
    let answer = () => {};
    const { user } = await openForm('contacts', draft, {
      'PUT /api/applications/{id}/answers': async () => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        throw new TypeError('Failed to fetch');
      },
    });
    await user.type(screen.getByLabelText('Электронная почта'), 'a@example.kz');
    await user.tab();
    answer();
    const note = await screen.findByRole('alert');
    await user.type(screen.getByLabelText(/Факс/), '+7');
    expect(screen.getAllByText('Есть несохранённое')).not.toHaveLength(0);
    expect(note).toBeVisible();
    const again = within(note).getByRole('button', { name: 'Сохранить сейчас' });
    await user.click(again);
    expect(await screen.findAllByText('Сохраняем…')).not.toHaveLength(0);
    expect(note).toBeVisible();
    expect(again).toHaveFocus();
    answer();
    await waitFor(() => expect(screen.queryByText('Сохраняем…')).toBeNull());
    expect(note).toBeVisible();
    expect(again).toHaveFocus();
  });

  it('when the session dies under it: saved by itself once the person is there again, though nothing else has changed', async () => {
    let dead = true;
    const { user, queries, lastSaved } = await openForm('contacts', draft, {
      'PUT /api/applications/{id}/answers': () =>
        dead
          ? { status: 401, body: problem('session_ended', 401) }
          : { body: { revision: 2, savedAt: '2026-11-26T09:30:00Z', issues: [] } },
    });
    await user.type(screen.getByLabelText('Электронная почта'), 'a@example.kz');
    await screen.findByRole('alert');
    dead = false;
    await act(() => queries.invalidateQueries()); // as the dialog of a dead session does
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(lastSaved().answers).toEqual({ email: 'a@example.kz' });
  });

  it('when the page is opened again before it was saved', async () => {
    const value = { revision: 1, answers: { email: 'kept@example.kz' } };
    sessionStorage.setItem(`draft:${draftId}`, JSON.stringify({ by: applicant.iin, value }));
    const { lastSaved } = await openForm('contacts');
    expect(screen.getByLabelText('Электронная почта')).toHaveValue('kept@example.kz');
    expect(screen.getByText('Введённое восстановлено')).toBeVisible();
    await waitFor(() => expect(lastSaved()).toEqual({ revision: 1, answers: { email: 'kept@example.kz' } }));
  });

  describe('and that something was restored is told', () => {
    const restored = () => screen.queryByText('Введённое восстановлено');
    const section = (name: RegExp) =>
      // The list stands twice: on a phone it is folded.
      screen.getAllByRole('link', { name })[0] as HTMLElement;
    beforeEach(() =>
      sessionStorage.setItem(
        `draft:${draftId}`,
        JSON.stringify({
          by: applicant.iin,
          value: { revision: 1, answers: { ...completeAnswers, email: 'kept@example.kz' } },
        }),
      ),
    );
    const before = { ...draft, answers: completeAnswers };

    it('also when more is typed and saved: nothing above the fields goes away under the hand', async () => {
      const { user, lastSaved } = await openForm('contacts', before);
      await waitFor(() => expect(lastSaved().answers?.email).toBe('kept@example.kz'));
      expect(restored()).toBeVisible();
      await user.type(screen.getByLabelText(/Факс/), '+7 701 123 45 67');
      await user.tab();
      await waitFor(() =>
        expect(lastSaved().answers).toMatchObject({ email: 'kept@example.kz', fax: '+7 701 123 45 67' }),
      );
      expect(await screen.findAllByText(/^(Черновик сохранён|Сохранено)/)).not.toHaveLength(0);
      expect(restored()).toBeVisible();
    });

    it('until the page is left', async () => {
      const { user } = await openForm('contacts', before);
      expect(restored()).toBeVisible();
      await user.click(section(/^Оборудование/));
      await screen.findByRole('heading', { level: 1, name: 'Оборудование' });
      expect(restored()).toBeNull();
      await user.click(section(/^Контакты/));
      await screen.findByRole('heading', { level: 1, name: 'Контакты' });
      expect(restored()).toBeNull();
    });

    it('only where it was', async () => {
      const { user } = await openForm('documents', before);
      expect(restored()).toBeNull();
      await user.click(section(/^Контакты/));
      await screen.findByRole('heading', { level: 1, name: 'Контакты' });
      expect(restored()).toBeVisible();
    });
  });

  it('when another window saved meanwhile, "continue" does not go on but leads to the choice', async () => {
    const theirs = { ...draft, revision: 4, answers: { ...completeAnswers, email: 'other@example.kz' } };
    const { user, server, router } = await openForm(
      'contacts',
      { ...draft, answers: completeAnswers },
      {
        // Slow enough for the field that was left to ask for a save of its own meanwhile.
        'PUT /api/applications/{id}/answers': async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          return { status: 409, body: problem('draft_changed_elsewhere', 409) };
        },
      },
    );
    server.answer({ 'GET /api/applications/{id}': { body: theirs } });
    await user.type(screen.getByLabelText(/Факс/), '+7 701 123 45 67');
    await user.click(goOn());
    await waitFor(() => expect(screen.getByRole('alert')).toHaveFocus());
    const note = screen.getByRole('alert');
    expect(note).toHaveTextContent('Этот черновик изменили в другом окне');
    expect(server.asked.filter((one) => one.method === 'PUT')).toHaveLength(1);
    await user.click(goOn());
    await waitFor(() => expect(note).toHaveFocus());
    expect(router.state.location.pathname).toBe(paths.form(draftId, 'contacts'));
    await user.click(within(note).getByRole('button', { name: 'Показать другую версию' }));
    await user.click(goOn());
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'activity')));
  });

  it('when the server refuses to save, "continue" stays; a cut line keeps nobody from going on', async () => {
    const { user, server, router } = await openForm(
      'contacts',
      { ...draft, answers: completeAnswers },
      {
        'PUT /api/applications/{id}/answers': async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          return { status: 401, body: problem('session_ended', 401) };
        },
      },
    );
    await user.type(screen.getByLabelText(/Факс/), '+7 701 123 45 67');
    await user.click(goOn());
    // Saved by itself it asks nobody; going on was pressed.
    const asked = await screen.findByRole('dialog', { name: 'Сеанс завершён' });
    expect(router.state.location.pathname).toBe(paths.form(draftId, 'contacts'));
    await user.click(within(asked).getByRole('button', { name: 'Позже' }));
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Войти с ЭЦП' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Позже' }));
    server.answer({
      'PUT /api/applications/{id}/answers': () => {
        throw new TypeError('Failed to fetch');
      },
    });
    await user.click(goOn());
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'activity')));
    expect(await screen.findByText('Нет связи: черновик пока не сохранён')).toBeVisible();
  });

  it('when another window saved meanwhile: both versions stay, I choose', async () => {
    let refused = false;
    const { user, server, lastSaved } = await openForm('contacts', draft, {
      'PUT /api/applications/{id}/answers': ({ body }) => {
        if (!refused) {
          refused = true;
          return { status: 409, body: problem('draft_changed_elsewhere', 409) };
        }
        return {
          body: { revision: (body as { revision: number }).revision + 1, savedAt: '2026-11-26T09:30:00Z', issues: [] },
        };
      },
    });
    server.answer({
      'GET /api/applications/{id}': { body: { ...draft, revision: 4, answers: { email: 'other@example.kz' } } },
    });
    await user.type(screen.getByLabelText('Электронная почта'), 'mine@example.kz');
    const note = await screen.findByRole('alert');
    expect(note).toHaveTextContent('Этот черновик изменили в другом окне');
    expect(note).toHaveTextContent('Различаются: Электронная почта.');
    await user.click(within(note).getByRole('button', { name: 'Показать другую версию' }));
    expect(screen.getByLabelText('Электронная почта')).toHaveValue('other@example.kz');
    await user.click(screen.getByRole('button', { name: 'Вернуть мои ответы' }));
    expect(screen.getByLabelText('Электронная почта')).toHaveValue('mine@example.kz');
    await waitFor(() => expect(lastSaved()).toEqual({ revision: 4, answers: { email: 'mine@example.kz' } }));
  });
});

describe('what is typed and not yet saved', () => {
  const email = () => screen.findByLabelText('Электронная почта');
  const kept = () => sessionStorage.getItem(`draft:${draftId}`);
  const other = { ...applicant, iin: '123456789088', name: 'БАСҚА АДАМ' };
  const unsaved = (reply = { status: 503, body: problem('unavailable', 503) }) =>
    ({ 'PUT /api/applications/{id}/answers': reply }) satisfies Fixtures;

  async function typed(fixtures: Fixtures = unsaved()) {
    const opened = await openForm('contacts', draft, fixtures);
    await opened.user.type(await email(), 'typed@example.kz');
    await waitFor(() => expect(kept()).toContain('typed@example.kz'));
    return opened;
  }

  it('is not shown to another person of the organisation, and goes when he signs in at this window', async () => {
    const { unmount } = await typed();
    unmount();
    const his = await renderApp(paths.form(draftId, 'contacts'), { session: other, fixtures: saving() });
    expect(await email()).toHaveValue('');
    his.unmount();
    expect(kept()).toContain('typed@example.kz');
    const { unmount: leave } = await signIn(other);
    expect(kept()).toBeNull();
    leave();
    await openForm('contacts');
    expect(await email()).toHaveValue('');
  });

  it('is neither put back nor sent by the page that another person has signed in over', async () => {
    const program = await fakeNCALayer({ signs: 'TUlJQg==' });
    const { user, unmount, queries, server } = await typed({
      ...unsaved({ status: 401, body: problem('session_ended', 401) }),
      ...signsInAs(other, program),
    });
    expect(await screen.findByRole('dialog', { name: 'Сеанс завершён' })).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Войти через NCALayer' }));
    await waitFor(() => expect(queries.getQueryData(['session'])).toMatchObject({ iin: other.iin }));
    await program.stop();
    // The window is left for the other person's first page.
    const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    window.dispatchEvent(new Event('pagehide'));
    unmount();
    hidden.mockRestore();
    for (let i = 0; i < 20; i++) await fetch('/api/config'); // whatever was sent before has arrived by then
    expect(kept()).toBeNull();
    const asked = server.asked.map(({ method, url }) => `${method} ${url.pathname}`);
    const signedIn = asked.indexOf('POST /api/session');
    expect(signedIn).toBeGreaterThan(0);
    expect(asked.slice(signedIn)).not.toContain(`PUT /api/applications/${draftId}/answers`);
  });

  it('is not sent in the name of another person who has signed in in another window, whatever is pressed here', async () => {
    const { user, server, queries } = await openForm('contacts');
    server.answer({ 'GET /api/session': { body: other } });
    await act(() => queries.refetchQueries({ queryKey: ['session'] }));
    await user.type(await email(), 'typed@example.kz');
    await user.tab();
    await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Войти с ЭЦП' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Позже' }));
    await user.type(screen.getByLabelText(/Факс/), '+7 701 123 45 67');
    await user.tab();
    await waitFor(() => expect(screen.getAllByText('Не сохранено')).not.toHaveLength(0), { timeout: 3000 });
    expect(server.asked.filter((one) => one.method === 'PUT')).toHaveLength(0);
    expect(kept()).toBeNull();
  });

  it('is still there when the person has signed out and in again', async () => {
    const { user, router, server, unmount } = await typed();
    server.answer({ 'DELETE /api/session': { status: 204 } });
    await user.click(screen.getByRole('button', { name: 'Выйти' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/'));
    unmount();
    const { unmount: leave } = await signIn(applicant);
    leave();
    const { lastSaved } = await openForm('contacts');
    expect(await email()).toHaveValue('typed@example.kz');
    await waitFor(() => expect(lastSaved()).toEqual({ revision: 1, answers: { email: 'typed@example.kz' } }));
  });
});
