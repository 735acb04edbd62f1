import { screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderApp } from '@/testing/renderApp';
import { problem } from '@/testing/server';
import { allTexts } from '@/testing/texts';
import styles from '@/ui/Verdict.module.css';
import type { ReportedSignature, SignatureReport } from './queries';

const signature: ReportedSignature = {
  outcome: 'TOTAL-PASSED',
  coversWholeFile: true,
  signer: 'ТЕСТОВ ТЕСТ',
  algorithm: 'GOST 34.10-2015-512',
  provenAt: '2026-12-18T07:00:00Z',
  timeStamps: [{ outcome: 'TOTAL-PASSED', at: '2026-12-18T07:00:00Z', authority: 'TSA' }],
  checks: [{ name: 'signature', rule: 'RFC 5652 §5.6', outcome: 'passed' }],
};

const good: SignatureReport = {
  kind: 'pdf',
  outcome: 'TOTAL-PASSED',
  signatures: [signature],
  asOf: '2026-12-21T05:40:00Z',
};

const file = (name = 'licence.pdf') => new File(['%PDF-1.7 …'], name);

async function dropped(report: SignatureReport, files = [file()]) {
  const opened = await renderApp('/signature', { fixtures: { 'POST /api/signatures/check': { body: report } } });
  await opened.user.upload(await screen.findByLabelText('Подписанный файл'), files);
  return opened;
}

const alone = {
  ...good,
  kind: 'cms',
  outcome: 'INDETERMINATE',
  reason: 'signature_content_missing',
  signatures: [{ ...signature, outcome: 'INDETERMINATE', timeStamps: [], checks: [] }],
} satisfies SignatureReport;

const large = (size: number, name?: string) => Object.defineProperty(file(name), 'size', { value: size });
const megabyte = 1024 * 1024;

