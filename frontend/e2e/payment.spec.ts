import { fillAll, heading, start } from './steps/form';
import { goToGateway, payByCard } from './steps/pay';
import { signIn } from './steps/people';
import { confirmAll, signWithFile } from './steps/sign';
import { expect, test } from './story';
import { visit } from './visit';

// Signed in and signed with a GOST key. The bank refuses the card, the second try succeeds, and the browser is gone before it comes back:
// the application is filed all the same.
test('paid in a browser that was closed too early', async ({ story }) => {
  const page = await story.browser();
  await signIn(page, 'sole-trader', 'gost');
  await start(page, 'sole-trader');
  await fillAll(page, 'sole-trader', async (section) => {
    if (section === 'documents') await visit(page, 'sole-trader-documents');
  });
  await confirmAll(page);
  await signWithFile(page, 'sole-trader', 'gost');
  await goToGateway(page);
  await payByCard(page, 'refused');
  await expect(heading(page, 'Банк отклонил платёж')).toBeVisible();
  await expect(page.getByText('Подписанное заявление, все файлы и счёт.')).toBeVisible();
  await visit(page, 'payment-refused');

  await page.getByRole('button', { name: /ещё раз$/ }).click();
  await page.getByRole('button', { name: 'Не платить и вернуться на портал' }).click();
  await expect(heading(page, 'Вы отменили оплату')).toBeVisible();
  await visit(page, 'payment-cancelled');

  await page.getByRole('button', { name: /ещё раз$/ }).click();
  await expect(heading(page, 'Оплата')).toBeVisible();
  // The gateway hears the choice; its answer, the way back to the portal, never reaches the browser.
  const heard = new Promise<void>((resolve, reject) => {
    const gateway = new URL(page.url()).host;
    void page.route(
      ({ host }) => host === gateway,
      (route) => route.fetch({ maxRedirects: 0 }).then(() => resolve(), reject),
    );
  });
  await payByCard(page, 'succeeds', { noWaitAfter: true });
  await heard;
  await page.context().close();

  const again = await story.browser();
  await signIn(again, 'sole-trader');
  const filed = again.getByRole('listitem').filter({ hasText: '№ ' });
  await expect(async () => {
    await again.reload();
    await expect(filed).toBeVisible({ timeout: 1000 });
  }).toPass();
  await filed.getByRole('link').click();
  await expect(again.getByText('Заявление получено. Канцелярия регистрирует его.')).toBeVisible();
  await expect(again.getByRole('link', { name: /Квитанция об оплате/ })).toBeVisible();
});
