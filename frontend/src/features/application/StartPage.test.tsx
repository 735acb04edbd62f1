import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { paths } from '@/app/paths';
import { cabinetFixtures, draft, draftId, filedApplication, licence } from '@/testing/applications';
import { applicant, renderApp } from '@/testing/renderApp';
import { problem } from '@/testing/server';

const director = {
  ...applicant,
  bin: '123456789021',
  organisation: 'ТОО «Тест Клиника»',
  capacity: 'entity' as const,
  capacities: ['person' as const, 'entity' as const],
};

const refused = {
  ...filedApplication,
  id: '01a204d3-bf92-7847-88b2-000000000007',
  state: 'refused' as const,
  number: '13-2026-000007',
  applicant: { ...filedApplication.applicant, kind: 'person' as const },
  answers: { email: 'a@example.kz', confirmNoBan: true },
};

describe('the start of an application', () => {
  it('asks a person in what capacity, and opens the draft', async () => {
    const { user, server, router } = await renderApp(paths.start, {
      session: applicant,
      fixtures: { ...cabinetFixtures(), 'POST /api/applications': { status: 201, body: draft } },
    });
    await user.click(await screen.findByRole('button', { name: 'Начать заполнение' }));
    expect(await screen.findByRole('link', { name: 'Выберите, в качестве кого вы подаёте заявление' })).toBeVisible();
    expect(server.asked.some((one) => one.method === 'POST')).toBe(false);
    await user.click(screen.getByRole('radio', { name: /Индивидуальный предприниматель/ }));
    await user.click(screen.getByRole('button', { name: 'Начать заполнение' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'contacts')));
    expect(server.asked.find((one) => one.method === 'POST')?.body).toEqual({
      service: 'medical-activity',
      kind: 'licence',
      applicantKind: 'sole_trader',
    });
  });

  it('is still the page of whoever opened it when his session has ended', async () => {
    const { user, router } = await renderApp(paths.start, {
      session: director,
      fixtures: {
        ...cabinetFixtures(),
        'POST /api/applications': { status: 401, body: problem('session_ended', 401) },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Начать заполнение' }));
    const ended = await screen.findByRole('dialog', { name: 'Сеанс завершён' });
    await user.click(within(ended).getByRole('button', { name: 'Позже' }));
    expect(screen.getByText(director.organisation)).toBeVisible();
    expect(screen.queryByRole('radio')).toBeNull();
    expect(router.state.location.pathname).toBe(paths.start);
  });

  it('names the licences that the applicant holds already, and begins all the same', async () => {
    const licences = [licence, { ...licence, number: 'KZ02DEM00000002' }];
    const { user, router } = await renderApp(paths.start, {
      session: director,
      fixtures: {
        ...cabinetFixtures(),
        'GET /api/licences': { body: { licences } },
        'POST /api/applications': { status: 201, body: draft },
      },
    });
    expect(await screen.findByRole('heading', { name: /^У\sвас уже есть действующие лицензии$/ })).toBeVisible();
    for (const { number } of licences)
      expect(screen.getByRole('link', { name: new RegExp(number) })).toHaveAttribute('href', paths.checkNumber(number));
    await user.click(screen.getByRole('button', { name: 'Начать заполнение' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'contacts')));
  });

  it('begins for the organisation when one acts for it', async () => {
    const { user, server } = await renderApp(paths.start, {
      session: director,
      fixtures: { ...cabinetFixtures(), 'POST /api/applications': { body: draft } },
    });
    expect(await screen.findByText('ТОО «Тест Клиника»')).toBeVisible();
    expect(screen.queryByRole('radio')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Начать заполнение' }));
    await waitFor(() =>
      expect(server.asked.find((one) => one.method === 'POST')?.body).toMatchObject({ applicantKind: 'entity' }),
    );
  });

  it('begins with the answers of another application, and asks for the confirmations anew', async () => {
    const [answered, fresh] = [
      { ...draft, answers: { email: 'mine' } },
      { ...draft, answers: {} },
    ];
    for (const opened of [answered, fresh]) {
      const { user, server, router, unmount } = await renderApp(paths.startLike(refused.id), {
        session: applicant,
        fixtures: {
          ...cabinetFixtures(),
          'GET /api/applications/{id}': { body: refused },
          'POST /api/applications': { status: 201, body: opened },
          'PUT /api/applications/{id}/answers': {
            body: { revision: 2, savedAt: '2026-11-26T10:00:00Z', issues: [] },
          },
        },
      });
      expect(await screen.findByText(/Ответы перенесём из заявления № 13-2026-000007/)).toBeVisible();
      expect(screen.getByRole('radio', { name: /Физическое лицо/ })).toBeChecked();
      await user.click(screen.getByRole('button', { name: 'Начать заполнение' }));
      await waitFor(() => expect(router.state.location.pathname).toContain(`/applications/${draftId}/form`));
      const saved = server.asked.filter((one) => one.method === 'PUT').map((one) => one.body);
      // What a draft has already is never written over.
      expect(saved).toEqual(opened === fresh ? [{ revision: draft.revision, answers: { email: 'a@example.kz' } }] : []);
      unmount();
    }
  });

  it('does not begin without the answers to be carried over because they could not be read now', async () => {
    const { user, server } = await renderApp(paths.startLike(refused.id), {
      session: applicant,
      fixtures: {
        ...cabinetFixtures(),
        'GET /api/applications/{id}': { status: 503, body: problem('unavailable', 503) },
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('Служба временно недоступна');
    expect(screen.queryByRole('button', { name: 'Начать заполнение' })).not.toBeInTheDocument();
    server.answer({ 'GET /api/applications/{id}': { body: refused } });
    await user.click(screen.getByRole('button', { name: 'Повторить' }));
    expect(await screen.findByText(/Ответы перенесём из заявления № 13-2026-000007/)).toBeVisible();
  });

  it('says why it was refused', async () => {
    const { user } = await renderApp(paths.start, {
      session: applicant,
      fixtures: {
        ...cabinetFixtures(),
        'POST /api/applications': { status: 422, body: problem('applicant_kind_differs', 422) },
      },
    });
    await user.click(await screen.findByRole('radio', { name: /Физическое лицо/ }));
    await user.click(screen.getByRole('button', { name: 'Начать заполнение' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Вид заявителя не подходит к вашему ключу');
  });
});

describe('the page of a filed application', () => {
  it('shows number, due date with its working, what comes next, the papers (R6.2)', async () => {
    await renderApp(paths.filed(draftId), { session: applicant, fixtures: cabinetFixtures(filedApplication) });
    expect(await screen.findByRole('heading', { level: 1, name: 'Заявление подано' })).toBeVisible();
    expect(screen.getByText('13-2026-000418')).toBeVisible();
    expect(screen.getByText('вторник, 1 декабря 2026 года, 17:30')).toBeVisible();
    expect(await screen.findByText(/Первый день — 27 ноября, следующий рабочий день/)).toBeVisible();
    expect(screen.getByText(/28–29 ноября — выходные/)).toBeVisible();
    expect(screen.getByText('до 26 ноября, 15:21')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Расписка о приёме, PDF' })).toHaveAttribute(
      'href',
      `/api/applications/${draftId}/files/receipt.pdf`,
    );
  });

  it('stays when it cannot be read anew', async () => {
    const { server, queries } = await renderApp(paths.filed(draftId), {
      session: applicant,
      fixtures: cabinetFixtures(filedApplication),
    });
    await screen.findByRole('heading', { level: 1, name: 'Заявление подано' });
    server.answer({ 'GET /api/applications/{id}': { status: 503, body: problem('unavailable', 503) } });
    await act(() => queries.invalidateQueries());
    await waitFor(() => expect(queries.getQueryState(['application', draftId])?.status).toBe('error'));
    expect(screen.getByText('13-2026-000418')).toBeVisible();
  });

  it('is not for what is not filed', async () => {
    const { router } = await renderApp(paths.filed(draftId), { session: applicant, fixtures: cabinetFixtures() });
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.application(draftId)));
  });
});
