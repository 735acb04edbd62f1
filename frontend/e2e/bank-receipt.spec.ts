import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { fillAll, heading, scan, start } from './steps/form';
import { nameOf, pressPerson, signIn } from './steps/people';
import { confirmAll, signWithFile } from './steps/sign';
import { expect, test } from './story';
import { visit } from './visit';

/** Attaches the receipt of a bank to the open invoice. */
async function attachReceipt(page: Page, number: string): Promise<void> {
  await page.getByRole('link', { name: /Приложите квитанцию/ }).click();
  await expect(heading(page, 'Приложите квитанцию банка')).toBeVisible();
  await page.getByLabel('Банк', { exact: true }).fill('Тест Банк');
  await page.getByLabel('Номер платёжного документа').fill(number);
  await page
    .getByLabel('Дата оплаты')
    .fill(
      new Date()
        .toLocaleDateString('ru-RU', { timeZone: 'Asia/Almaty', dateStyle: 'short' })
        .replace(/\.(\d\d)$/, '.20$1'),
    );
  await page.getByLabel('Скан или фото квитанции').setInputFiles(scan());
}

// The whole of S7.1 at a bank: the payer gives a first payment up and gets the certificate of non-submission, whose signature pdfsig
// confirms; with a second receipt, which an official confirms, the application is filed. The certificate is for who has filed nothing since he paid, so
// the sole trader does it, who files only in stories that come later by their names.
test('paid at a bank: given up with a certificate, then confirmed and filed', async ({ story }) => {
  const page = await story.browser();
  await signIn(page, 'sole-trader');
  await start(page, 'sole-trader');
  await fillAll(page, 'sole-trader');
  await confirmAll(page);
  await signWithFile(page, 'sole-trader');
  await expect(heading(page, 'Оплатите сбор за лицензию')).toBeVisible();
  const own = new URL(page.url()).pathname.replace(/\/payment$/, ''); // the same person may have others
  await attachReceipt(page, 'П-001');
  await visit(page, 'bank-receipt');
  await page.getByRole('button', { name: 'Отправить на проверку' }).click();
  await expect(heading(page, 'Квитанция проверяется')).toBeVisible();
  await visit(page, 'receipt-waiting');

  await page.getByRole('button', { name: 'Не подаю заявление и хочу вернуть сбор' }).click();
  await page.getByRole('button', { name: 'Запросить подтверждение' }).click();
  await expect(heading(page, 'Мои платежи')).toBeVisible();
  const payment = page.getByRole('row').filter({ has: page.locator(`a[href="${own}"]`) });
  await expect(payment).toContainText('Подтверждение о непредставлении документов ждёт подписи руководителя');
  await visit(page, 'my-payments');

  const head = await story.browser();
  await signIn(head, 'head');
  await head.getByRole('link', { name: 'Деньги' }).click();
  await head
    .locator('.panel')
    .filter({ hasText: 'П-001' })
    .getByRole('button', { name: `Прочитать и подписать — ${await nameOf('sole-trader')}` })
    .click();
  await visit(head, 'money-desk');
  await pressPerson(head, 'head');
  await expect(head.getByText('Подтверждение подписано, плательщик может его скачать.')).toBeVisible();

  await page.reload();
  const saving = page.waitForEvent('download');
  await payment.getByRole('link', { name: 'Подтверждение о непредставлении документов (PDF)' }).click();
  const file = await (await saving).path();
  expect(execFileSync('pdfsig', ['-nocert', file]).toString()).toContain('Signature is Valid.');

  // The same person files all the same, paying by another document.
  await page.goto(`${own}/review`);
  await confirmAll(page);
  await signWithFile(page, 'sole-trader');
  await expect(heading(page, 'Оплатите сбор за лицензию')).toBeVisible();
  await attachReceipt(page, 'П-002');
  await page.getByRole('button', { name: 'Отправить на проверку' }).click();
  await expect(heading(page, 'Квитанция проверяется')).toBeVisible();

  const chancery = await story.browser();
  await signIn(chancery, 'chancery');
  await chancery.getByRole('link', { name: 'Деньги' }).click();
  const waiting = chancery.getByRole('row').filter({ hasText: 'П-002' });
  await waiting.getByRole('button', { name: /^Подтвердить/ }).click();
  await chancery.getByRole('button', { name: 'Сбор оплачен' }).click();
  await expect(waiting).toHaveCount(0);
  await expect(heading(page, 'Заявление подано')).toBeVisible();
});
