import type { Page } from '@playwright/test';
import { told } from './portal/address';
import { expect, test } from './story';
import { visit } from './visit';
import { Watch } from './watch';

// What looks at every page must itself see what is wrong; otherwise all stories would pass on anything.
const faults: Record<string, { why: RegExp; spoil: (page: Page) => Promise<void> }> = {
  'a picture without words': {
    why: /image-alt/,
    spoil: (page) => add(page, '<img src="/favicon.svg">'),
  },
  'a pale text': {
    why: /color-contrast/,
    spoil: (page) => page.evaluate(() => document.querySelector('h1')?.style.setProperty('color', '#ccc')),
  },
  'a text that nobody translated': { why: /untranslated/, spoil: (page) => add(page, '<p>review.sign</p>') },
  'a name of the database': { why: /untranslated/, spoil: (page) => add(page, '<p>licence_prepared</p>') },
  'a page wider than a phone': {
    why: /wider than the screen/,
    spoil: async (page) => {
      await add(page, '<p id="wide">—</p>');
      await page.evaluate(() => document.getElementById('wide')?.style.setProperty('width', '500px'));
    },
  },
};

for (const [what, { why, spoil }] of Object.entries(faults)) {
  test(`a visit sees ${what}`, async ({ story }) => {
    const page = await story.browser();
    await page.goto('/privacy');
    await expect(page.locator('h1')).toBeVisible();
    await spoil(page);
    await expect(visit(page, 'spoiled')).rejects.toThrow(why);
  });
}

test('a story hears errors of the console and of the policy, and of a page that is taken away', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: told('portal') });
  const watch = new Watch();
  await watch.follow(context);
  const heard = expect.poll(() =>
    Promise.resolve()
      .then(() => watch.clean())
      .catch(String),
  );
  const page = await context.newPage();
  await page.goto('/privacy');
  watch.clean();
  await page.evaluate(() => console.error('something failed'));
  await expect(async () => watch.clean()).rejects.toThrow(/something failed/);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = '1';
    document.body.append(script);
  });
  await heard.toMatch(/policy: script-src/);
  await page.locator('h1').evaluate((title) => title.style.setProperty('display', 'none', 'important'));
  await heard.toMatch(/hidden while a part of it was loading/);
  await context.close();
});

const add = (page: Page, html: string) =>
  page.evaluate((text) => document.querySelector('main')?.insertAdjacentHTML('beforeend', text), html);
