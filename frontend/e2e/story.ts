import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import { told } from './portal/address';
import { logs } from './portal/logs';
import { withNCALayer } from './steps/ncalayer';
import { Watch } from './watch';

/** Opens fresh browsers for one story: each call is a browser context of its own, with nothing of the others in it. */
export type Story = {
  browser: (options?: BrowserContextOptions) => Promise<Page>;
  watch: Watch;
};

export const test = withNCALayer.extend<{ story: Story }>({
  story: async ({ browser }, use, testInfo) => {
    const watch = new Watch();
    const opened: BrowserContext[] = [];
    const { viewport, locale, timezoneId, actionTimeout = 0 } = testInfo.project.use;
    await use({
      watch,
      browser: async (options) => {
        const context = await fresh(browser, watch, actionTimeout, {
          ...(viewport && { viewport }),
          locale: locale ?? 'ru-RU',
          timezoneId: timezoneId ?? 'Asia/Almaty',
          ...options,
        });
        opened.push(context);
        return context.newPage();
      },
    });
    if (testInfo.status !== testInfo.expectedStatus) console.log(logs(told('data')));
    await Promise.all(opened.map((context) => context.close()));
    watch.clean();
  },
});

async function fresh(
  browser: Browser,
  watch: Watch,
  timeout: number,
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext({ ...options, baseURL: told('portal') });
  context.setDefaultTimeout(timeout);
  await watch.follow(context);
  return context;
}

export { expect } from '@playwright/test';
