import { expect, type Locator, type Page } from '@playwright/test';

// More than any page of the stories has; a key that leads nowhere would otherwise go round for ever.
const mostStops = 150;

/** Goes by Tab to a part of the page, as somebody without a mouse does; at every stop one sees where one is. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stops = 0; stops < mostStops; stops++) {
    await page.keyboard.press('Tab');
    expect(await unseen(page), 'focus that cannot be seen').toBe('');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`no way by Tab to ${target}`);
}

export async function pressEnter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

export async function pressSpace(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Space');
}

/**
 * What has the focus without showing it: no ring round it or round the label that stands for it, or nothing of it on the screen (WCAG
 * 2.4.7, 2.4.11). The empty text when it is seen. Leaving the page for the browser's own bar is no stop of ours.
 */
async function unseen(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body || at === document.documentElement) return '';
    const shown = [at, at.parentElement, at.nextElementSibling, at.closest('label')].filter((one) => one !== null);
    const ringed = shown.some((one) =>
      [getComputedStyle(one), getComputedStyle(one, '::before'), getComputedStyle(one, '::after')].some(
        ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      ),
    );
    const onScreen = shown.some((one) => {
      const { top, bottom, width, height } = one.getBoundingClientRect();
      return width > 0 && height > 0 && bottom > 0 && top < window.innerHeight;
    });
    return ringed && onScreen ? '' : `${ringed ? 'off the screen' : 'no ring'}: ${at.outerHTML.slice(0, 200)}`;
  });
}
