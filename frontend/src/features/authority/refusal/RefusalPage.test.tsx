import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '@/api/applications';
import { renderApp } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';
import { application, card, executor, id, now, step } from '../fixtures';
import { attributive } from './Letter';

beforeEach(() => {
  vi.setSystemTime(now);
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

const review = (more: Partial<Application> = {}) =>
  application('in_review', {
    step: step('prepare', { dueAt: '2026-12-14T12:30:00Z' }),
    actions: [{ name: 'prepare_refusal', clause: 'R5.3' }],
    checklist: [
      { requirement: 'premises', met: 'no', note: 'Срок договора аренды истёк 31.10.2026.' },
      { requirement: 'equipment', met: 'yes' },
    ],
    ...more,
  });
const open = (shown = review(), more: Fixtures = {}) =>
  renderApp(`/work/${id}/refusal`, {
    session: executor,
    fixtures: {
      'GET /api/applications/{id}': { body: shown },
      'GET /api/services/{code}': { body: card },
      'GET /api/directory/authorities': { body: { authorities: [] } },
      ...more,
    },
  });
const ground = (number: string) => screen.findByRole('checkbox', { name: new RegExp(number.replace('.', '\\.')) });
const pass = () => screen.getByRole('button', { name: 'Передать на подпись руководителю' });
const letter = () => screen.getByRole('article', { name: 'Основания отказа в письме' });
const sent = (server: { asked: { method: string; body: unknown }[] }) =>
  server.asked.filter((one) => one.method === 'POST');

describe('the grounds', () => {
  it('are numbered as the Standard numbers them; those that the law closes are locked with their reason', async () => {
    await open();
    await ground('10.1');
    expect(screen.getAllByRole('checkbox').map((box) => box.id)).toEqual([
      'ground-10.1-code',
      'ground-10.3-code',
      'ground-10.5-code',
      'ground-10.6-code',
    ]);
    expect(screen.getByRole('group', { name: /10.2/ })).toHaveTextContent('Оплачено 26.11.2026, 43 250 ₸');
    expect(screen.getByRole('group', { name: /10.4/ })).toHaveTextContent('Нет ответа согласующего органа');
    const incomplete = screen.getByRole('group', { name: /10.7/ });
    expect(incomplete).toHaveTextContent('уже нельзя');
    // Said once, and no day of the window stands there any more as if it were open.
    expect(incomplete.textContent?.match(/признаны полными/g)).toHaveLength(1);
    expect(incomplete).toHaveTextContent('Документы признаны полными 27 ноября, 11:20: неполнота больше не');
    expect(within(incomplete).queryByRole('listitem')).not.toBeInTheDocument();
  });

  it('leave only incompleteness while completeness is being checked', async () => {
    await open(
      application('assigned', {
        step: step('check', { minutesLeft: 320 }),
        completeness: { closesAt: '2026-12-01T12:30:00Z', open: true },
        actions: [{ name: 'prepare_refusal', clause: 'S4.4' }],
        grounds: [
          ...['S10.1', 'S10.2', 'S10.3', 'S10.4', 'S10.5', 'S10.6'].map((code) => ({
            code,
            open: false,
            closedReason: 'completeness_not_confirmed' as const,
          })),
          { code: 'S10.7', open: true, closesAt: '2026-12-01T12:30:00Z' },
        ],
      }),
    );
    expect((await ground('10.7')).id).toBe('ground-10.7-code');
    expect(screen.getAllByRole('checkbox')).toHaveLength(1);
    expect(screen.getByText(/Осталось: 5 ч 20 мин/)).toBeInTheDocument();
  });
});

describe('what is still lacking', () => {
  it('is a ground, when none is ticked', async () => {
    const { user, server } = await open();
    await ground('10.1');
    await user.click(pass());
    await user.click(await screen.findByRole('link', { name: 'Отметьте хотя бы одно основание' }));
    await waitFor(async () => expect(await ground('10.1')).toHaveFocus());
    expect(sent(server)).toHaveLength(0);
  });

  it('is told for each ground, at its field and in one place', async () => {
    const { user, server } = await open();
    await user.click(await ground('10.3'));
    await user.click(await ground('10.5'));
    await user.click(pass());
    const summary = within(await screen.findByRole('alert'));
    const links = summary.getAllByRole('link').map((link) => link.textContent);
    expect(links).toEqual([
      '10.3: выберите требование',
      '10.3: объясните, почему',
      '10.5: назовите документ с номером и датой',
      '10.5: объясните, почему',
    ]);
    await user.click(summary.getByRole('link', { name: '10.5: назовите документ с номером и датой' }));
    await waitFor(() => expect(screen.getByRole('textbox', { name: /Суд, номер и дата приговора/ })).toHaveFocus());
    expect(sent(server)).toHaveLength(0);
  });

  it('is not covered by blanks', async () => {
    const { user, server } = await open();
    await user.click(await ground('10.1'));
    await user.type(screen.getByRole('textbox', { name: 'Норма, устанавливающая запрет' }), 'Закон, статья 5');
    await user.type(screen.getByRole('textbox', { name: 'Почему' }), '   ');
    await user.click(pass());
    expect(await screen.findByRole('link', { name: '10.1: объясните, почему' })).toBeInTheDocument();
    expect(sent(server)).toHaveLength(0);
  });
});

describe('a refusal', () => {
  it('is told once as prepared, and not again when one comes back to the page', async () => {
    const { user, router } = await open(review(), {
      'POST /api/applications/{id}/prepare-refusal': {
        body: application('refusal_prepared', { step: step('sign') }),
      },
    });
    await user.click(await ground('10.3'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Какое требование' }), 'premises');
    await user.type(screen.getByRole('textbox', { name: /Что исправить/ }), 'Приложите действующий договор.');
    await user.click(pass());
    expect(await screen.findByText('Отказ подготовлен и передан руководителю.')).toBeInTheDocument();
    await act(() => router.navigate('/work?show=all'));
    await act(() => router.navigate(-1));
    await waitFor(() => expect(router.state.location.pathname).toBe(`/work/${id}`));
    expect(await screen.findByRole('heading', { name: 'Подписать отказ' })).toBeInTheDocument();
    expect(screen.queryByText('Отказ подготовлен и передан руководителю.')).not.toBeInTheDocument();
  });

  it('goes to the head with exactly what was chosen and typed', async () => {
    const { user, server, router } = await open(review(), {
      'POST /api/applications/{id}/prepare-refusal': {
        body: application('refusal_prepared', { step: step('sign') }),
      },
    });
    await user.click(await ground('10.3'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Какое требование' }), 'premises');
    // The note of the checklist is where the reason begins.
    expect(screen.getByRole('textbox', { name: 'Почему' })).toHaveValue('Срок договора аренды истёк 31.10.2026.');
    await user.type(screen.getByRole('textbox', { name: /Что исправить/ }), ' Приложите действующий договор. ');
    await user.click(pass());
    await waitFor(() => expect(router.state.location.pathname).toBe(`/work/${id}`));
    expect(await screen.findByText('Отказ подготовлен и передан руководителю.')).toBeInTheDocument();
    expect(sent(server).map((one) => one.body)).toEqual([
      {
        grounds: [
          {
            code: 'S10.3',
            reason: 'Срок договора аренды истёк 31.10.2026.',
            requirement: 'premises',
            remedy: 'Приложите действующий договор.',
          },
        ],
      },
    ]);
    expect(sessionStorage.getItem(`refusal:${id}`)).toBeNull();
  });

  it('does not overwrite a reason that stands already', async () => {
    const { user } = await open();
    await user.click(await ground('10.3'));
    await user.type(screen.getByRole('textbox', { name: 'Почему' }), 'Моё');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Какое требование' }), 'premises');
    expect(screen.getByRole('textbox', { name: 'Почему' })).toHaveValue('Моё');
  });

  it('counts what is left of 2000 characters', async () => {
    const { user } = await open();
    await user.click(await ground('10.6'));
    await user.type(screen.getByRole('textbox', { name: 'Почему' }), 'Запрет');
    expect(screen.getByText(/Осталось 1994 знака/)).toBeInTheDocument();
  });

  it('is kept in this window until it is passed on', async () => {
    const { user, unmount } = await open();
    await user.click(await ground('10.6'));
    await user.type(screen.getByRole('textbox', { name: 'Почему' }), 'Запрет суда');
    unmount();
    await open();
    expect(await ground('10.6')).toBeChecked();
    expect(screen.getByRole('textbox', { name: 'Почему' })).toHaveValue('Запрет суда');
  });

  it('that came back begins with what was proposed, and with the remarks', async () => {
    await open(
      review({
        remarks: 'Уточните дату',
        decision: {
          kind: 'refusal',
          preparedAt: now,
          preparedBy: 'ТЕСТОВА АЙГҮЛ',
          grounds: [{ code: 'S10.5', reason: 'Запрещено приговором', basis: 'Суд, № 1' }],
        },
      }),
    );
    expect(await ground('10.5')).toBeChecked();
    expect(screen.getByRole('textbox', { name: 'Почему' })).toHaveValue('Запрещено приговором');
    expect(screen.getByText('Уточните дату')).toBeInTheDocument();
  });

  it('leaves out a ground that has been closed since it was ticked', async () => {
    sessionStorage.setItem(
      `refusal:${id}`,
      JSON.stringify({
        by: executor.iin,
        value: { 'S10.7': { on: true, reason: 'Нет договора', requirement: '', basis: '', remedy: '' } },
      }),
    );
    const { user, server } = await open();
    await ground('10.1');
    expect(screen.getByRole('group', { name: /10.7/ })).toHaveTextContent('в письмо не войдёт');
    expect(letter()).not.toHaveTextContent('Нет договора');
    await user.click(pass());
    expect(await screen.findByRole('link', { name: 'Отметьте хотя бы одно основание' })).toBeInTheDocument();
    expect(sent(server)).toHaveLength(0);
  });
});

describe('what the server refuses', () => {
  const fill = async (user: Awaited<ReturnType<typeof open>>['user']) => {
    await user.click(await ground('10.6'));
    await user.type(screen.getByRole('textbox', { name: /судебный исполнитель/ }), 'Суд, № 5');
    await user.type(screen.getByRole('textbox', { name: 'Почему' }), 'Запрет');
    await user.click(pass());
  };

  it('stands at the ground it is about, and nothing is lost', async () => {
    const { user } = await open(review(), {
      'POST /api/applications/{id}/prepare-refusal': {
        status: 422,
        body: problem('grounds_invalid', 422, { fields: [{ path: 'grounds[0].code', code: 'two_days_passed' }] }),
      },
    });
    await fill(user);
    expect(await screen.findAllByText('Два рабочих дня прошли: по неполному пакету отказать уже нельзя')).toHaveLength(
      2,
    );
    expect(screen.getByRole('textbox', { name: 'Почему' })).toHaveValue('Запрет');
  });

  it('because a colleague was faster is told with what he did, the text stays', async () => {
    const { user, server } = await open(review(), {
      'POST /api/applications/{id}/prepare-refusal': () => {
        const shown = application('licence_prepared', { step: step('sign') });
        shown.history = [
          ...shown.history,
          { at: now, action: 'prepare_licence', actorRole: 'executor', actorName: 'ҚОЖАХМЕТОВ' },
        ];
        server.answer({ 'GET /api/applications/{id}': { body: shown } });
        return { status: 409, body: problem('state_changed', 409) };
      },
    });
    await fill(user);
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Подготовлена лицензия, ҚОЖАХМЕТОВ'));
    await waitFor(() => expect(pass()).toHaveAttribute('aria-disabled', 'true'));
    expect(sessionStorage.getItem(`refusal:${id}`)).toContain('Запрет');
  });

  it('is not asked at all when the step is somebody else’s', async () => {
    const { user, server } = await open(review({ actions: [] }));
    await ground('10.1');
    expect(screen.getByRole('heading', { name: 'Сейчас отказ подготовить нельзя' })).toBeInTheDocument();
    await user.click(pass());
    expect(sent(server)).toHaveLength(0);
  });
});

describe('the letter', () => {
  it('grows as one types, in the language that is chosen for it', async () => {
    const { user } = await open();
    await user.click(await ground('10.3'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Какое требование' }), 'premises');
    expect(letter()).toHaveTextContent('Заявление от 26 ноября 2026 года № 1207 рассмотрено');
    expect(letter()).toHaveTextContent('по следующему основанию');
    expect(letter()).toHaveTextContent('Установленные обстоятельства: Срок договора аренды истёк 31.10.2026.');
    await user.click(screen.getByRole('button', { name: 'Қазақша' }));
    expect(letter()).toHaveAttribute('lang', 'kk');
    expect(letter()).toHaveTextContent('2026 жылғы 26 қарашадағы № 1207 өтініш');
    expect(letter()).toHaveTextContent('Орындалмаған талап: kk помещения');
    expect(letter()).toHaveTextContent('Анықталған мән-жай: Срок договора аренды истёк');
  });

  it('is not taken for the whole one, and takes what is typed into both its languages', async () => {
    const { user } = await open();
    await user.click(await ground('10.1'));
    expect(screen.getByText(/^Основания отказа, как они будут изложены в письме/)).toBeVisible();
    expect(screen.getByText(/Это не всё письмо\. Целиком.*в PDF/)).toBeVisible();
    expect(screen.getByRole('textbox', { name: 'Почему' })).toHaveAccessibleDescription(
      /^Войдёт как набрано и в казахский, и в русский текст письма\./,
    );
  });

  it('numbers the grounds when there are several', async () => {
    const { user } = await open();
    await user.click(await ground('10.1'));
    await user.click(await ground('10.6'));
    expect(letter()).toHaveTextContent('по следующим основаниям');
    expect(letter()).toHaveTextContent('2. Подпункт 6) пункта 10');
  });

  it('is drawn as PDF from what is typed, and not from what is lacking', async () => {
    const draw = vi.fn(() => ({ body: new Uint8Array([37, 80, 68, 70]) }));
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:letter', revokeObjectURL: () => {} }));
    const { user } = await open(review(), { 'POST /api/applications/{id}/refusal-preview': draw });
    await user.click(await ground('10.6'));
    await user.click(screen.getByRole('button', { name: 'Показать как PDF' }));
    expect(await screen.findByRole('link', { name: '10.6: объясните, почему' })).toBeInTheDocument();
    expect(draw).not.toHaveBeenCalled();
    await user.type(screen.getByRole('textbox', { name: /судебный исполнитель/ }), 'Суд, № 5');
    await user.type(screen.getByRole('textbox', { name: 'Почему' }), 'Запрет');
    await user.click(screen.getByRole('button', { name: 'Показать как PDF' }));
    expect(await screen.findByTitle('Письмо об отказе')).toHaveAttribute('src', 'blob:letter');
    expect(draw).toHaveBeenCalledOnce();
  });

  it.each([
    ['2026-03-27T05:00:00Z', '2026 жылғы 27 наурыздағы'],
    ['2026-04-05T05:00:00Z', '2026 жылғы 5 сәуірдегі'],
    ['2026-09-09T05:00:00Z', '2026 жылғы 9 қыркүйектегі'],
    ['2026-08-01T05:00:00Z', '2026 жылғы 1 тамыздағы'],
  ])('says %s in Kazakh as %s', (moment, said) => {
    expect(attributive(moment, 'kk').replace(/\u00a0/g, ' ')).toBe(said);
  });
});

describe('a refusal whose answer was lost on the way', () => {
  const kept = () => sessionStorage.getItem(`refusal:${id}`);
  const prepared = (reason: string) => {
    const shown = application('refusal_prepared', {
      step: step('sign'),
      decision: {
        kind: 'refusal',
        preparedAt: now,
        preparedBy: executor.name,
        grounds: [{ code: 'S10.6', reason, basis: 'Суд, № 1' }],
      },
    });
    // The journal keeps the names of a ground in an order of its own.
    const params = { kind: 'refusal', grounds: ['S10.6'], reasons: [{ basis: 'Суд, № 1', code: 'S10.6', reason }] };
    return {
      ...shown,
      history: [...shown.history, { at: now, action: 'prepare_refusal', actorRole: 'executor' as const, params }],
    };
  };
  async function press() {
    const opened = await open(review(), {
      'POST /api/applications/{id}/prepare-refusal': () => Promise.reject(new TypeError('the line was cut')),
    });
    await opened.user.click(await ground('10.6'));
    await opened.user.type(screen.getByRole('textbox', { name: 'Почему' }), 'Запрет суда ');
    await opened.user.type(screen.getByRole('textbox', { name: /Суд, номер и дата/ }), 'Суд, № 1');
    await opened.user.click(pass());
    expect(await screen.findByText('Нет связи с порталом')).toBeInTheDocument();
    expect(kept()).toContain('Запрет суда');
    return opened;
  }
  const work = (shown: Application) =>
    renderApp(`/work/${id}`, {
      session: executor,
      fixtures: {
        'GET /api/applications/{id}': { body: shown },
        'GET /api/services/{code}': { body: card },
        'GET /api/directory/authorities': { body: { authorities: [] } },
      },
    });

  it.each(['here', 'after a reload', 'in the file'])(
    'leaves nothing behind once it is seen %s that it is prepared',
    async (where) => {
      const { server, queries, unmount } = await press();
      if (where === 'here') {
        server.answer({ 'GET /api/applications/{id}': { body: prepared('Запрет суда') } });
        await queries.refetchQueries({ queryKey: ['application', id] });
      } else {
        unmount();
        await (where === 'in the file' ? work(prepared('Запрет суда')) : open(prepared('Запрет суда')));
        await screen.findByRole('heading', { level: 1 });
      }
      await waitFor(() => expect(kept()).toBeNull());
      expect(sessionStorage).toHaveLength(0);
    },
  );

  it('is told as prepared at once, when it was', async () => {
    const { user, server, router } = await open(review(), {
      'POST /api/applications/{id}/prepare-refusal': () => {
        server.answer({ 'GET /api/applications/{id}': { body: prepared('Запрет суда') } });
        throw new TypeError('the line was cut');
      },
    });
    await user.click(await ground('10.6'));
    await user.type(screen.getByRole('textbox', { name: 'Почему' }), 'Запрет суда');
    await user.type(screen.getByRole('textbox', { name: /Суд, номер и дата/ }), 'Суд, № 1');
    await user.click(pass());
    expect(await screen.findByText('Отказ подготовлен и передан руководителю.')).toBeInTheDocument();
    expect(router.state.location.pathname).toBe(`/work/${id}`);
  });

  it('stays when it was prepared in another window with other words', async () => {
    const { unmount } = await press();
    unmount();
    await open(prepared('Приговор'));
    await screen.findByRole('heading', { level: 1 });
    expect(kept()).toContain('Запрет суда');
  });
});
