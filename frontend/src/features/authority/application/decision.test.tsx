import { screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '@/api/applications';
import type { ProblemCode } from '@/api/problem';
import { problem } from '@/testing/server';
import { application, executor, head, id, now, openWork, step, stepPanel } from '../fixtures';

beforeEach(() => {
  vi.setSystemTime(now);
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

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
