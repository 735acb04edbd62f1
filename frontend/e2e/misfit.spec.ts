import type { Page } from '@playwright/test';
import { signPrepared } from './steps/draft';
import { heading } from './steps/form';
import { goToGateway, payByCard } from './steps/pay';
import { signIn } from './steps/people';
import { expect, test } from './story';
import { visit } from './visit';

/** Has the gateway take another sum than it was asked for, or no longer, as somebody who stands at its switchboard. */
async function takeAnotherSum(gateway: Page, origin: string, wrong: boolean): Promise<void> {
  await gateway.goto(`${origin}/switchboard?lang=ru`);
  await gateway.locator('input[name="wrong_amount"]').setChecked(wrong);
  await gateway.locator('button.main').click();
  await expect(gateway.getByRole('status')).toBeVisible();
}

// The gateway takes another sum than the fee: the payer is told that his money is there and not to pay again, the head decides where it belongs, and the
// payer reads the decision with its grounds and may pay anew.
test('money that does not fit is decided about, and its payer is told', async ({ story }) => {
  const page = await story.browser();
  await signPrepared(page, 'sole-trader');
  const payment = new URL(page.url()).pathname;
  await goToGateway(page);
  const { origin } = new URL(page.url());
  const operator = await story.browser();
  await takeAnotherSum(operator, origin, true);
  await payByCard(page, 'succeeds');
  await expect(heading(page, 'Деньги получены, платёж проверяет сотрудник')).toBeVisible();
  await takeAnotherSum(operator, origin, false);
  await visit(page, 'payment-parked');

  const head = await story.browser();
  await signIn(head, 'head');
  await head.getByRole('link', { name: 'Деньги' }).click();
  await head.getByRole('button', { name: /^Закрыть расхождение/ }).click();
  const dialog = head.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Закрыть расхождение' }).click();
  await expect(dialog.getByText('Выберите, куда отнести деньги')).toBeVisible();
  await dialog.getByRole('radio', { name: /^Доход бюджета/ }).check();
  await dialog.getByLabel('Что выяснилось и по какому документу').fill('Письмо шлюза № 5');
  await visit(head, 'money-close');
  await dialog.getByRole('button', { name: 'Закрыть расхождение' }).click();
  await expect(dialog).toBeHidden();
  await expect(head.locator('summary', { hasText: 'Решённые расхождения' })).toBeVisible();

  await page.goto('/payments');
  await expect(page.getByText(/^Решено .* остаётся в доходе бюджета$/)).toBeVisible();
  await expect(page.getByText('Основание: Письмо шлюза № 5')).toBeVisible();
  await visit(page, 'my-payments-decided');
  await page.goto(payment);
  await expect(heading(page, 'Оплатите сбор за лицензию')).toBeVisible();
});
