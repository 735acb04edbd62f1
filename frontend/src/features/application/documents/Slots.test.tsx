import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/problem';
import { paths } from '@/app/paths';
import { cabinetFixtures, declaration, draft, draftId, scan, serviceCard } from '@/testing/applications';
import { applicant, renderApp } from '@/testing/renderApp';
import { problem } from '@/testing/server';
import type { Transfer, TransferEvents } from './tusUpload';

type Begun = { slot: string; file: File; events: TransferEvents; transfer: Transfer };
const begun: Begun[] = [];

vi.mock('./tusUpload', () => ({
  startTransfer: async ({ slot, file }: { slot: string; file: File }, events: TransferEvents) => {
    const transfer = { resume: vi.fn(), cancel: vi.fn(async () => {}) };
    begun.push({ slot, file, events, transfer });
    return transfer;
  },
}));

beforeEach(() => {
  begun.length = 0;
  sessionStorage.clear();
});

const soleTrader = { ...draft, applicant: { ...draft.applicant, kind: 'sole_trader' as const } };

async function openDocuments(application = soleTrader, card = serviceCard) {
  const opened = await renderApp(paths.form(draftId, 'documents'), {
    session: applicant,
    fixtures: {
      ...cabinetFixtures(application),
      'GET /api/services/{code}': { body: card },
      'DELETE /api/applications/{id}/attachments/{attachmentId}': { status: 204 },
    },
  });
  await screen.findByRole('heading', { level: 1, name: 'Документы' });
  return opened;
}

const place = (slot: string) => screen.getByLabelText(`Выбрать файл: ${slot}`);
const pdf = (name: string, size = 1000) => {
  const file = new File(['%PDF'], name, { type: 'application/pdf' });
  Object.defineProperty(file, 'size', { value: size });
  return file;
};

