import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '@/api/applications';
import { paths } from '@/app/paths';
import type { SignPanelProps } from '@/signing/SignPanel';
import type { ToSign } from '@/signing/useSigning';
import { cabinetFixtures, completeAnswers, draft, draftId, scan, signedApplication } from '@/testing/applications';
import { applicant, renderApp } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';

// Signing itself has its own tests: here one press prepares, "signs" and sends, as the panel does.
vi.mock('@/signing/SignPanel', async () => {
  const { useState } = await import('react');
  const { useErrorText } = await import('@/ui/useErrorText');
  function SignPanel({ prepare, send }: SignPanelProps<ToSign>) {
    const [error, setError] = useState<unknown>();
    const text = useErrorText();
    const press = async () => {
      try {
        await send('Q01T', await prepare());
      } catch (refusal) {
        setError(refusal);
      }
    };
    return (
      <>
        {error !== undefined && <p role="alert">{text(error).title}</p>}
        <button type="button" onClick={() => void press()}>
          Подписать через NCALayer
        </button>
      </>
    );
  }
  return { SignPanel };
});

beforeEach(() => sessionStorage.clear());

const confirmed = { ...completeAnswers, confirmContacts: true, confirmNoBan: true };
const prepared = {
  content: 'AAAA',
  digest: 'd'.repeat(64),
  preparedAt: '2026-11-26T10:00:00Z',
  signingTime: true,
  files: [{ name: 'request.pdf', size: 1, sha256: 'e'.repeat(64) }],
};

async function openReview(application: Application, fixtures: Fixtures = {}) {
  let revision = 1;
  const opened = await renderApp(paths.review(draftId), {
    session: applicant,
    fixtures: {
      ...cabinetFixtures(application),
      'GET /api/applications/{id}/check': { body: { issues: [] } },
      'PUT /api/applications/{id}/answers': () => ({
        body: { revision: ++revision, savedAt: '2026-11-26T09:30:00Z', issues: [] },
      }),
      'POST /api/applications/{id}/document': { body: prepared },
      'POST /api/applications/{id}/payment': { body: signedApplication },
      ...fixtures,
    },
  });
  await screen.findByRole('heading', { level: 1, name: 'Проверьте ответы и подпишите' });
  return opened;
}

