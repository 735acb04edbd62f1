import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { fillAll, heading, start } from './steps/form';
import { assign, confirmComplete, markAll, openFromQueue, openToSign, register, signDecision } from './steps/officials';
import { goToGateway, payByCard } from './steps/pay';
import { gostChoice, pressPerson, signIn } from './steps/people';
import { confirmAll, signWithFile } from './steps/sign';
import { expect, type Story, test } from './story';
import { visit } from './visit';

// A natural person applies with a key file, the authority does its work, the head signs with a GOST key, and anyone can check the
// licence.
test('a natural person gets a licence', { tag: '@viewer' }, async ({ story }) => {
  const page = await story.browser();
  await signIn(page, 'person');
  await visit(page, 'applications-empty');
  await start(page, 'person', (name) => visit(page, name));
  await fillAll(page, 'person', (section) => visit(page, `form-${section}`));
  await page.getByRole('button', { name: 'Прочитать заявление' }).click();
  await expect(page.getByTitle('Заявление, PDF')).toBeVisible();
  await visit(page, 'review-unconfirmed');
  await confirmAll(page);
  await page.getByRole('button', { name: 'Прочитать заявление' }).click();
  await expect(page.getByText('Контрольные суммы файлов (SHA-256)')).toBeVisible();
  await visit(page, 'review');
  await signWithFile(page, 'person');

  await expect(heading(page, 'Оплатите сбор за лицензию')).toBeVisible();
  await visit(page, 'payment-before');
  await goToGateway(page);
  await visit(page, 'gateway', { foreign: true });
  await payByCard(page, 'succeeds');
  await expect(heading(page, 'Заявление подано')).toBeVisible();
  await visit(page, 'filed');
  const number = (await page.getByText(/^\d{2}-\d{4}-\d+$/).textContent()) ?? '';
  await page.getByRole('link', { name: 'Открыть заявление' }).click();
  await expect(page.getByText('Заявление получено. Канцелярия регистрирует его.')).toBeVisible();
  await visit(page, 'application-filed');

  const chancery = await story.browser();
  await signIn(chancery, 'chancery');
  await visit(chancery, 'work-chancery');
  await openFromQueue(chancery, number);
  await visit(chancery, 'work-register');
  await register(chancery);
  await visit(chancery, 'work-registered');
  await chancery.getByRole('link', { name: 'Журнал' }).first().click();
  await expect(heading(chancery, 'Журнал регистрации входящей корреспонденции')).toBeVisible();
  await visit(chancery, 'work-journal');

  const head = await story.browser();
  await signIn(head, 'head', 'gost');
  await openFromQueue(head, number);
  await assign(head, 'executor-1', (name) => visit(head, `work-${name}`));

  const executor = await story.browser();
  await signIn(executor, 'executor-1');
  await visit(executor, 'work-executor');
  await openFromQueue(executor, number);
  await visit(executor, 'work-check');
  await confirmComplete(executor);
  await executor.getByRole('link', { name: 'Требования' }).click();
  await markAll(executor);
  await visit(executor, 'work-requirements', { readme: 'official' });
  for (const tab of ['Документы', 'Подпись', 'Журнал'] as const) {
    await executor.getByRole('navigation', { name: 'Разделы дела' }).getByRole('link', { name: tab }).click();
    await visit(executor, `work-tab-${tab}`);
  }
  await page.reload();
  await expect(page.getByText('Что происходит сейчас')).toBeVisible();
  await visit(page, 'application-in-review', { readme: 'cabinet' });
  await executor.getByRole('button', { name: 'Подготовить лицензию' }).click();
  await expect(executor.getByText('Лицензия подготовлена и передана руководителю.')).toBeVisible();

  await openToSign(head, number, (name) => visit(head, `work-${name}`));
  await expect(heading(head, 'Подписать лицензию')).toBeVisible();
  await expect(gostChoice(head)).toBeChecked();
  await visit(head, 'work-decision');
  await signDecision(head);
  await expect(heading(head, 'Лицензия подписана')).toBeVisible();
  await visit(head, 'work-signed');

  await receive(page, story);
});

/** Where the document would stand it is told that the session has ended; after signing in over the page it opens in its place. */
async function openAfterTheSession(page: Page, story: Story): Promise<void> {
  const show = page.getByRole('button', { name: 'Показать лицензию' });
  await expect(show).toBeVisible();
  story.watch.expect(/the server responded with a status of 401/);
  expect((await page.context().request.delete('/api/session')).ok()).toBe(true);
  await show.click();
  const asked = page.getByRole('dialog', { name: 'Сеанс завершён' });
  await expect(asked).toBeVisible();
  await pressPerson(page, 'person');
  await expect(asked).toBeHidden();
  const frame = page.getByTitle('Лицензия', { exact: true });
  await frame.contentFrame().getByRole('button', { name: 'Открыть заново' }).click();
  await expect(frame).toBeVisible();
}

/** The applicant sees the licence, takes it, and checks it as anyone would: by its number and by the file. */
async function receive(page: Page, story: Story): Promise<void> {
  const own = new URL(page.url()).pathname; // the same person may have other licences
  await page.reload();
  await openAfterTheSession(page, story);
  await expect(page.getByText('Вы открыли')).toBeVisible();
  await visit(page, 'application-issued');
  const begun = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Скачать PDF' }).click();
  const file = await (await begun).path();
  expect(readFileSync(file).subarray(0, 5).toString('latin1')).toBe('%PDF-');

  await page.goto('/licences');
  await expect(heading(page, 'Мои лицензии')).toBeVisible();
  await visit(page, 'licences');
  const number =
    (await page
      .getByRole('listitem')
      .filter({ has: page.locator(`a[href="${own}"]`) })
      .getByText(/^KZ\d{2}[A-Z]{3}\d{8}$/)
      .textContent()) ?? '';

  await page.goto('/check');
  await page.getByLabel('Номер лицензии').fill(number);
  await page.getByRole('button', { name: 'Проверить' }).click();
  await expect(page.getByRole('heading', { name: 'Лицензия действует' })).toBeVisible();
  await visit(page, 'check-number');
  await page
    .getByLabel('Файл PDF')
    .setInputFiles({ name: 'licence.pdf', mimeType: 'application/pdf', buffer: readFileSync(file) });
  for (const [question, answer] of [
    ['Подпись', 'Действительна'],
    ['Реестр', 'Тот самый документ'],
    ['Действует сегодня', 'Да'],
  ] as const) {
    const said = page.getByRole('listitem').filter({ hasText: question }).filter({ hasText: answer });
    await expect(said, question).toBeVisible();
  }
  await visit(page, 'check-file');

  await page.goto('/signature');
  await page.getByLabel('Подписанный файл').setInputFiles(file);
  await expect(page.getByRole('heading', { name: 'Подпись действительна', exact: true })).toBeVisible();
  await expect(page.getByText('GOST 34.10-2015-512')).toBeVisible();
}