describe('check a signature', () => {
  it('says who signed and since when that is proven', async () => {
    await dropped(good);
    expect(await screen.findByRole('heading', { name: 'Подпись действительна' })).toBeInTheDocument();
    expect(screen.getByText('ТЕСТОВ ТЕСТ')).toBeInTheDocument();
    expect(screen.getByText('Доказано, что подпись существовала')).toBeInTheDocument();
    expect(screen.getByText(/RFC 5652 §5.6: выполнено/)).toBeInTheDocument();
  });

  it('checks the same file again when it could not be checked now', async () => {
    const silent = { ...good, outcome: 'INDETERMINATE', reason: 'revocation_unavailable', code: 'TRY_LATER' } as const;
    const { user, server } = await dropped(silent);
    server.answer({ 'POST /api/signatures/check': { body: good } });
    await user.click(await screen.findByRole('button', { name: 'Повторить' }));
    expect(await screen.findByRole('heading', { name: 'Подпись действительна' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Повторить' })).toBeNull();
    expect(server.asked.filter((one) => one.method === 'POST')).toHaveLength(2);
  });

  it.each([
    ['TOTAL-FAILED', 'signature_content_differs', 'Подпись недействительна', /изменён после подписания/],
    ['NO_SIGNATURE_FOUND', 'signature_none', 'Подпись не найдена', /нет подписи/],
    ['TOTAL-FAILED', 'a_code_of_tomorrow', 'Подпись недействительна', /a_code_of_tomorrow/],
  ] as const)('says %s of %s in plain words', async (outcome, reason, title, words) => {
    await dropped({ ...good, outcome, reason, signatures: [] });
    expect(await screen.findByRole('heading', { name: title })).toBeInTheDocument();
    expect(screen.getByText(words)).toBeInTheDocument();
  });

  // While the certification authority is silent nothing can be said for or against the signature (I6).
  it.each([
    ['kk', 'Қолтаңбаның жарамдылығы расталмады', /^Қазір тексеру мүмкін болмады/],
    ['ru', 'Действительность подписи не подтверждена', /^Сейчас проверить не удалось/],
    ['en', 'The signature could not be shown to be valid', /^Could not be checked now/],
  ] as const)('says in %s that it could not be checked now', async (language, title, words) => {
    const outcome = { outcome: 'INDETERMINATE', reason: 'revocation_unavailable', code: 'TRY_LATER' } as const;
    const said = allTexts()[language].signatures as typeof import('@/i18n/ru/signatures.json');
    const { user } = await renderApp('/signature', {
      language,
      fixtures: {
        'POST /api/signatures/check': {
          body: { ...good, ...outcome, signatures: [{ ...signature, ...outcome, timeStamps: [] }] },
        },
      },
    });
    await user.upload(await screen.findByLabelText(said.file.label), [file()]);
    const band = (await screen.findByRole('heading', { name: title })).closest('section');
    expect(band).toHaveClass(styles.unknown ?? '');
    expect(band).not.toHaveClass(styles.good ?? '');
    expect(band).not.toHaveClass(styles.bad ?? '');
    // Of the file, and of its one signature.
    expect(screen.getAllByText(words)).toHaveLength(2);
    for (const claim of ['TOTAL-PASSED', 'TOTAL-FAILED'] as const)
      expect(screen.queryByText(new RegExp(said.outcomes[claim]))).not.toBeInTheDocument();
  });

  it('tells what was added after a signature, and a bad time stamp', async () => {
    await dropped({
      ...good,
      outcome: 'INDETERMINATE',
      reason: 'document_changed',
      signatures: [
        {
          ...signature,
          coversWholeFile: false,
          timeStamps: [{ outcome: 'TOTAL-FAILED', reason: 'timestamp_other_signature' }],
        },
      ],
    });
    expect(await screen.findByText(/добавлено после этой подписи/)).toBeInTheDocument();
    expect(screen.getByText('Метка времени поставлена на другую подпись')).toBeInTheDocument();
  });

  it.each([
    [/^Файл больше 20.МБ$/, [large(20 * megabyte + 1)]],
    [/^Файлы вместе больше 20.МБ$/, [large(10 * megabyte), large(10 * megabyte + 1)]],
    ['Выберите не больше двух файлов: подпись и подписанный документ', [file(), file(), file()]],
    ['Файл пустой: пусто.p7s', [file(), new File([], 'пусто.p7s')]],
  ])('says "%s" and sends nothing', async (words, files) => {
    const { server } = await dropped(good, files);
    expect(await screen.findByText(words)).toBeInTheDocument();
    expect(server.asked.some((a) => a.url.pathname === '/api/signatures/check')).toBe(false);
  });
});

describe('a signature that is kept apart from its document', () => {
  let sent: string[][] = [];
  beforeEach(() => {
    sent = [];
    // The form is the browser's own matter; here it is enough to know which files go into it.
    vi.spyOn(FormData.prototype, 'append').mockImplementation((_, value) => {
      sent.push([(value as unknown as File).name]);
    });
  });
  afterEach(() => vi.restoreAllMocks());

  const document = () => screen.findByLabelText('Подписанный документ');

  it('is asked for the document, and judged with it', async () => {
    const { user, server } = await dropped(alone, [file('договор.p7s')]);
    expect(await screen.findByRole('heading', { name: 'Нужен подписанный документ' })).toBeInTheDocument();
    await waitFor(async () => expect(await document()).toHaveFocus());
    expect(await document()).toHaveAccessibleDescription(/Файл подписи: договор\.p7s/);
    // Nothing can be said of the signature yet, not even that it has no time stamp.
    expect(screen.queryByText('Метки времени нет')).not.toBeInTheDocument();
    expect(sent).toEqual([]);

    server.answer({ 'POST /api/signatures/check': { body: { ...good, kind: 'cms' } } });
    await user.upload(await document(), file('договор.docx'));
    expect(await screen.findByRole('heading', { name: 'Подпись действительна' })).toBeInTheDocument();
    expect(sent).toEqual([['договор.p7s'], ['договор.docx']]);
    expect(screen.getByText(/Проверены файлы: договор\.p7s, договор\.docx/)).toBeInTheDocument();
    expect(screen.queryByLabelText('Подписанный документ')).not.toBeInTheDocument();
  });

  it('goes with both files when they are dropped together', async () => {
    await dropped({ ...good, kind: 'cms' }, [file('договор.docx'), file('договор.p7s')]);
    expect(await screen.findByRole('heading', { name: 'Подпись действительна' })).toBeInTheDocument();
    expect(sent).toEqual([['договор.docx'], ['договор.p7s']]);
  });

  it('stays when the document was another one, or did not arrive', async () => {
    const { user, server } = await dropped(alone, [file('договор.p7s')]);
    server.answer({
      'POST /api/signatures/check': {
        body: { ...alone, outcome: 'TOTAL-FAILED', reason: 'signature_content_differs' },
      },
    });
    await user.upload(await document(), file('черновик.docx'));
    expect(await screen.findByRole('heading', { name: 'Подпись недействительна' })).toBeInTheDocument();

    server.answer({ 'POST /api/signatures/check': { status: 429, body: problem('too_many_tries', 429) } });
    await user.upload(await document(), file('договор.docx'));
    expect(await screen.findByText('Слишком много попыток')).toBeInTheDocument();

    await user.upload(await document(), new File([], 'пусто.docx'));
    expect(await screen.findByText('Файл пустой: пусто.docx')).toBeInTheDocument();
    expect(sent).toHaveLength(4);
  });

  it('is forgotten when another file is to be checked', async () => {
    const { user, server } = await dropped(alone, [file('договор.p7s')]);
    await document();
    server.answer({ 'POST /api/signatures/check': { body: good } });
    await user.upload(screen.getByLabelText('Подписанный файл'), file());
    expect(await screen.findByRole('heading', { name: 'Подпись действительна' })).toBeInTheDocument();
    expect(screen.queryByLabelText('Подписанный документ')).not.toBeInTheDocument();
  });

  it('is told when neither of two files can be read as one', async () => {
    const { user } = await renderApp('/signature', {
      fixtures: { 'POST /api/signatures/check': { status: 422, body: problem('no_separate_signature', 422) } },
    });
    await user.upload(await screen.findByLabelText('Подписанный файл'), [file('а.docx'), file('б.docx')]);
    expect(await screen.findByText('Ни один из двух файлов не читается как отдельная подпись')).toBeInTheDocument();
  });
});
