import type { Page } from '@playwright/test';
import { prepareDraft } from './steps/draft';
import { heading, scan } from './steps/form';
import { goToGateway, numberOfFiled, payLater } from './steps/pay';
import { pressPerson, signIn } from './steps/people';
import { confirmAll, signWithFile } from './steps/sign';
import { expect, type Story, test } from './story';
import { visit } from './visit';

// An application to which everything happens on its way: the line is cut, the session dies, the bank takes its time, and in the end its person
// takes it back. Nothing that was typed, sent or paid is lost on the way.
test('a cut line, a dead session, a slow bank, and a change of mind', async ({ story }) => {
  const page = await story.browser();
  await signIn(page, 'person');
  const id = await prepareDraft(page, 'person');
  await cutLine(page, story, id);
  await deadSession(page, story, id);

  await page.goto(`/applications/${id}/review`);
  await confirmAll(page);
  await signWithFile(page, 'person');
  await goToGateway(page);
  for (const language of ['Қазақша', 'English', 'Русский']) {
    await page.getByRole('link', { name: language }).click();
    if (language !== 'Русский') await visit(page, `gateway-${language}`, { foreign: true });
  }
  await payLater(page);
  await expect(heading(page, 'Ждём подтверждения оплаты')).toBeVisible();
  await visit(page, 'payment-pending');
  // Nobody presses anything: the gateway's notice files the application, and the page learns of it.
  await expect(heading(page, 'Заявление подано')).toBeVisible({ timeout: 90_000 });
  await numberOfFiled(page);

  await page.getByRole('link', { name: 'Открыть заявление' }).click();
  await page.getByRole('button', { name: 'Отозвать заявление' }).click();
  await expect(page.getByRole('dialog')).toContainText('Сбор не возвращается.');
  await visit(page, 'application-withdraw');
  await page.getByRole('dialog').getByRole('button', { name: 'Отозвать заявление' }).click();
  await expect(page.getByText('Отозвано вами')).toBeVisible();
  await visit(page, 'application-withdrawn');
});

/** The upload stands still while the line is dead, says so, and goes on by itself. */
async function cutLine(page: Page, story: Story, id: string): Promise<void> {
  story.watch.expect(/net::ERR_CONNECTION_RESET/);
  await page.goto(`/applications/${id}/form/documents`);
  const parts = '**/api/uploads/*';
  await page.route(parts, (route) => route.abort('connectionreset'));
  await page
    .getByLabel('Выбрать файл: Документ о праве на помещение или договор аренды')
    .setInputFiles({ ...scan(), name: 'договор.png' });
  await expect(page.getByText(/^Связь прервалась, продолжим сами/)).toBeVisible();
  await visit(page, 'upload-cut');
  await page.unroute(parts);
  await expect(page.getByRole('link', { name: 'договор.png' })).toBeVisible({ timeout: 60_000 });
}

/**
 * The person signs out in another tab and goes on typing here: he is asked to sign in over the page, puts it off and types on undisturbed, signs
 * in when he is ready, and every word is still there.
 */
async function deadSession(page: Page, story: Story, id: string): Promise<void> {
  story.watch.expect(/the server responded with a status of 401/);
  await page.goto(`/applications/${id}/form/contacts`);
  const email = page.getByLabel('Электронная почта');
  await expect(email).toHaveValue('test@example.kz');
  const other = await page.context().newPage();
  await other.goto('/applications');
  await expect(heading(other, 'Мои заявления')).toBeVisible();
  await other.getByRole('button', { name: 'Выйти' }).click();
  await expect(heading(other, 'Лицензия на медицинскую деятельность')).toBeVisible();
  await other.close();

  await email.fill('novaya@example.kz');
  const asked = page.getByRole('dialog', { name: 'Сеанс завершён' });
  await expect(asked).toBeVisible();
  await visit(page, 'session-ended');
  await asked.getByRole('button', { name: 'Позже' }).click();
  const ended = page.getByRole('status').filter({ hasText: 'Сеанс завершён.' });
  await expect(ended).toBeVisible();
  const refused = page.waitForResponse((answer) => answer.status() === 401 && answer.request().method() === 'PUT');
  await page.getByLabel('Телефон', { exact: true }).fill('+7 715 000 00 99');
  await refused;
  await expect(asked).toBeHidden();
  await visit(page, 'session-ended-later');
  await ended.getByRole('button', { name: 'Войти с ЭЦП' }).click();
  await pressPerson(page, 'person');
  await expect(asked).toBeHidden();
  await expect(page.getByText(/^Черновик сохранён в /).first()).toBeVisible();
  await page.reload();
  await expect(email).toHaveValue('novaya@example.kz');
  await expect(page.getByLabel('Телефон', { exact: true })).toHaveValue('+7 715 000 00 99');
}
