import { expect, type Page } from '@playwright/test';
import { heading } from './form';
import { nameOf, type PersonId, pressPerson } from './people';

type Look = (name: string) => Promise<void>;
const nowhere: Look = async () => {};

/** Opens an application from the official's list of work, by its number. */
export async function openFromQueue(page: Page, number: string): Promise<void> {
  await page.getByRole('link', { name: `Открыть ${number}` }).click();
  await expect(heading(page, /^Новая лицензия: /)).toBeVisible();
}

/** Opens a prepared decision from what waits for the head's signature, by the number of its application. */
export async function openToSign(page: Page, number: string, look: Look = nowhere): Promise<void> {
  await page.goto('/work/to-sign');
  await expect(heading(page, 'На подпись')).toBeVisible();
  await look('to-sign');
  await page.getByRole('link', { name: `Прочитать и подписать ${number}` }).click();
}

export async function register(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Зарегистрировать' }).click();
  await expect(page.getByText(/^Зарегистрировано, входящий №\s/)).toBeVisible();
}

export async function assign(page: Page, executor: PersonId, look: Look = nowhere): Promise<void> {
  await page.getByRole('radio', { name: await nameOf(executor) }).check();
  await page.getByLabel('Резолюция').fill('Прошу рассмотреть в установленный срок.');
  await page.getByRole('button', { name: 'Рассмотреть в установленный срок.' }).click();
  await look('assign');
  await page.getByRole('button', { name: 'Назначить исполнителя' }).click();
  await expect(page.getByText('Исполнитель назначен, резолюция записана.')).toBeVisible();
}

/** The head gives the file to another executor, and says why. */
export async function reassign(page: Page, executor: PersonId, look: Look = nowhere): Promise<void> {
  await page.getByRole('button', { name: 'Передать другому исполнителю' }).click();
  await page.getByRole('radio', { name: await nameOf(executor) }).check();
  await page.getByRole('button', { name: 'В связи с болезнью исполнителя.' }).click();
  await look('reassign');
  await page.getByRole('button', { name: 'Передать другому исполнителю' }).last().click();
  await expect(page.getByText('Заявление передано другому исполнителю, отметки сохранены.')).toBeVisible();
}

/** The head gives a prepared decision back with his remarks. */
export async function giveBack(page: Page, remarks: string, look: Look = nowhere): Promise<void> {
  await page.getByRole('button', { name: 'Вернуть с замечаниями' }).click();
  await page.getByLabel('Замечания').fill(remarks);
  await look('return');
  await page.getByRole('button', { name: 'Вернуть исполнителю' }).click();
  await expect(page.getByText('Решение возвращено исполнителю с замечаниями.')).toBeVisible();
}

export async function confirmComplete(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Документы полные' }).click();
  await expect(page.getByText('Документы признаны полными. Отметьте требования.')).toBeVisible();
}

/** Marks every requirement; those that a pattern names are not met. */
export async function markAll(page: Page, notMet?: RegExp): Promise<void> {
  const marks = page.getByRole('group').filter({ has: page.getByRole('button', { name: 'Да', exact: true }) });
  await expect(marks.first()).toBeVisible();
  for (const mark of await marks.all()) {
    const name = (await mark.locator('legend').textContent()) ?? '';
    const press = mark.getByRole('button', { name: notMet?.test(name) ? 'Нет' : 'Да', exact: true });
    await press.click();
    await expect(press).toHaveAttribute('aria-pressed', 'true');
  }
  await expect(page.getByText(/^Сохранено в /)).toBeVisible();
}

/** The head reads the decision and signs it with his key, which the page fetches in demo mode. */
export async function signDecision(page: Page): Promise<void> {
  await pressPerson(page, 'head');
}
