import { expect, type Page } from '@playwright/test';
import { type Algorithm, keyFile, type PersonId, password } from './people';

export const statements = [
  'Указанные контакты — официальные, на них можно направлять любые уведомления.',
  'Суд не запрещал заниматься этой деятельностью.',
  'Приложенные документы верны и действительны.',
];

/** The three confirmations of forms 3 and 4. */
export async function confirmAll(page: Page): Promise<void> {
  for (const name of statements) await page.getByRole('checkbox', { name }).check();
}

/** Signs with a key file: it is chosen from the disk, its password typed; both stay in the page. */
export async function signWithFile(page: Page, id: PersonId, algorithm?: Algorithm): Promise<void> {
  await page.getByLabel('Файл с ключом (.p12)').setInputFiles(await keyFile(id, algorithm));
  await page.getByLabel('Пароль от файла').fill(password);
  await page.getByRole('button', { name: 'Подписать файлом' }).click();
}

export async function signWithProgram(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Подписать через NCALayer' }).click();
}

/** What the page said about a signature that was not accepted. */
export async function refusal(page: Page, title: string): Promise<void> {
  await expect(page.getByRole('alert').filter({ hasText: title })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Что сохранено' })).toBeVisible();
}