describe('the documents of the form', () => {
  it('tell what is needed, what is not and why, and the limits before anything is chosen', async () => {
    await openDocuments();
    const needed = screen.getByRole('heading', { name: 'Нужно приложить' }).closest('section') as HTMLElement;
    expect(within(needed).getByRole('heading', { name: 'Свидетельство о регистрации' })).toBeVisible();
    const others = screen.getByRole('heading', { name: 'Необязательные документы' }).closest('section') as HTMLElement;
    expect(within(others).getByText('Не требуется: сведения даны в форме')).toBeVisible();
    expect(place('Дипломы')).toHaveAccessibleDescription(
      'PDF, JPEG, PNG, файл до 20\u00a0МБ. Файлов здесь: не больше 2.',
    );
  });

  it('tell what the declaration tells of files, and why documents are not needed, once each', async () => {
    const [registration, diplomas] = declaration.sections.find((section) => section.id === 'documents')?.slots ?? [];
    const three = (ru: string) => ({ kk: ru, ru, en: ru });
    const slots = [registration, diplomas, { ...diplomas, id: 'papers', title: three('Документы на оборудование') }];
    const sections = declaration.sections.map((section) =>
      section.id === 'documents'
        ? { ...section, hint: three('PDF, JPEG или PNG, каждый файл до 20 МБ, все вместе до 100 МБ.'), slots }
        : section,
    );
    const service = { ...declaration, sections } as unknown as typeof serviceCard.service;
    await openDocuments(soleTrader, { ...serviceCard, service });
    expect(screen.getAllByText(/100\s?МБ/)).toHaveLength(1);
    expect(screen.getAllByText(/20\s?МБ/)).toHaveLength(1);
    expect(place('Дипломы')).toHaveAccessibleDescription('Файлов здесь: не больше 2.');
    expect(screen.getByText(/^Файлов в одном заявлении — не больше 60\. Сейчас приложено файлов: 0 \(0/)).toBeVisible();
    expect(screen.getByRole('heading', { name: 'Документы на оборудование' })).toBeVisible();
    expect(screen.getAllByText(/[Нн]е требуется/)).toHaveLength(1);
  });

  it('tell the limit of all files themselves when the declaration does not', async () => {
    await openDocuments();
    expect(screen.getByText(/^Все файлы вместе — до 100\s?МБ/)).toBeVisible();
  });

  it('demand a document only of those who need it', async () => {
    const { user } = await openDocuments({ ...draft, applicant: { ...draft.applicant, kind: 'sole_trader' } });
    await user.click(screen.getByRole('button', { name: 'Сохранить и продолжить' }));
    expect(await screen.findByRole('link', { name: '«Свидетельство о регистрации»: приложите файл' })).toBeVisible();
  });

  it('show how far a file is, and list it when it has come', async () => {
    const { user, server } = await openDocuments();
    await user.upload(place('Дипломы'), pdf('диплом.pdf', 4000));
    await waitFor(() => expect(begun).toHaveLength(1));
    begun[0]?.events.onProgress(1000);
    const bar = await screen.findByRole('progressbar', { name: 'Загрузка файла диплом.pdf' });
    await waitFor(() => expect(bar).toHaveAttribute('aria-valuenow', '25'));
    begun[0]?.events.onWaiting();
    expect(await screen.findByText(/Связь прервалась, продолжим сами/)).toBeVisible();
    server.answer({ 'GET /api/applications/{id}': { body: { ...soleTrader, attachments: [scan] } } });
    begun[0]?.events.onDone();
    expect(await screen.findByRole('link', { name: 'диплом.pdf' })).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('progressbar')).toBeNull());
  });

  it('refuse at once what will not be accepted, and say why', async () => {
    await openDocuments();
    fireEvent.change(place('Дипломы'), {
      target: { files: [new File(['MZ'], 'x.exe', { type: 'application/x-msdownload' })] },
    });
    const refused = await screen.findByText(/Такие файлы не принимаются/);
    expect(refused).toBeVisible();
    // As at any field: with a sign, never by colour alone.
    expect(refused.closest('[role=alert]')).toHaveClass('error');
    expect(refused.closest('[role=alert]')?.querySelector('svg')).not.toBeNull();
    fireEvent.change(place('Дипломы'), { target: { files: [pdf('big.pdf', 21.5 * 1024 * 1024)] } });
    expect(
      await screen.findByText(/Файл больше допустимого\. Файл занимает 21,5\sМБ, а предел — 20\sМБ\./),
    ).toBeVisible();
    fireEvent.change(place('Дипломы'), { target: { files: [pdf('over.pdf', 20 * 1024 * 1024 + 1)] } });
    expect(await screen.findByText(/Файл занимает 20,1\sМБ, а предел — 20\sМБ\./)).toBeVisible();
    fireEvent.change(place('Дипломы'), { target: { files: [pdf('empty.pdf', 0)] } });
    expect(await screen.findByText(/Файл пуст/)).toBeVisible();
    expect(begun).toHaveLength(0);
  });

  it('say what the server found in a file, and send it nowhere again', async () => {
    const { user } = await openDocuments();
    await user.upload(place('Дипломы'), pdf('fake.pdf'));
    await waitFor(() => expect(begun).toHaveLength(1));
    begun[0]?.events.onFailed(new ApiError(problem('file_type', 422)));
    expect(await screen.findByText(/Проверяется содержимое файла, а не его название/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /Продолжить загрузку/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Понятно — fake.pdf' }));
    expect(screen.queryByText('fake.pdf')).toBeNull();
  });

  it('go on from where a cut file stopped, or drop it', async () => {
    const { user } = await openDocuments();
    await user.upload(place('Дипломы'), pdf('диплом.pdf'));
    await waitFor(() => expect(begun).toHaveLength(1));
    begun[0]?.events.onFailed(new ApiError({ code: 'network', status: 0 }));
    await user.click(await screen.findByRole('button', { name: 'Продолжить загрузку — диплом.pdf' }));
    expect(begun[0]?.transfer.resume).toHaveBeenCalledOnce();
    await user.click(screen.getByRole('button', { name: 'Отменить загрузку — диплом.pdf' }));
    expect(begun[0]?.transfer.cancel).toHaveBeenCalledOnce();
    expect(screen.queryByText('диплом.pdf')).toBeNull();
  });

  it('ask to sign in when the session has ended, also when that was put off and one presses to go on', async () => {
    const { user, server } = await openDocuments();
    const ended = new ApiError(problem('session_ended', 401));
    await user.upload(place('Дипломы'), pdf('диплом.pdf'));
    await waitFor(() => expect(begun).toHaveLength(1));
    server.answer({ 'GET /api/applications/{id}': { status: 401, body: problem('session_ended', 401) } });
    const later = async () =>
      user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Позже' }));
    begun[0]?.events.onFailed(ended);
    await later();
    await user.click(screen.getByRole('button', { name: 'Продолжить загрузку — диплом.pdf' }));
    begun[0]?.events.onFailed(ended);
    await later();
  });

  it('send two files at once, the others in turn, no more than the place holds', async () => {
    const { user } = await openDocuments();
    await user.upload(place('Дипломы'), [pdf('1.pdf'), pdf('2.pdf'), pdf('3.pdf')]);
    expect(await screen.findByText(/Больше файлов сюда приложить нельзя\. Предел — 2/)).toBeVisible();
    await waitFor(() => expect(begun.map((one) => one.file.name)).toEqual(['1.pdf', '2.pdf']));
  });

  it('remove a file only after asking', async () => {
    const { user, server } = await openDocuments({ ...soleTrader, attachments: [scan] } as typeof soleTrader);
    await user.click(screen.getByRole('button', { name: 'Убрать — диплом.pdf' }));
    const dialog = screen.getByRole('dialog', { name: 'Убрать файл?' });
    expect(server.asked.some((one) => one.method === 'DELETE')).toBe(false);
    server.answer({ 'GET /api/applications/{id}': { body: soleTrader } });
    await user.click(within(dialog).getByRole('button', { name: 'Убрать файл' }));
    await waitFor(() => expect(screen.queryByText('диплом.pdf')).toBeNull());
    expect(server.asked.find((one) => one.method === 'DELETE')?.params.attachmentId).toBe('a1');
  });

  it('keep the focus at the place where a file was chosen that fills it, and where one was removed', async () => {
    const { user, server } = await openDocuments({ ...soleTrader, attachments: [scan] } as typeof soleTrader);
    await user.upload(place('Дипломы'), pdf('диплом-2.pdf'));
    await waitFor(() => expect(screen.getByText(/Чтобы заменить файл, сначала уберите/)).toHaveFocus());
    await waitFor(() => expect(begun).toHaveLength(1));
    await user.click(screen.getByRole('button', { name: 'Отменить загрузку — диплом-2.pdf' }));
    await waitFor(() => expect(place('Дипломы')).toHaveFocus());
    await user.click(screen.getByRole('button', { name: 'Убрать — диплом.pdf' }));
    server.answer({ 'GET /api/applications/{id}': { body: soleTrader } });
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Убрать файл' }));
    await waitFor(() => expect(screen.queryByText('диплом.pdf')).toBeNull());
    expect(place('Дипломы')).toHaveFocus();
  });

  it('keep a file that has arrived in sight until the list that holds it could be read', async () => {
    const { user, server } = await openDocuments();
    await user.upload(place('Дипломы'), pdf('диплом-1.pdf'));
    await waitFor(() => expect(begun).toHaveLength(1));
    server.answer({ 'GET /api/applications/{id}': { status: 503, body: problem('unavailable', 503) } });
    const reads = () => server.asked.filter((one) => one.url.pathname === `/api/applications/${draftId}`).length;
    const before = reads();
    begun[0]?.events.onDone();
    await waitFor(() => expect(reads()).toBe(before + 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(screen.getByText('диплом-1.pdf')).toBeVisible();
    server.answer({
      'GET /api/applications/{id}': { body: { ...soleTrader, attachments: [{ ...scan, name: 'диплом-1.pdf' }] } },
    });
    expect(await screen.findByRole('link', { name: 'диплом-1.pdf' }, { timeout: 6000 })).toBeVisible();
    expect(screen.queryByRole('progressbar')).not.toBeInTheDocument();
  });
});
