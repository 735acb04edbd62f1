import { heading } from './steps/form';
import { signIn } from './steps/people';
import { expect, test } from './story';
import { visit } from './visit';

// Pages that somebody comes to by mistake or by bad luck, the letters of demo mode, and pages in large print (S12.1).
test('no such page, a page that breaks, no such licence, not your page, letters, large print', async ({ story }) => {
  const page = await story.browser();
  await page.goto('/nowhere');
  await expect(heading(page, 'Страница не найдена')).toBeVisible();
  await visit(page, 'not-found');

  // The portal was renewed under an open page: what the page asks for is no longer there.
  story.watch.expect(/net::ERR_FAILED/, /Failed to fetch dynamically imported module/);
  const parts = '**/assets/HelpPage-*';
  await page.route(parts, (route) => route.abort());
  await page.getByRole('navigation', { name: 'Меню' }).getByRole('link', { name: 'Помощь' }).click();
  await expect(heading(page, 'Страницу показать не удалось')).toBeVisible();
  await visit(page, 'broken');
  await page.unroute(parts);
  await page.getByRole('button', { name: 'Открыть заново' }).click();
  await expect(heading(page, 'Помощь')).toBeVisible();

  await page.getByRole('link', { name: 'Письма' }).click();
  await expect(heading(page, 'Письма портала')).toBeVisible();
  await visit(page, 'letters-none');

  story.watch.expect(/the server responded with a status of 404/);
  await page.goto('/check/KZ80DEM00000418');
  await expect(page.getByRole('heading', { name: 'Такой лицензии в реестре нет' })).toBeVisible();
  await visit(page, 'check-not-found');

  await signIn(page, 'person');
  await page.goto('/work');
  await expect(heading(page, 'Эта страница недоступна для вашей роли')).toBeVisible();
  await visit(page, 'forbidden');

  await page.getByRole('button', { name: 'Крупный шрифт' }).first().click();
  for (const [address, name] of [
    ['/', 'home'],
    ['/services/medical-activity', 'service'],
    ['/sign-in', 'sign-in'],
    ['/check', 'check'],
  ] as const) {
    await page.goto(address);
    await expect(page.locator('html')).toHaveAttribute('data-print', 'large');
    await visit(page, `large-${name}`);
  }
});
