import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const languages = [
  { code: 'kk', button: 'Қаз, Қазақша' },
  { code: 'en', button: 'Eng, English' },
  { code: 'ru', button: 'Рус, Русский' },
] as const;

const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const folder = path.resolve(import.meta.dirname, '../test-results/screens');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

// A text that no translator wrote: "now.title", "licence_prepared", "{{count}}". Names of files and addresses look alike and are left out.
const raw = /^(?:[a-z][A-Za-z]*(?:\.[A-Za-z_]\w*)+|[a-z]+(?:_[a-z]+)+|.*\{\{.*|undefined|NaN|\[object)$/;
const knownNames = /(?:\.(?:pdf|png|jpe?g|p12|asice|kz|com|json|xml)|^i\.e|^e\.g)$/;

type Options = {
  /** Another service's page (the gateway): its languages are its own matter. */
  foreign?: boolean;
};

/**
 * Looks at a page as it stands, in the state that the story has brought it to: axe, the three languages, a phone's width, and a picture of
 * each. The story goes on with the page as it was.
 */
export async function visit(page: Page, name: string, { foreign = false }: Options = {}): Promise<void> {
  if (process.env.E2E_FAST) return;
  await expect(page.locator('h1')).toHaveCount(1);
  await settled(page);
  const before = await page.locator('html').getAttribute('lang');
  await axe(page, name);
  await picture(page, name, 'desktop');
  if (!foreign) await inAllLanguages(page, name);
  await page.setViewportSize(phone);
  await fits(page, `${name} on a phone`);
  await axe(page, `${name} on a phone`);
  await picture(page, name, 'phone');
  await page.setViewportSize(desktop);
  if (!foreign) await expect(page.locator('html')).toHaveAttribute('lang', before ?? '');
}

// What is asked for has come, and the letters are drawn in their own fonts.
async function settled(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all(
      document
        .getAnimations()
        .map((animation) =>
          animation.effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY
            ? undefined
            : animation.finished.catch(() => undefined),
        ),
    );
  });
}

async function axe(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .withTags(rules)
    .exclude('iframe')
    .analyze();
  const told = violations.map(
    (one) =>
      `${one.id}: ${one.help}\n${one.nodes.map((node) => `  ${node.target.join(' ')}: ${node.failureSummary}`).join('\n')}`,
  );
  expect(told, `axe at ${name}`).toEqual([]);
}

async function inAllLanguages(page: Page, name: string): Promise<void> {
  const now = await page.locator('html').getAttribute('lang');
  const shown = languages.find((one) => one.code === now);
  const others = languages.filter((one) => one.code !== now);
  for (const language of [...others, ...(shown ? [shown] : [])]) {
    await page.getByRole('button', { name: language.button, exact: true }).first().click();
    await expect(page.locator('html')).toHaveAttribute('lang', language.code);
    await settled(page);
    expect(await rawWords(page), `untranslated at ${name} in ${language.code}`).toEqual([]);
    await fits(page, `${name} in ${language.code}`);
  }
}

async function rawWords(page: Page): Promise<string[]> {
  const text = `${await page.title()} ${await page.locator('body').innerText()}`;
  return text.split(/[\s,;:()«»"]+/).filter((word) => raw.test(word) && !knownNames.test(word) && !word.includes('@'));
}

async function fits(page: Page, name: string): Promise<void> {
  const over = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1 && element.children.length === 0,
    );
    return [`${scrollWidth} of ${clientWidth}`, ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 200))];
  });
  expect(over, `wider than the screen at ${name}`).toEqual([]);
}

async function picture(page: Page, name: string, size: 'desktop' | 'phone'): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}-${size}.png`), fullPage: true, animations: 'disabled' });
}
