import type { Page } from '@playwright/test';
import { whileSilent } from './portal/silent';
import { prepareDraft } from './steps/draft';
import { heading } from './steps/form';
import { signIn } from './steps/people';
import { confirmAll, refusal, signWithFile, signWithProgram } from './steps/sign';
import { expect, test } from './story';
import { visit } from './visit';

const refusedByServer = /the server responded with a status of 4(?:09|22)|the server responded with a status of 503/;

// Nine signatures that are not accepted: each says why in its own words, and nothing that was filled in is lost. The tenth is good.
test('nine signatures fail, each with its own words, and nothing is lost', async ({ story, ncalayer }) => {
  const page = await story.browser();
  await signIn(page, 'person');
  await prepareDraft(page, 'person');
  await confirmAll(page);

  const failed = async (name: string, title: string, ...more: string[]) => {
    await refusal(page, title);
    for (const text of more) await expect(page.getByText(text)).toBeVisible();
    await nothingLost(page);
    await visit(page, `sign-failed-${name}`);
  };

  story.watch.expect(/WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/' failed/);
  await signWithProgram(page);
  await failed('not-running', 'NCALayer не запущен');
  await ncalayer.start();

  await ncalayer.set('cancel', 'person');
  await signWithProgram(page);
  await failed('cancelled', 'Подписание отменено');

  story.watch.expect(refusedByServer);
  await ncalayer.set('wrong-content');
  await signWithProgram(page);
  await failed('content-differs', 'Подписан другой текст');

  for (const [holder, title] of [
    ['director', 'Подпись не принята: нужен другой ключ'],
    ['auth-only', 'Выбран ключ для аутентификации'],
    ['expired', 'Срок действия ключа истёк'],
    ['revoked', 'Ключ отозван'],
    ['untrusted', 'Ключ выдан неизвестным удостоверяющим центром'],
  ] as const) {
    await signWithFile(page, holder);
    await failed(holder, title);
  }

  await whileSilent(async () => {
    await signWithFile(page, 'person');
    await failed('revocation-unknown', 'Проверить ключ сейчас не удалось');
  });

  await signWithFile(page, 'person');
  await expect(heading(page, 'Оплатите сбор за лицензию')).toBeVisible();
});

/** The answers, the scan and the confirmations stand as they stood. */
async function nothingLost(page: Page): Promise<void> {
  await expect(page.getByText('test@example.kz')).toBeVisible();
  await expect(page.getByText(/скан\.png, /).first()).toBeVisible();
  for (const box of await page.getByRole('checkbox').all()) await expect(box).toBeChecked();
}
