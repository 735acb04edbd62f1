import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '@/api/applications';
import type { Fixtures } from '@/testing/server';
import { application, executor, id, now, openWork, rowOf, step } from '../fixtures';

beforeEach(() => {
  vi.setSystemTime(now);
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

const open = (tab: string, shown: Application, more: Fixtures = {}) => openWork(shown, executor, more, tab);

describe('the parts of the file', () => {
  it('begin with the checklist in the review, otherwise with the application', async () => {
    const { unmount } = await open('', application('in_review', { step: step('prepare') }));
    expect(await screen.findByText(/Квалификационные требования · отмечено 0 из 2/)).toBeInTheDocument();
    unmount();
    await open('', application('assigned', { step: step('check') }));
    expect(await screen.findByRole('heading', { name: 'Заявитель' })).toBeInTheDocument();
  });

  it('show all answers read-only, years without grouping', async () => {
    await open('answers', application('in_review', { step: step('prepare') }));
    const table = await screen.findByRole('table', { name: 'Список оборудования · 4' });
    expect(within(table).getByText('2024')).toBeInTheDocument();
    expect(screen.getByText('Аренда')).toBeInTheDocument();
    expect(screen.getByText('01.03.2026')).toBeInTheDocument();
    expect(screen.queryByRole('textbox')).not.toBeInTheDocument();
    expect(screen.queryByRole('heading', { name: 'Стаж' })).not.toBeInTheDocument();
  });

  it('show each document, and a scan in the page', async () => {
    const { user } = await open('documents', application('in_review', { step: step('prepare') }));
    expect(await screen.findByRole('link', { name: /Скачать — Подписанный контейнер/ })).toHaveAttribute(
      'href',
      `/api/applications/${id}/files/request.asice`,
    );
    expect(screen.getByRole('link', { name: /Скачать — Расписка о приёме документов/ })).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: /Посмотреть — договор.pdf/ }));
    expect(screen.getByTitle('договор.pdf')).toHaveAttribute(
      'src',
      expect.stringContaining(`/api/applications/${id}/attachments/scan-1?inline=1`),
    );
    await user.click(screen.getByRole('button', { name: /Скрыть — договор.pdf/ }));
    expect(screen.queryByTitle('договор.pdf')).not.toBeInTheDocument();
  });

  it('say who signed and with which certificate', async () => {
    await open('signature', application('in_review', { step: step('prepare') }));
    expect(await screen.findByText('4f1e')).toBeInTheDocument();
    expect(screen.getByText('26 ноября 2026 года, 15:04')).toBeInTheDocument();
  });

  it('tell the journal in full: names, facts, and an action that has no words yet', async () => {
    const shown = application('in_review', { step: step('prepare') });
    const ground = { code: 'S10.3', reason: 'Срок аренды истёк', basis: 'Приказ № 5', remedy: 'Приложить договор' };
    const { user } = await open('history', shown, {
      'GET /api/applications/{id}/journal': ({ url }) =>
        url.searchParams.get('cursor')
          ? { body: { events: [{ at: now, action: 'ask_agreeing', actorRole: 'executor' }] } }
          : {
              body: {
                events: [
                  ...shown.history,
                  {
                    at: now,
                    action: 'sign_result_failed',
                    actorRole: 'head',
                    actorName: 'ТЕСТОВ БАСШЫ',
                    params: {
                      reason: 'certificate_revoked',
                      signerName: 'ЧУЖОЙ КЛЮЧ',
                      signerIin: '123456789066',
                      certificate: '4f1e',
                    },
                  },
                  {
                    at: now,
                    action: 'return',
                    actorRole: 'head',
                    params: { remarks: 'Уточните основание', reasons: [ground] },
                  },
                ],
                next: '7',
              },
            },
    });
    const registered = await rowOf(/Зарегистрировано/);
    expect(registered.getByText('вх. № 1207')).toBeInTheDocument();
    expect(registered.getByText('ТЕСТОВА КЕҢСЕ')).toBeInTheDocument();
    expect((await rowOf(/Подпись решения не принята/)).getByText(/Ключ отозван/)).toHaveTextContent(
      'Ключ отозван · ключ: ЧУЖОЙ КЛЮЧ, 123456789066 · регистрационное свидетельство № 4f1e',
    );
    expect((await rowOf(/Решение возвращено/)).getByText(/Уточните/)).toHaveTextContent(
      'замечания: Уточните основание · 10.3 — Срок аренды истёк; основание: Приказ № 5; устранить: Приложить договор',
    );
    expect(screen.queryByRole('row', { name: /ask_agreeing/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Показать ещё' }));
    expect((await rowOf(/Запись журнала: ask_agreeing/)).getByText('исполнитель')).toBeInTheDocument();
  });
});

describe('the journal', () => {
  it('says which requirement was marked how, and of which paper a scan came and went', async () => {
    const shown = application('in_review', { step: step('prepare') });
    const scan = (action: string, attachment: string, slot?: string) => ({
      at: now,
      action,
      actorRole: 'applicant' as const,
      params: { attachment, ...(slot && { slot }) },
    });
    const marks = { premises: 'no', equipment: 'yes' };
    const { container } = await open('history', shown, {
      'GET /api/applications/{id}/journal': {
        body: {
          events: [
            scan('attach', 'scan-1', 'premisesTitle'),
            scan('attach', 'scan-gone', 'premisesTitle'),
            scan('detach', 'scan-gone'),
            { at: now, action: 'save_checklist', actorRole: 'executor', params: { marks } },
            { at: now, action: 'save_checklist', actorRole: 'executor', params: { marks: 1 } },
          ],
        },
      },
    });
    const said = [
      'Приложен сканДоговор аренды · договор.pdf',
      'Приложен сканДоговор аренды',
      'Скан убранДоговор аренды',
      'Отметки по требованиям сохраненыпомещения на праве собственности или аренды: Нет · медицинского оборудования: Да',
      'Отметки по требованиям сохранены',
    ];
    await waitFor(() =>
      expect([...container.querySelectorAll('td:nth-child(2)')].map((cell) => cell.textContent)).toEqual(said),
    );
  });

  it('stays while it is read anew because a colleague has done something', async () => {
    let shown = application('assigned', { step: step('check') });
    const waiting: (() => void)[] = [];
    const { queries } = await open('history', shown, {
      'GET /api/applications/{id}': () => ({ body: shown }),
      'GET /api/applications/{id}/journal': async () => {
        const events = shown.history;
        if (shown.state === 'in_review') await new Promise<void>((resolve) => waiting.push(resolve));
        return { body: { events } };
      },
    });
    await rowOf(/Зарегистрировано/);
    const done = { at: now, action: 'confirm_complete', actorRole: 'executor' as const };
    shown = { ...application('in_review', { step: step('prepare') }), history: [...shown.history, done] };
    await act(() => queries.refetchQueries({ queryKey: ['application', id], exact: true }));
    await waitFor(() => expect(waiting).toHaveLength(1));
    expect(screen.getByRole('row', { name: /Зарегистрировано/ })).toBeVisible();
    waiting[0]?.();
    await rowOf(/Документы признаны полными/);
  });

  // The history of the page leaves out what the journal holds: its length says nothing of the journal's.
  it('has a tab without a number', async () => {
    await open('', application('in_review', { step: step('prepare') }));
    expect(await screen.findByRole('link', { name: 'Журнал' })).toBeInTheDocument();
  });
});
