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
