import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderApp } from '@/testing/renderApp';
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

async function dropped(report: SignatureReport) {
  const opened = await renderApp('/signature', { fixtures: { 'POST /api/signatures/check': { body: report } } });
  await opened.user.upload(await screen.findByLabelText('Подписанный файл'), file());
  return opened;
}

describe('check a signature', () => {
  it('says who signed and since when that is proven', async () => {
    await dropped(good);
    expect(await screen.findByRole('heading', { name: 'Подпись действительна' })).toBeInTheDocument();
    expect(screen.getByText('ТЕСТОВ ТЕСТ')).toBeInTheDocument();
    expect(screen.getByText('Доказано, что подпись существовала')).toBeInTheDocument();
    expect(screen.getByText(/RFC 5652 §5.6: выполнено/)).toBeInTheDocument();
  });

  it.each([
    ['TOTAL-FAILED', 'signature_content_differs', 'Подпись недействительна', /изменён после подписания/],
    [
      'INDETERMINATE',
      'revocation_unavailable',
      'Действительность подписи не подтверждена',
      /Сейчас проверить не удалось/,
    ],
    ['INDETERMINATE', 'signature_content_missing', 'Действительность подписи не подтверждена', /отдельно от документа/],
    ['NO_SIGNATURE_FOUND', 'signature_none', 'Подпись не найдена', /нет подписи/],
    ['TOTAL-FAILED', 'a_code_of_tomorrow', 'Подпись недействительна', /a_code_of_tomorrow/],
  ] as const)('says %s of %s in plain words', async (outcome, reason, title, words) => {
    await dropped({ ...good, outcome, reason, signatures: [] });
    expect(await screen.findByRole('heading', { name: title })).toBeInTheDocument();
    expect(screen.getByText(words)).toBeInTheDocument();
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

  it('does not send a file that is too large', async () => {
    const { user, server } = await renderApp('/signature');
    const large = file();
    Object.defineProperty(large, 'size', { value: 20 * 1024 * 1024 + 1 });
    await user.upload(await screen.findByLabelText('Подписанный файл'), large);
    expect(await screen.findByText('Файл больше 20 МБ. Выберите другой файл.')).toBeInTheDocument();
    expect(server.asked.some((a) => a.url.pathname === '/api/signatures/check')).toBe(false);
  });
});
