import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderApp } from '@/testing/renderApp';
import { problem } from '@/testing/server';
import { allTexts } from '@/testing/texts';
import styles from '@/ui/Verdict.module.css';
import { judge } from './FileVerdictView';
import type { FileVerdict, PublicLicence } from './queries';

const number = 'KZ18LAA00032760';
const text = (ru: string) => ({ kk: `kk ${ru}`, ru, en: `en ${ru}` });
const licence = {
  number,
  holder: 'ТОО «Тест Клиника»',
  bin: '123456789021',
  activity: text('Медицинская деятельность'),
  subActivities: [text('Стоматология терапевтическая')],
  addresses: ['г. Петропавловск, ул. Тестовая, 1'],
  annexes: [{ number: '001', issuedOn: '2026-12-18' }],
  issuedOn: '2026-12-18',
  firstIssuedOn: '2026-12-18',
  status: 'valid',
  licensor: text('Управление здравоохранения'),
  asOf: '2026-12-21T05:40:00Z',
} satisfies PublicLicence;

const good = {
  signature: { answer: 'good', signer: 'ТЕСТОВ Б. Т.', signedAt: '2026-12-18T07:00:00Z' },
  register: { answer: 'same', kind: 'licence' },
  inForce: { answer: 'yes', status: 'valid' },
  licence,
  asOf: '2026-12-21T05:40:00Z',
} satisfies FileVerdict;

const pdf = (name = 'licence.pdf') => new File(['%PDF-1.7 …'], name, { type: 'application/pdf' });

