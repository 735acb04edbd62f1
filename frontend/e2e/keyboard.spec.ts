import type { Page } from '@playwright/test';
import { told } from './portal/address';
import { prepareDraft } from './steps/draft';
import { heading } from './steps/form';
import { pressEnter, pressSpace, tabTo } from './steps/keyboard';
import { numberOfFiled } from './steps/pay';
import { signIn } from './steps/people';
import { statements } from './steps/sign';
import { expect, test } from './story';

// Nobody touches a mouse: a draft that was left is signed, paid and filed, and the chancery registers it, by Tab, Enter, Space, arrows, J and K
// alone, with the focus seen at every stop (S12.1).
test('filed and registered by keyboard alone', async ({ story }) => {
  const left = await story.browser();
  await signIn(left, 'sole-trader');
  const id = await prepareDraft(left, 'sole-trader');
  await left.context().close();

  const page = await story.browser();
  await page.goto('/sign-in');
  await pressEnter(page, page.getByRole('button', { name: /индивидуальный предприниматель/ }));
  await expect(heading(page, 'Мои заявления')).toBeVisible();
  await pressEnter(page, page.locator(`li a[href^="/applications/${id}"]`));
  await expect(heading(page, 'Проверьте ответы и подпишите')).toBeVisible();
  for (const name of statements) {
    const statement = page.getByRole('checkbox', { name });
    await pressSpace(page, statement);
    await expect(statement).toBeChecked();
  }
  await pressEnter(page, page.getByRole('button', { name: /индивидуальный предприниматель/ }));
  await expect(heading(page, 'Оплатите сбор за лицензию')).toBeVisible();
  await pressEnter(page, page.getByRole('button', { name: /^Оплатить/ }));
  await expect(heading(page, 'Оплата')).toBeVisible();
  expect(new URL(page.url()).origin).not.toBe(told('portal'));
  await chooseCard(page);
  await pressEnter(page, page.getByRole('button', { name: /^Оплатить \d/ }));
  const number = await numberOfFiled(page);

  const chancery = await story.browser();
  await chancery.goto('/sign-in');
  await pressEnter(chancery, chancery.getByRole('button', { name: /канцелярия/ }));
  await expect(heading(chancery, 'Моя работа')).toBeVisible();
  await openByJ(chancery, number);
  await pressEnter(chancery, chancery.getByRole('button', { name: 'Зарегистрировать' }));
  await expect(chancery.getByText(/^Зарегистрировано, входящий №\s/)).toBeVisible();
});

/** Cards are one stop of Tab; among them one moves by arrows. */
async function chooseCard(page: Page): Promise<void> {
  const wanted = page.getByRole('radio', { name: /оплата пройдёт/ });
  const cards = page.getByRole('radio');
  await tabTo(page, cards.first());
  await page.keyboard.press('Space');
  for (let card = await cards.count(); card > 0 && !(await wanted.isChecked()); card--) {
    await page.keyboard.press('ArrowDown');
  }
  await expect(wanted).toBeChecked();
}

/** Down the list by J and a step back by K, to the row of an application, which Enter opens. */
async function openByJ(page: Page, number: string): Promise<void> {
  const row = page.getByRole('link', { name: `Открыть ${number}` });
  await expect(row).toBeVisible();
  const rows = await page.getByRole('link', { name: /^Открыть \d/ }).count();
  const here = () => row.evaluate((element) => element === document.activeElement);
  await page.keyboard.press('j');
  for (let at = 1; at < rows && !(await here()); at++) await page.keyboard.press('j');
  await expect(row).toBeFocused();
  await page.keyboard.press('k');
  if (!(await here())) await page.keyboard.press('j');
  await expect(row).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(heading(page, /^Новая лицензия: /)).toBeVisible();
}
