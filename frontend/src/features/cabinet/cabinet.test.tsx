import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Application } from '@/api/applications';
import type { components } from '@/api/schema.gen';
import { paths } from '@/app/paths';
import {
  cabinetFixtures,
  draft,
  draftId,
  filedApplication,
  licence,
  scan,
  signedApplication,
} from '@/testing/applications';
import { applicant, renderApp, signedOut } from '@/testing/renderApp';
import { type Fixtures, problem } from '@/testing/server';

type Summary = components['schemas']['ApplicationSummary'];

const summary = ({ id, kind, state, applicant: who, createdAt, updatedAt }: Application, more: Partial<Summary> = {}) =>
  ({ id, kind, state, applicant: who, createdAt, updatedAt, ...more }) satisfies Summary;

const open = (address: string, fixtures: Fixtures) =>
  renderApp(address, { session: applicant, fixtures: { ...cabinetFixtures(), ...fixtures } });

describe('my applications', () => {
  it('say what will be here when there are none', async () => {
    await open(paths.applications, { 'GET /api/applications': { body: { applications: [] } } });
    expect(await screen.findByRole('heading', { name: 'Заявлений пока нет' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'Узнать об услуге и начать' })).toHaveAttribute('href', paths.service);
  });

  it('lead each to where it goes on: the form, the payment, its page', async () => {
    await open(paths.applications, {
      'GET /api/applications': {
        body: {
          applications: [
            summary(draft, { id: 'd' }),
            summary(signedApplication, { id: 's' }),
            summary(signedApplication, { id: 'p', paymentUnderWay: true }),
            summary(filedApplication, {
              id: 'f',
              number: '13-2026-000418',
              filedAt: '2026-11-26T10:06:00Z',
              dueAt: '2026-12-01T12:30:00Z',
            }),
            summary({ ...filedApplication, state: 'refused' }, { id: 'r', number: '13-2026-000001' }),
          ],
        },
      },
    });
    const links = await screen.findAllByRole('link', { name: 'Новая лицензия' });
    expect(links.map((link) => link.getAttribute('href'))).toEqual([
      paths.form('d'),
      paths.payment('s'),
      paths.payment('p'),
      paths.application('f'),
      paths.application('r'),
    ]);
    expect(screen.getByText('Подписано. Осталось оплатить сбор.')).toBeVisible();
    expect(screen.getByText('Подписано. Ждём подтверждения оплаты.')).toBeVisible();
    expect(screen.getByText('Решение — до 1 декабря 2026 года, 17:30')).toBeVisible();
    expect(screen.getByText('Решение ещё не открыто')).toBeVisible();
  });

  it('are shown page by page', async () => {
    const { user } = await open(paths.applications, {
      'GET /api/applications': ({ url }) => ({
        body: url.searchParams.get('cursor')
          ? { applications: [summary(draft, { id: 'b' })] }
          : { applications: [summary(draft, { id: 'a' })], next: 'c2' },
      }),
    });
    await user.click(await screen.findByRole('button', { name: 'Показать ещё' }));
    await waitFor(() => expect(screen.getAllByRole('link', { name: 'Новая лицензия' })).toHaveLength(2));
    expect(screen.queryByRole('button', { name: 'Показать ещё' })).toBeNull();
  });

  it('say what went wrong and try again', async () => {
    const { user, server } = await open(paths.applications, {
      'GET /api/applications': { status: 500, body: problem('internal', 500, { requestId: 'r-1' }) },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('r-1');
    server.answer({ 'GET /api/applications': { body: { applications: [summary(draft)] } } });
    await user.click(screen.getByRole('button', { name: 'Повторить' }));
    expect(await screen.findByRole('link', { name: 'Новая лицензия' })).toBeVisible();
  });
});

async function openApplication(application: Application, fixtures: Fixtures = {}) {
  const opened = await open(paths.application(draftId), { ...cabinetFixtures(application), ...fixtures });
  await screen.findByRole('heading', { level: 2, name: 'Что происходит сейчас' });
  return opened;
}

describe('one application', () => {
  it('says what happens now, who has it, until when (S15, R10.5)', async () => {
    await openApplication(filedApplication);
    expect(screen.getByText(/Канцелярия регистрирует его\. От вас сейчас ничего не нужно\./)).toBeVisible();
    expect(await screen.findByText(/Управление здравоохранения Северо-Казахстанской области/)).toBeVisible();
    expect(screen.getByRole('heading', { name: /^Решение\s— не позже$/ })).toBeVisible();
    const steps = within(screen.getByRole('heading', { name: 'История' }).closest('section') as HTMLElement)
      .getAllByRole('listitem')
      .map((item) => item.textContent);
    expect(steps[2]).toBe('Оплачено и подано26\u00a0ноября, 15:06 · платёжный шлюз');
    expect(steps[3]).toBe('Регистрацияидёт, до 26\u00a0ноября, 15:21');
    await waitFor(() => expect(screen.getByText('исполнитель, до 11 рабочих дней')).toBeVisible());
  });

  it.each<[Application['state'], RegExp]>([
    ['registered', /Руководитель назначает исполнителя/],
    ['assigned', /Исполнитель проверяет, все ли документы есть.*до 30\sноября, 17:30/],
    ['in_review', /по квалификационным требованиям/],
    ['decision_prepared', /Решение подготовлено и ждёт подписи/],
    ['withdrawn', /Вы отозвали заявление/],
  ])('in state %s is told in plain words', async (state, words) => {
    await openApplication({ ...filedApplication, state });
    expect(screen.getByText(words)).toBeVisible();
  });

  it('offers only what the server offers', async () => {
    await openApplication({ ...filedApplication, state: 'decision_prepared', actions: [] });
    expect(screen.queryByRole('button', { name: 'Отозвать заявление' })).toBeNull();
    expect(screen.queryByRole('heading', { name: 'Что вы можете сделать' })).toBeNull();
  });

  it('leads a draft to the form and a signed one to the payment', async () => {
    const { unmount } = await openApplication(draft);
    expect(screen.getByRole('link', { name: 'Продолжить заполнение' })).toHaveAttribute('href', paths.form(draftId));
    unmount();
    await openApplication(signedApplication);
    expect(screen.getByRole('link', { name: 'Перейти к оплате' })).toHaveAttribute('href', paths.payment(draftId));
  });

  it('tells of a signed one when it was signed, and not of a draft', async () => {
    await openApplication(signedApplication);
    expect(screen.getByText('Подписано 26 ноября 2026 года, 15:00')).toBeVisible();
    expect(screen.queryByText(/Черновик · сохранён/)).toBeNull();
  });

  it('asks nobody to pay again while the bank works on the payment', async () => {
    const invoice = { ...signedApplication.invoice, paymentState: 'pending' as const };
    await openApplication({ ...signedApplication, invoice });
    expect(screen.getByText(/оплата ещё подтверждается.*Второй раз платить не нужно/)).toBeVisible();
    expect(screen.queryByText(/ждёт оплаты\. Оно/)).toBeNull();
    expect(screen.queryByRole('link', { name: 'Перейти к оплате' })).toBeNull();
    expect(screen.getByRole('link', { name: 'Что с платежом' })).toHaveAttribute('href', paths.payment(draftId));
  });

  it('keeps the question open while the withdrawal is on its way, so that what came of it is told', async () => {
    let late = () => {};
    const line = new Promise<void>((resolve) => {
      late = resolve;
    });
    const { user } = await openApplication(filedApplication, {
      'POST /api/applications/{id}/withdraw': () =>
        line.then(() => ({ status: 503, body: problem('unavailable', 503) })),
    });
    await user.click(await screen.findByRole('button', { name: 'Отозвать заявление' }));
    const dialog = screen.getByRole('dialog', { name: 'Отозвать заявление?' });
    const keep = within(dialog).getAllByRole('button').at(-1) as HTMLElement;
    await user.click(within(dialog).getByRole('button', { name: 'Отозвать заявление' }));
    expect(keep).not.toBeInTheDocument();
    fireEvent(dialog, new Event('cancel', { cancelable: true }));
    late();
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('Служба временно недоступна');
    expect(within(dialog).getAllByRole('button')).toHaveLength(2);
  });

  it('is withdrawn only after asking, once', async () => {
    const { user, server } = await openApplication(filedApplication, {
      'POST /api/applications/{id}/withdraw': { body: { ...filedApplication, state: 'withdrawn', actions: [] } },
    });
    screen.getByRole('button', { name: 'Отозвать заявление' }).focus();
    await user.keyboard('{Enter}{Enter}');
    const dialog = screen.getByRole('dialog', { name: 'Отозвать заявление?' });
    expect(dialog).toHaveAccessibleDescription(/Сбор не возвращается/);
    expect(within(dialog).getByRole('heading')).toHaveFocus();
    expect(server.asked.some((one) => one.url.pathname.endsWith('/withdraw'))).toBe(false);
    await user.click(within(dialog).getByRole('button', { name: 'Отозвать заявление' }));
    expect(await screen.findByText(/Вы отозвали заявление/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Подать новое заявление с этими ответами' })).toHaveAttribute(
      'href',
      paths.startLike(filedApplication.id),
    );
    expect(server.asked.filter((one) => one.url.pathname.endsWith('/withdraw'))).toHaveLength(1);
  });

  it('says that somebody was faster, and shows how it stands', async () => {
    const { user, server } = await openApplication(filedApplication, {
      'POST /api/applications/{id}/withdraw': { status: 409, body: problem('state_changed', 409) },
    });
    await user.click(screen.getByRole('button', { name: 'Отозвать заявление' }));
    server.answer({
      'GET /api/applications/{id}': { body: { ...filedApplication, state: 'decision_prepared' } },
    });
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Отозвать заявление' }));
    expect(await screen.findByText('Состояние заявления уже изменилось')).toBeVisible();
    expect(await screen.findByText(/Решение подготовлено и ждёт подписи/)).toBeVisible();
  });

  it('gives every paper, and none that is not there yet', async () => {
    const { unmount } = await openApplication({ ...filedApplication, attachments: [scan] });
    const names = screen.getAllByRole('link', { name: /^Скачать/ }).map((link) => link.textContent);
    expect(names).toEqual([
      'Скачать — Заявление',
      'Скачать — Расписка о приёме',
      'Скачать — Квитанция об оплате 43\u00a0250\u00a0₸',
      'Скачать — Подписанный пакет целиком',
      'Скачать — диплом.pdf',
    ]);
    unmount();
    await openApplication(draft);
    expect(screen.queryByRole('heading', { name: 'Документы' })).toBeNull();
  });
});

const issued = {
  ...filedApplication,
  state: 'issued',
  actions: [],
  result: {
    kind: 'licence',
    signedAt: '2026-11-30T09:00:00Z',
    signer: 'СЕЙІТҚАЛИЕВ НҰРБОЛ',
    licenceNumber: 'KZ87DEM00000001',
    annexNumber: '001',
  },
} satisfies Application;

describe('the result', () => {
  it.each([true, false])('tells who hands out the paper copy, when it was wanted: %s (S6.2)', async (paperCopy) => {
    await openApplication({ ...issued, answers: { ...issued.answers, paperCopy } });
    expect(screen.queryAllByText(/просили бумажную копию.*канцелярия органа/)).toHaveLength(paperCopy ? 1 : 0);
  });

  it('a licence is shown only on request, because opening it is recorded (R10.7)', async () => {
    const { user } = await openApplication(issued);
    expect(screen.getByRole('link', { name: 'KZ87DEM00000001' })).toHaveAttribute(
      'href',
      paths.checkNumber('KZ87DEM00000001'),
    );
    expect(screen.queryByTitle('Лицензия')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Показать лицензию' }));
    expect(screen.getByTitle('Лицензия')).toHaveAttribute('src', expect.stringContaining('result.pdf?inline=1'));
  });

  it('a refusal names each ground with its reason, what to put right and how to appeal (S10.8)', async () => {
    await openApplication({
      ...issued,
      state: 'refused',
      result: {
        kind: 'refusal',
        signedAt: '2026-11-30T09:00:00Z',
        signer: 'СЕЙІТҚАЛИЕВ НҰРБОЛ',
        grounds: [
          { code: 'S10.3', reason: 'План не соответствует.', requirement: 'premises', remedy: 'Приложите план.' },
          { code: 'S10.1', reason: 'Запрещено.', basis: 'Закон № 202-V' },
        ],
      },
    });
    expect(screen.getByText('Заявитель не соответствует квалификационным требованиям.')).toBeVisible();
    expect(await screen.findByText('помещение или договор аренды')).toBeVisible();
    expect(screen.getByText('План не соответствует.')).toBeVisible();
    expect(screen.getByText('Приложите план.', { exact: false })).toBeVisible();
    expect(screen.getByText('Основание: Закон № 202-V')).toBeVisible();
    expect(screen.getByRole('heading', { name: 'Если вы не согласны' })).toBeVisible();
    expect(await screen.findByText(/Адрес услугодателя: г\. Петропавловск/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Подать новое заявление с этими ответами' })).toHaveAttribute(
      'href',
      paths.startLike(issued.id),
    );
    expect(screen.queryByRole('heading', { name: /^Решение\s— не позже$/ })).toBeNull();
  });
});

describe('a refusal', () => {
  it.each([
    ['promises nothing about putting right that it does not say', undefined, 'Ниже названа каждая причина.'],
    ['says that it tells what can be put right', 'Приложите план.', 'причина и сказано, что можно исправить.'],
  ])('%s', async (_, remedy, words) => {
    const { step: __, ...ended } = filedApplication;
    await openApplication({
      ...ended,
      state: 'refused',
      result: {
        kind: 'refusal',
        signedAt: '2026-11-30T09:00:00Z',
        signer: 'СЕЙІТҚАЛИЕВ НҰРБОЛ',
        grounds: [{ code: 'S10.1', reason: 'Запрещено.', ...(remedy && { remedy }) }],
      },
    });
    expect(screen.getByText(/^В выдаче лицензии отказано/).textContent?.endsWith(words)).toBe(true);
  });
});

describe('my licences', () => {
  it('show what they allow, whether they are in force, and how others see them', async () => {
    await open(paths.licences, {
      'GET /api/licences': { body: { licences: [licence, { ...licence, number: 'KZ02', status: 'suspended' }] } },
    });
    expect(await screen.findByRole('heading', { name: 'KZ87DEM00000001' })).toBeVisible();
    expect(screen.getByText('Действует')).toBeVisible();
    expect(screen.getByText('Приостановлена')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Как видно в реестре — KZ87DEM00000001' })).toHaveAttribute(
      'href',
      paths.checkNumber('KZ87DEM00000001'),
    );
  });

  it('ask to sign in again when a file is taken after the session has ended', async () => {
    const { user, server } = await open(paths.licences, { 'GET /api/licences': { body: { licences: [licence] } } });
    const link = await screen.findByRole('link', { name: /^Скачать/ });
    server.answer({ 'GET /api/session': { body: signedOut } });
    await user.click(link);
    expect(await screen.findByRole('dialog', { name: 'Сеанс завершён' })).toBeInTheDocument();
    expect(link).toBeInTheDocument();
  });

  it('say when there are none', async () => {
    await open(paths.licences, { 'GET /api/licences': { body: { licences: [] } } });
    expect(await screen.findByRole('heading', { name: 'Лицензий пока нет' })).toBeVisible();
  });
});
