import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
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
  const own = new URL(page.url()).pathname.replace(/\/payment$/, ''); // other stories may have filed for the same person
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
  const filed = again.getByRole('listitem').filter({ hasText: '№ ', has: again.locator(`a[href^="${own}"]`) });
  await expect(async () => {
    await again.reload();
    await expect(filed).toBeVisible({ timeout: 1000 });
  }).toPass();
  await filed.getByRole('link').first().click();
  await expect(again.getByText('Заявление получено. Канцелярия регистрирует его.')).toBeVisible();
  await expect(again.getByRole('link', { name: /Квитанция об оплате/ })).toBeVisible();
  await signatureApart(again);
});

/** Anyone takes the signature out of the container and checks it: the page asks for what was signed, and says whose it is. */
async function signatureApart(page: Page): Promise<void> {
  const begun = page.waitForEvent('download');
  await page.getByRole('link', { name: /Подписанный пакет целиком/ }).click();
  const container = await (await begun).path();
  const part = (name: string) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: execFileSync('unzip', ['-p', container, `META-INF/${name}`]),
  });
  const [signature, manifest] = [part('signature.p7s'), part('ASiCManifest.xml')];
  await page.goto('/signature');
  await page.getByLabel('Подписанный файл').setInputFiles(signature);
  await expect(page.getByRole('heading', { name: 'Нужен подписанный документ' })).toBeVisible();
  await visit(page, 'signature-apart');
  await page.getByLabel('Подписанный документ').setInputFiles(manifest);
  await expect(page.getByRole('heading', { name: 'Подпись действительна', exact: true })).toBeVisible();
  await expect(page.getByText('GOST 34.10-2015-512')).toBeVisible();
  await visit(page, 'signature');
  await page.getByLabel('Подписанный файл').setInputFiles([manifest, signature]);
  await expect(page.getByText('ASiCManifest.xml, signature.p7s')).toBeVisible();
  await expect(page.getByText('GOST 34.10-2015-512')).toBeVisible();
}