describe('the page where the answers are checked', () => {
  it('shows all answers in words, each with the way to change it', async () => {
    const { user, router } = await openReview({ ...draft, answers: confirmed, attachments: [scan] });
    expect(await screen.findByText('Управление здравоохранения Северо-Казахстанской области')).toBeVisible();
    expect(screen.getByText('Первичная помощь: терапия')).toBeVisible();
    expect(screen.getByText('Собственность')).toBeVisible();
    expect(screen.getByText('20 ноября 2026 года')).toBeVisible();
    const equipment = screen.getByRole('table', { name: 'Оборудование' });
    expect(within(equipment).getByText('рабочее')).toBeVisible();
    expect(screen.getByText('Стаж: 10 лет.')).toBeVisible();
    expect(screen.getAllByRole('link', { name: 'Скачать — диплом.pdf' }).length).toBeGreaterThan(0);
    await user.click(screen.getByRole('link', { name: 'Изменить — Электронная почта' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'contacts')));
    await waitFor(() => expect(screen.getByLabelText('Электронная почта')).toHaveFocus());
  });

  it('lists what the server still finds wrong, leads to each place, and does not offer to sign', async () => {
    const { user, router } = await openReview(
      { ...draft, answers: confirmed },
      {
        'GET /api/applications/{id}/check': {
          body: {
            issues: [
              { path: 'equipment[0].year', code: 'bad_year' },
              { path: 'licensor', code: 'authority_not_connected' },
            ],
          },
        },
      },
    );
    const note = await screen.findByRole('alert');
    expect(note).toHaveTextContent('Чтобы подписать, исправьте 2 ответа');
    const sign = screen.getByRole('button', { name: 'Подписать заявление' });
    expect(sign).toHaveAttribute('aria-disabled', 'true');
    expect(sign).toHaveAccessibleDescription(/Сначала исправьте ответы/);
    await user.click(within(note).getByRole('link', { name: 'Строка 1, «Год»: должно быть четыре цифры' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.form(draftId, 'equipment')));
    await waitFor(() => expect(screen.getByLabelText('Год, строка 1')).toHaveFocus());
  });

  it('lists them in the order of the form, and a date that does not exist as the form tells it', async () => {
    await openReview(
      { ...draft, answers: { ...confirmed, equipmentAsOf: '31.02.2026', homeAddress: { postcode: '12' } } },
      {
        'GET /api/applications/{id}/check': {
          body: {
            issues: [
              { path: 'equipmentAsOf', code: 'bad_date' },
              { path: 'homeAddress.street', code: 'required' },
              { path: 'homeAddress.postcode', code: 'bad_postcode' },
            ],
          },
        },
      },
    );
    const links = within(await screen.findByRole('alert')).getAllByRole('link');
    expect(links.map((link) => link.textContent?.replaceAll('\u00a0', ' '))).toEqual([
      '«Почтовый индекс»: шесть цифр или код вида A05H9K6',
      '«Улица»: заполните это поле',
      '«Сведения на дату»: такой даты нет, проверьте день и месяц',
    ]);
  });

  it('asks for the confirmations beside the signature, and saves them', async () => {
    const { user, server } = await openReview({ ...draft, answers: { ...completeAnswers } });
    const sign = await screen.findByRole('button', { name: 'Подписать заявление' });
    await waitFor(() => expect(sign).toHaveAccessibleDescription('Отметьте выше все подтверждения: их 2.'));
    await user.click(screen.getByRole('checkbox', { name: 'Контакты официальные.' }));
    await user.click(screen.getByRole('checkbox', { name: 'Суд не запрещал.' }));
    expect(await screen.findByRole('button', { name: 'Подписать через NCALayer' })).toBeVisible();
    const saved = server.asked.filter((one) => one.method === 'PUT').at(-1)?.body;
    expect(saved).toMatchObject({ answers: { confirmContacts: true, confirmNoBan: true } });
  });

  it('stands still above the boxes while a tick is saved and checked', async () => {
    const wrong = { path: 'licensor', code: 'authority_not_connected' } as const;
    for (const issues of [[], [wrong]]) {
      const { server, unmount } = await openReview(
        { ...draft, answers: completeAnswers },
        { 'GET /api/applications/{id}/check': { body: { issues } } },
      );
      const sign = screen.getByRole('button', { name: 'Подписать заявление' });
      await waitFor(() => expect(sign).toHaveAccessibleDescription(/Отметьте|исправьте/));
      const box = screen.getByRole('checkbox', { name: 'Суд не запрещал.' });
      const moved: string[] = [];
      const page = new MutationObserver((changes) => {
        for (const { target } of changes)
          if (target.compareDocumentPosition(box) === Node.DOCUMENT_POSITION_FOLLOWING && !nav?.contains(target))
            moved.push(target.textContent ?? '');
      });
      const [nav] = screen.getAllByRole('navigation', { name: 'Разделы заявления' });
      page.observe(document.body, { subtree: true, childList: true, characterData: true });
      const asked = server.asked.length;
      fireEvent.click(box);
      await waitFor(() =>
        expect(server.asked.slice(asked).some((one) => one.url.pathname.endsWith('/check'))).toBe(true),
      );
      await waitFor(() => expect(sign).toHaveAccessibleDescription(/Отметьте|исправьте/));
      page.disconnect();
      expect(moved).toEqual([]);
      unmount();
    }
  });

  it('reads out what is being saved, and nothing when it could not be', async () => {
    const saved = { body: { revision: 2, savedAt: '2026-11-26T09:30:00Z', issues: [] } };
    const refused = { status: 404, body: problem('not_found', 404) };
    for (const reply of [saved, refused]) {
      let done: () => void = () => {};
      const { user, unmount } = await openReview(
        { ...draft, answers: { ...confirmed, confirmNoBan: false } },
        {
          'PUT /api/applications/{id}/answers': async () => {
            await new Promise<void>((resolve) => {
              done = resolve;
            });
            return reply;
          },
        },
      );
      fireEvent.click(screen.getByRole('checkbox', { name: 'Суд не запрещал.' }));
      const read = screen.getByRole('button', { name: 'Прочитать заявление' });
      await user.click(read);
      expect(screen.queryByTitle('Заявление, PDF')).toBeNull();
      done();
      if (reply === saved) {
        const sheet = await screen.findByTitle('Заявление, PDF');
        expect(sheet).toHaveAttribute('src', expect.stringMatching(/request\.pdf/));
      } else {
        expect(await screen.findByRole('alert')).toHaveTextContent('Не найдено');
        expect(screen.getByRole('button', { name: 'Прочитать заявление' })).toHaveAccessibleDescription(
          'Сначала сохраним последние изменения.',
        );
        expect(screen.queryByTitle('Заявление, PDF')).toBeNull();
      }
      unmount();
      sessionStorage.clear();
    }
  });

  it('does not offer to sign by what was checked of other answers', async () => {
    let checks = 0;
    let offered = false;
    const page = new MutationObserver(() => {
      offered ||= screen.queryByRole('button', { name: 'Подписать через NCALayer' }) !== null;
    });
    await openReview(
      { ...draft, answers: { ...confirmed, confirmNoBan: false } },
      {
        'GET /api/applications/{id}/check': () => (++checks === 1 ? { body: { issues: [] } } : new Promise(() => {})),
      },
    );
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Подписать заявление' })).toHaveAccessibleDescription(/Отметьте/),
    );
    page.observe(document.body, { subtree: true, childList: true });
    fireEvent.click(screen.getByRole('checkbox', { name: 'Суд не запрещал.' }));
    await waitFor(() => expect(checks).toBe(2));
    page.disconnect();
    expect(offered).toBe(false);
  });

  it('tells what follows: the fee and that it is not given back', async () => {
    await openReview({ ...draft, answers: confirmed });
    expect(await screen.findByText('Дальше — оплата 43 250 ₸.')).toBeVisible();
    expect(screen.getByText(/После подачи сбор не возвращается/)).toBeVisible();
  });

  it('sends the signature over exactly the prepared document and leads to the payment', async () => {
    const { user, server, router } = await openReview(
      { ...draft, answers: confirmed },
      { 'POST /api/applications/{id}/sign': { body: signedApplication } },
    );
    await user.click(await screen.findByRole('button', { name: 'Подписать через NCALayer' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.payment(draftId)));
    const sent = server.asked.find((one) => one.url.pathname.endsWith('/sign'));
    expect(sent?.body).toEqual({ digest: prepared.digest, signature: 'Q01T' });
    expect(sent?.headers.get('Idempotency-Key')).toMatch(/.{8,}/);
  });

  it('goes on to the payment when the answer to the signature was lost on the way', async () => {
    const { user, server, router } = await openReview(
      { ...draft, answers: { ...confirmed, confirmTruth: true } },
      {
        'POST /api/applications/{id}/sign': () => {
          server.answer({ 'GET /api/applications/{id}': { body: signedApplication } });
          throw new TypeError('the line was cut');
        },
      },
    );
    await user.click(await screen.findByRole('button', { name: 'Подписать через NCALayer' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.payment(draftId)));
  });

  it('goes on to the payment when it turns out to be signed already', async () => {
    const { user, server, router } = await openReview(
      { ...draft, answers: { ...confirmed, confirmTruth: true } },
      {
        'POST /api/applications/{id}/document': () => {
          server.answer({ 'GET /api/applications/{id}': { body: signedApplication } });
          return { status: 409, body: problem('state_changed', 409) };
        },
      },
    );
    await user.click(await screen.findByRole('button', { name: 'Подписать через NCALayer' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.payment(draftId)));
  });

  it('keeps everything when the signature is refused, and takes another one', async () => {
    const { user, server } = await openReview(
      { ...draft, answers: confirmed },
      { 'POST /api/applications/{id}/sign': { status: 422, body: problem('signer_not_applicant', 422) } },
    );
    await user.click(await screen.findByRole('button', { name: 'Подписать через NCALayer' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Подпись не принята: нужен другой ключ');
    expect(screen.getByText('test@example.kz')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Подписать через NCALayer' }));
    await waitFor(() => expect(server.asked.filter((one) => one.url.pathname.endsWith('/sign'))).toHaveLength(2));
    const keys = server.asked
      .filter((one) => one.url.pathname.endsWith('/sign'))
      .map((one) => one.headers.get('Idempotency-Key'));
    expect(new Set(keys).size).toBe(2);
  });

  it('shows the filled form as the law prints it', async () => {
    const { user } = await openReview({ ...draft, answers: confirmed });
    const read = () => screen.getByRole('button', { name: 'Прочитать заявление' });
    await waitFor(() => expect(read()).not.toHaveAttribute('aria-disabled'));
    await user.click(screen.getByRole('button', { name: 'Прочитать заявление' }));
    expect(await screen.findByTitle('Заявление, PDF')).toHaveAttribute(
      'src',
      expect.stringMatching(/files\/request\.pdf\?inline=1&of=d{16}/),
    );
    expect(screen.getByText('Контрольные суммы файлов (SHA-256)')).toBeInTheDocument();
    expect(screen.getByText('e'.repeat(64))).toBeInTheDocument();
  });

  it('shows it as a draft before the confirmations, and lets it stand while one makes them', async () => {
    const { user, server } = await openReview({ ...draft, answers: { ...confirmed, confirmNoBan: false } });
    const read = () => screen.getByRole('button', { name: 'Прочитать заявление' });
    await waitFor(() => expect(read()).not.toHaveAttribute('aria-disabled'));
    await user.click(read());
    const sheet = await screen.findByTitle('Заявление, PDF');
    expect(sheet).toHaveAttribute('src', expect.stringMatching(/\/request-draft\.pdf\?of=/));
    expect(screen.getByText(/когда вы отметите подтверждения/)).toBeInTheDocument();
    await waitFor(() => expect(screen.getByRole('link', { name: 'Открыть заявление в новом окне' })).toHaveFocus());
    expect(server.asked.some((one) => one.url.pathname.endsWith('/document'))).toBe(false);
    await user.click(screen.getByRole('checkbox', { name: 'Суд не запрещал.' }));
    await waitFor(() => expect(read()).not.toHaveAttribute('aria-disabled'));
    expect(screen.getByTitle('Заявление, PDF')).toBe(sheet);
    expect(screen.getByText(/Подтверждения отмечены/)).toBeInTheDocument();
    await user.click(read());
    await waitFor(() =>
      expect(screen.getByTitle('Заявление, PDF')).toHaveAttribute('src', expect.stringMatching(/files\/request\.pdf/)),
    );
    expect(screen.queryByText(/Это черновик для чтения/)).not.toBeInTheDocument();
    // Taken back, it is a draft again, in the same place.
    const frame = screen.getByTitle('Заявление, PDF');
    const box = screen.getByRole('checkbox', { name: 'Суд не запрещал.' });
    await user.click(box);
    await waitFor(() => expect(frame).toHaveAttribute('src', expect.stringMatching(/request-draft\.pdf/)));
    expect(screen.getByTitle('Заявление, PDF')).toBe(frame);
    expect(screen.getByText(/Это черновик для чтения/)).toBeVisible();
    expect(box).toHaveFocus();
  });

  it('stays in its place while it is built anew', async () => {
    let answer = () => {};
    const { user } = await openReview(
      { ...draft, answers: { ...confirmed, confirmNoBan: false } },
      {
        'POST /api/applications/{id}/document': async () => {
          await new Promise<void>((resolve) => {
            answer = resolve;
          });
          return { body: prepared };
        },
      },
    );
    const read = () => screen.findByRole('button', { name: 'Прочитать заявление' });
    await user.click(await read());
    const frame = await screen.findByTitle('Заявление, PDF');
    await user.click(screen.getByRole('checkbox', { name: 'Суд не запрещал.' }));
    await user.click(await read());
    await screen.findByRole('button', { name: /Собираем/ });
    expect(screen.getByTitle('Заявление, PDF')).toBe(frame);
    await waitFor(() => {
      answer();
      expect(frame).toHaveAttribute('src', expect.stringMatching(/files\/request\.pdf/));
    });
  });

  it('does not leave a draft of other answers on the page, nor that it could not be made', async () => {
    const answers = { ...confirmed, confirmNoBan: false };
    const shown = { ...draft, answers };
    const { user, server, queries } = await openReview(shown, {
      'POST /api/applications/{id}/document': { status: 409, body: problem('draft_changed_elsewhere', 409) },
    });
    const read = () => screen.getByRole('button', { name: 'Прочитать заявление' });
    const saveElsewhere = async (revision: number, more: object) => {
      const theirs = { ...shown, revision, answers: { ...answers, ...more } };
      server.answer({ 'GET /api/applications/{id}': { body: theirs } });
      await act(() => queries.refetchQueries({ queryKey: ['application', draftId], exact: true }));
    };
    await waitFor(() => expect(read()).not.toHaveAttribute('aria-disabled'));
    await user.click(read());
    await screen.findByTitle('Заявление, PDF');
    await saveElsewhere(5, { email: 'other@example.kz' });
    expect(await screen.findByText('other@example.kz')).toBeInTheDocument();
    expect(screen.queryByTitle('Заявление, PDF')).not.toBeInTheDocument();
    await waitFor(() => expect(read()).not.toHaveAttribute('aria-disabled'));
    await user.click(read());
    expect(await screen.findByTitle('Заявление, PDF')).toBeInTheDocument();

    await saveElsewhere(6, { email: 'other@example.kz', confirmNoBan: true });
    await waitFor(() => expect(read()).not.toHaveAttribute('aria-disabled'));
    await user.click(read());
    const refusal = await screen.findByRole('alert');
    await saveElsewhere(7, { email: 'third@example.kz', confirmNoBan: true });
    await waitFor(() => expect(refusal).not.toBeInTheDocument());
  });

  it('throws the draft away only after asking', async () => {
    const { user, server, router } = await openReview(
      { ...draft, answers: confirmed },
      {
        'DELETE /api/applications/{id}': { status: 204 },
        'GET /api/applications': { body: { applications: [] } },
      },
    );
    screen.getByRole('button', { name: 'Удалить черновик' }).focus();
    await user.keyboard('{Enter}{Enter}');
    const dialog = screen.getByRole('dialog', { name: 'Удалить черновик?' });
    expect(within(dialog).getByRole('heading')).toHaveFocus();
    await user.click(within(dialog).getByRole('button', { name: 'Оставить' }));
    expect(server.asked.some((one) => one.method === 'DELETE')).toBe(false);
    await user.click(screen.getByRole('button', { name: 'Удалить черновик' }));
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Удалить черновик' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.applications));
  });

  it('throws the draft away by the second press when the answer to the first was lost on the way', async () => {
    const { user, server, router } = await openReview(
      { ...draft, answers: confirmed },
      {
        'DELETE /api/applications/{id}': () => {
          server.answer({ 'DELETE /api/applications/{id}': { status: 404, body: problem('not_found', 404) } });
          throw new TypeError('the line was cut');
        },
        'GET /api/applications': { body: { applications: [] } },
      },
    );
    await user.click(screen.getByRole('button', { name: 'Удалить черновик' }));
    const dialog = screen.getByRole('dialog', { name: 'Удалить черновик?' });
    await user.click(within(dialog).getByRole('button', { name: 'Удалить черновик' }));
    await within(dialog).findByRole('alert');
    await user.click(within(dialog).getByRole('button', { name: 'Удалить черновик' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(paths.applications));
  });
});