describe('check by number', () => {
  it('answers from the address, as the QR code opens it', async () => {
    await renderApp(`/check/${number}`, { fixtures: { 'GET /api/licences/{number}': { body: licence } } });
    expect(await screen.findByRole('heading', { name: 'Лицензия действует' })).toBeInTheDocument();
    expect(screen.getByText('Стоматология терапевтическая')).toBeInTheDocument();
    expect(screen.getByText('ТОО «Тест Клиника», БИН 123456789021')).toBeInTheDocument();
    // A number says nothing about a signature, and the page does not pretend it does.
    expect(screen.getByText('Нужен файл')).toBeInTheDocument();
  });

  it('asks the register for a typed number, tidied', async () => {
    const { user, server, router } = await renderApp('/check', {
      fixtures: { 'GET /api/licences/{number}': { body: licence } },
    });
    await user.type(await screen.findByLabelText('Номер лицензии'), ' kz18 laa00032760');
    await user.click(screen.getByRole('button', { name: 'Проверить' }));
    expect(await screen.findByRole('heading', { name: 'Лицензия действует' })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe(`/check/${number}`);
    expect(server.asked.filter((a) => a.url.pathname.startsWith('/api/licences/'))).toHaveLength(1);
  });

  it.each([
    ['', 'Введите номер с документа'],
    ['418', 'Номер состоит из букв KZ'],
    ['KZ19LAA00032760', 'В номере опечатка'],
  ])('does not ask about "%s"', async (typed, words) => {
    const { user, server } = await renderApp('/check');
    const field = await screen.findByLabelText('Номер лицензии');
    if (typed) await user.type(field, typed);
    await user.click(screen.getByRole('button', { name: 'Проверить' }));
    expect(field).toHaveAccessibleDescription(new RegExp(words));
    expect(document.title).toMatch(/^Ошибка:/);
    expect(server.asked.some((a) => a.url.pathname.startsWith('/api/licences/'))).toBe(false);
  });

  it.each([
    ['suspended', 'Нет, приостановлена'],
    ['terminated', 'Нет, прекращена'],
    ['expired', 'Нет, срок истёк'],
  ] as const)('a %s licence is not in force, and patients are told what to do', async (status, words) => {
    await renderApp(`/check/${number}`, {
      fixtures: { 'GET /api/licences/{number}': { body: { ...licence, status } } },
    });
    expect(await screen.findByRole('heading', { name: 'Лицензия не действует' })).toBeInTheDocument();
    expect(screen.getByText(words)).toBeInTheDocument();
    expect(screen.getByText(/Не пользуйтесь услугами/)).toBeInTheDocument();
  });

  it('says that there is no such licence', async () => {
    await renderApp(`/check/${number}`);
    expect(await screen.findByRole('heading', { name: 'Такой лицензии в реестре нет' })).toBeInTheDocument();
  });

  it('calls a register that does not answer neither good nor bad', async () => {
    await renderApp(`/check/${number}`, {
      fixtures: { 'GET /api/licences/{number}': { status: 500, body: problem('internal', 500) } },
    });
    expect(await screen.findByRole('heading', { name: 'Проверить сейчас не удалось' })).toBeInTheDocument();
    expect(screen.getByText(/не значит, что лицензия недействительна/)).toBeInTheDocument();
  });

  it('speaks the language of the reader', async () => {
    await renderApp(`/check/${number}`, {
      language: 'kk',
      fixtures: { 'GET /api/licences/{number}': { body: licence } },
    });
    expect(await screen.findByRole('heading', { name: 'Лицензия қолданыста' })).toBeInTheDocument();
    expect(screen.getByText('kk Стоматология терапевтическая')).toBeInTheDocument();
  });
});

describe('check by file', () => {
  it('gives three answers', async () => {
    const { user, server } = await renderApp('/check', {
      fixtures: { 'POST /api/licences/check-file': { body: good } },
    });
    await user.upload(await screen.findByLabelText(/Файл PDF/), pdf());
    expect(await screen.findByRole('heading', { name: 'Лицензия действует' })).toBeInTheDocument();
    expect(screen.getByText('Тот самый документ')).toBeInTheDocument();
    expect(screen.getByText('Проверен файл: licence.pdf')).toBeInTheDocument();
    const sent = server.asked.find((a) => a.method === 'POST');
    expect(sent?.headers.get('Content-Type')).toBe('application/pdf');
    expect(sent?.body).toBe('%PDF-1.7 …');
  });

  it('does not send what is not a PDF', async () => {
    const { user, server } = await renderApp('/check');
    await user.upload(
      await screen.findByLabelText(/Файл PDF/),
      new File(['PK…'], 'a.pdf', { type: 'application/pdf' }),
    );
    expect(await screen.findByText(/Это не PDF/)).toBeInTheDocument();
    expect(server.asked.some((a) => a.method === 'POST')).toBe(false);
  });

  it('says what is wrong with a changed file in plain words', async () => {
    const changed = {
      ...good,
      signature: { answer: 'bad', reason: 'signature_content_differs' },
      register: { answer: 'differs' },
      inForce: { answer: 'not_applicable' },
    } satisfies FileVerdict;
    const { user } = await renderApp('/check', { fixtures: { 'POST /api/licences/check-file': { body: changed } } });
    await user.upload(await screen.findByLabelText(/Файл PDF/), pdf());
    expect(await screen.findByRole('heading', { name: 'Документу верить нельзя' })).toBeInTheDocument();
    expect(screen.getByText(/сообщите по номеру 1414/)).toBeInTheDocument();
    expect(screen.getByText('Документ изменён после подписания.')).toBeInTheDocument();
    expect(
      screen.getByText(`В реестре под номером ${good.licence.number} хранится другой файл: этот документ изменён.`),
    ).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Настоящая запись в реестре' })).toBeInTheDocument();
    expect(screen.queryByText('Не приостановлена и не прекращена.')).toBeNull();
  });

  // A receipt, an invoice: neither forged nor changed.
  it('says of a file without a signature just that', async () => {
    const receipt = {
      signature: { answer: 'bad', reason: 'file_unsigned' },
      register: { answer: 'unknown' },
      inForce: { answer: 'not_applicable' },
      asOf: good.asOf,
    } satisfies FileVerdict;
    const { user } = await renderApp('/check', { fixtures: { 'POST /api/licences/check-file': { body: receipt } } });
    await user.upload(await screen.findByLabelText(/Файл PDF/), pdf());
    expect(await screen.findByRole('heading', { name: 'В файле нет подписи' })).toBeInTheDocument();
    expect(screen.getByText('Подписи нет')).toBeInTheDocument();
    expect(screen.queryByText(/изменён|Недействительна|верить нельзя/)).not.toBeInTheDocument();
  });

  // While the certification authority is silent the answer is "could not be checked now": neither good nor bad (I6, product.md §4).
  it.each([
    ['kk', 'Толық тексерілген жоқ', 'Қазір тексерілмеді', 'Бұл құжат жарамсыз дегенді білдірмейді.'],
    ['ru', 'Проверено не полностью', 'Не проверена сейчас', 'Это не значит, что документ недействителен.'],
    ['en', 'Not fully checked', 'Not checked now', 'This does not mean that the document is invalid.'],
  ] as const)('says in %s that the signature could not be checked now', async (language, title, answer, words) => {
    const silent = {
      ...good,
      signature: { answer: 'not_checked', reason: 'revocation_unavailable', signer: 'ТЕСТОВ Б. Т.' },
    } satisfies FileVerdict;
    const said = allTexts()[language].check as typeof import('@/i18n/ru/check.json');
    const { user } = await renderApp('/check', {
      language,
      fixtures: { 'POST /api/licences/check-file': { body: silent } },
    });
    await user.upload(await screen.findByLabelText(new RegExp(said.file.label)), pdf());
    const band = (await screen.findByRole('heading', { name: title })).closest('section');
    expect(band).toHaveTextContent(words);
    for (const part of [band, screen.getByText(answer)]) {
      expect(part).toHaveClass(styles.unknown ?? '');
      expect(part).not.toHaveClass(styles.good ?? '');
      expect(part).not.toHaveClass(styles.bad ?? '');
    }
    const { verdict, a } = said;
    for (const claim of [verdict.valid, verdict.notInForce, verdict.false])
      expect(screen.queryByText(claim)).not.toBeInTheDocument();
    const answers = within(screen.getByText(answer).closest('ol') as HTMLElement);
    for (const claim of [a.signature.good, a.signature.bad]) expect(answers.queryByText(claim)).not.toBeInTheDocument();
  });

  it.each([
    ['all three good', good, 'valid'],
    [
      'a refusal letter',
      { ...good, register: { answer: 'same', kind: 'refusal' }, inForce: { answer: 'not_applicable' } },
      'refusal',
    ],
    ['suspended', { ...good, inForce: { answer: 'no', status: 'suspended' } }, 'notInForce'],
    ['an unanswered signature', { ...good, signature: { answer: 'not_checked' } }, 'partly'],
    [
      'an unanswered signature of a terminated licence',
      { ...good, signature: { answer: 'not_checked' }, inForce: { answer: 'no' } },
      'notInForce',
    ],
    ['a bad signature over the very file', { ...good, signature: { answer: 'bad' } }, 'false'],
    ['another file', { ...good, register: { answer: 'differs' } }, 'false'],
    [
      'a receipt or a printout',
      { ...good, signature: { answer: 'bad', reason: 'file_unsigned' }, register: { answer: 'unknown' } },
      'unsigned',
    ],
    [
      'a document of the register without its signature',
      { ...good, signature: { answer: 'bad', reason: 'file_unsigned' }, register: { answer: 'differs' } },
      'false',
    ],
    ['a file that we never issued, well signed', { ...good, register: { answer: 'unknown' } }, 'false'],
  ] as [string, FileVerdict, string][])('%s is %s', (_, verdict, judgement) => {
    expect(judge(verdict)).toBe(judgement);
  });
});
