import { screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '@/api/applications';
import type { ProblemCode } from '@/api/problem';
import { type FakeServer, problem, type Reply } from '@/testing/server';
import { application, executor, head, id, now, openWork, step, stepPanel } from '../fixtures';

beforeEach(() => {
  vi.setSystemTime(now);
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

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

describe('preparing the decision', () => {
  it('locks the licence and counts what is lacking', async () => {
    await openWork(
      application('in_review', { step: step('prepare'), actions: offers('checklist_not_done'), ...marked('unmarked') }),
      executor,
    );
    const licence = (await stepPanel()).getByRole('button', { name: 'Подготовить лицензию' });
    expect(licence).toHaveAttribute('aria-disabled', 'true');
    expect(licence).toHaveAccessibleDescription(/из 2: не выполнено 0, не отмечено 1/);
  });

  it('puts the refusal first when a requirement is not met', async () => {
    await openWork(
      application('in_review', { step: step('prepare'), actions: offers('checklist_not_done'), ...marked('no') }),
      executor,
    );
    const refusal = (await stepPanel()).getByRole('link', { name: 'Подготовить отказ' });
    expect(refusal).not.toHaveClass('btn--second');
  });

  it('passes the licence to the head in one press', async () => {
    const { user } = await openWork(
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

describe('a decision that is prepared while a note is being saved', () => {
  async function press(saves: () => Promise<Reply>) {
    const opened = await openWork(
      application('in_review', { step: step('prepare'), actions: offers(), ...marked('yes') }),
      executor,
      {
        'PUT /api/applications/{id}/checklist': saves,
        'POST /api/applications/{id}/prepare-licence': {
          body: application('licence_prepared', { step: step('sign') }),
        },
      },
    );
    const { user } = opened;
    await user.click((await screen.findAllByRole('button', { name: /Добавить заметку/ }))[0] as HTMLElement);
    await user.type(screen.getByRole('textbox', { name: 'Заметка' }), 'Сверено');
    await user.click(await screen.findByRole('button', { name: 'Подготовить лицензию' }));
    return opened;
  }
  const asked = (server: FakeServer, end: string) => server.asked.filter((one) => one.url.pathname.endsWith(end));

  it('waits for the note', async () => {
    let late = () => {};
    const line = new Promise<void>((resolve) => {
      late = resolve;
    });
    const shown = application('in_review', { step: step('prepare'), actions: offers() });
    const { server } = await press(() => line.then(() => ({ body: shown })));
    expect(await screen.findByText('Готовим…')).toBeInTheDocument();
    expect(asked(server, '/checklist')).toHaveLength(1);
    expect(asked(server, '/prepare-licence')).toHaveLength(0);
    late();
    expect(await screen.findByText('Лицензия подготовлена и передана руководителю.')).toBeInTheDocument();
  });

  it('is not prepared without a note that could not be saved', async () => {
    const { server } = await press(async () => ({ status: 503, body: problem('unavailable', 503) }));
    expect(await (await stepPanel()).findByRole('alert')).toHaveTextContent('Служба временно недоступна');
    expect(asked(server, '/prepare-licence')).toHaveLength(0);
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
    await openWork(prepared, head);
    expect((await stepPanel()).getByRole('link', { name: 'Прочитать и подписать' })).toHaveAttribute(
      'href',
      `/work/${id}/decision`,
    );
  });

  it('returns nothing without remarks, and keeps them when the line is dead', async () => {
    const { user, server } = await openWork(prepared, head, {
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

  describe('whose answer was lost on the way', () => {
    const kept = () => sessionStorage.getItem(`return:${id}`);
    const returned = (remarks: string, actorName: string): Application['history'][number] => ({
      at: now,
      action: 'return',
      actorRole: 'head',
      actorName,
      params: { remarks },
    });
    const cut = () => Promise.reject(new TypeError('the line was cut'));
    async function press() {
      const opened = await openWork(prepared, head, { 'POST /api/applications/{id}/return': cut });
      await opened.user.click(await screen.findByRole('button', { name: 'Вернуть с замечаниями' }));
      await opened.user.type(screen.getByRole('textbox', { name: 'Замечания' }), 'Уточните основание ');
      await opened.user.click(screen.getByRole('button', { name: 'Вернуть исполнителю' }));
      expect(await screen.findByText('Нет связи с порталом')).toBeInTheDocument();
      expect(kept()).toContain('Уточните основание');
      return opened;
    }
    const again = (more: Application['history'][number], shown = prepared) => ({
      ...shown,
      history: [...prepared.history, more],
    });

    it.each(['here', 'after a reload'])(
      'leaves no remarks behind once it is seen %s that it happened',
      async (where) => {
        const { server, queries, unmount } = await press();
        const shown = again(
          returned('Уточните основание', head.name),
          application('in_review', { step: step('prepare') }),
        );
        if (where === 'here') {
          server.answer({ 'GET /api/applications/{id}': { body: shown } });
          await queries.refetchQueries({ queryKey: ['application', id] });
        } else {
          unmount();
          await openWork(shown, head);
        }
        expect(await screen.findByText('Сейчас шаг у исполнителя', { exact: false })).toBeInTheDocument();
        expect(kept()).toBeNull();
      },
    );

    it('is told at once, when it happened', async () => {
      const shown = again(
        returned('Уточните основание', head.name),
        application('in_review', { step: step('prepare') }),
      );
      const { user, server } = await openWork(prepared, head, {
        'POST /api/applications/{id}/return': () => {
          server.answer({ 'GET /api/applications/{id}': { body: shown } });
          return cut();
        },
      });
      await user.click(await screen.findByRole('button', { name: 'Вернуть с замечаниями' }));
      await user.type(screen.getByRole('textbox', { name: 'Замечания' }), 'Уточните основание');
      await user.click(screen.getByRole('button', { name: 'Вернуть исполнителю' }));
      expect(await screen.findByText('Решение возвращено исполнителю с замечаниями.')).toBeInTheDocument();
      expect(screen.queryByText('Нет связи с порталом')).toBeNull();
    });

    it('does not fill the form of the next decision, when that is prepared already', async () => {
      const { server, queries } = await press();
      server.answer({ 'GET /api/applications/{id}': { body: again(returned('Уточните основание', head.name)) } });
      await queries.refetchQueries({ queryKey: ['application', id] });
      await waitFor(() => expect(screen.getByRole('textbox', { name: 'Замечания' })).toHaveValue(''));
      expect(kept()).toBeNull();
    });

    it('keeps them when it was a colleague who returned it, for other reasons', async () => {
      const { unmount } = await press();
      unmount();
      const { user } = await openWork(again(returned('Проверьте адрес', 'ЗАМЕСТИТЕЛЬ')), head);
      await user.click(await screen.findByRole('button', { name: 'Вернуть с замечаниями' }));
      expect(screen.getByRole('textbox', { name: 'Замечания' })).toHaveValue('Уточните основание ');
    });
  });
});

it('tells a head who prepared the decision that another one signs it', async () => {
  await openWork(
    application('licence_prepared', {
      step: step('sign'),
      actions: [{ name: 'sign_result', clause: 'R5.5', blocked: 'prepared_by_yourself' }],
    }),
    head,
  );
  expect(await screen.findByText(/Решение подготовили вы сами/)).toBeInTheDocument();
});
