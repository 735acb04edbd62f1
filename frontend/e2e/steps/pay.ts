import { expect, type Page } from '@playwright/test';
import { told } from '../portal/address';
import { heading } from './form';

/** From the portal's page to the gateway's own. */
export async function goToGateway(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Оплатить/ }).click();
  await expect(heading(page, 'Оплата')).toBeVisible();
  expect(new URL(page.url()).origin).not.toBe(told('portal'));
}

export async function payByCard(
  page: Page,
  how: 'succeeds' | 'refused',
  options?: { noWaitAfter: boolean },
): Promise<void> {
  await page.getByRole('radio', { name: how === 'succeeds' ? /оплата пройдёт/ : /банк не примет карту/ }).check();
  await page.getByRole('button', { name: /^Оплатить \d/ }).click(options);
}

/** The bank takes its time: the gateway confirms only after a while, and the payer goes back to the portal meanwhile. */
export async function payLater(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Оплатить позже' }).click();
}

/** The number of an application, on the page that says that it is filed. */
export async function numberOfFiled(page: Page): Promise<string> {
  await expect(heading(page, 'Заявление подано')).toBeVisible();
  return (await page.getByText(/^\d{2}-\d{4}-\d+$/).textContent()) ?? '';
}
