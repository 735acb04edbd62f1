import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { axe, changeLanguage, settled, sticksOut, words } from './look';

const languages = ['kk', 'en', 'ru'];
const screens = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const frontend = path.resolve(import.meta.dirname, '..');

// A text that no translator wrote: "now.title", "licence_prepared", "{{count}}". Names of files and addresses look alike and are left out.
const raw = /^(?:[a-z][A-Za-z]*(?:\.[A-Za-z_]\w*)+|[a-z]+(?:_[a-z]+)+|.*\{\{.*|undefined|NaN|\[object)$/;
const knownNames = /(?:\.(?:pdf|png|jpe?g|p12|p7s|asice|kz|com|json|xml)|^i\.e|^e\.g)$/;

type Options = {
  /** Another service's page (the gateway): its languages are its own matter. */
  foreign?: boolean;
  /** The page is shown in the README. */
  readme?: 'cabinet' | 'official';
};

/**
 * Looks at a page as it stands, in the state that the story has brought it to: on a desktop in each of the three languages (axe, words
 * that nobody translated, width), and on a phone (axe once, width in all three): S12.1. The story goes on with the page as it was.
 * E2E_PICTURES=1 keeps a picture of each.
 */
export async function visit(page: Page, name: string, { foreign = false, readme }: Options = {}): Promise<void> {
  if (process.env.E2E_FAST) return;
  await expect(page.locator('h1')).toHaveCount(1);
  await settled(page);
  if (readme) await pictureForReadme(page, readme);
  const shown = (await page.locator('html').getAttribute('lang')) ?? '';
  const others = foreign ? [] : languages.filter((code) => code !== shown);

  for (const code of [shown, ...others]) {
    const where = `at ${name} on a desktop in ${code}`;
    if (code !== shown) await changeLanguage(page, code);
    // Colours do not depend on the language, and take most of axe's time.
    expect(await axe(page, { colours: code === shown }), `axe ${where}`).toEqual([]);
    if (!foreign) expect(untranslated(await words(page)), `untranslated ${where}`).toEqual([]);
    await fits(page, name, code, 'desktop');
  }
  // Back the way we came: changing the language takes as long as looking.
  await page.setViewportSize(screens.phone);
  // Nor do they depend on the width, but for tables: there a row becomes a card.
  const colours = (await page.locator('table').count()) > 0;
  expect(await axe(page, { colours }), `axe at ${name} on a phone`).toEqual([]);
  for (const [index, code] of [...others.reverse(), shown].entries()) {
    if (index > 0) await changeLanguage(page, code);
    await fits(page, name, code, 'phone');
  }
  await page.setViewportSize(screens.desktop);
}

async function fits(page: Page, name: string, code: string, screen: keyof typeof screens): Promise<void> {
  expect(await sticksOut(page), `wider than the screen at ${name} on a ${screen} in ${code}`).toEqual([]);
  await picture(page, `test-results/screens/${name}-${code}-${screen}`);
}

const untranslated = (all: readonly string[]) =>
  all.filter((word) => raw.test(word) && !knownNames.test(word) && !word.includes('@'));

// The head of the page, as high as the README shows it.
async function pictureForReadme(page: Page, name: string): Promise<void> {
  await page.setViewportSize({ ...screens.desktop, height: 1100 });
  await page.evaluate(() => window.scrollTo(0, 0));
  await picture(page, `screenshots/${name}`, { fullPage: false });
  await page.setViewportSize(screens.desktop);
}

async function picture(page: Page, file: string, { fullPage = true } = {}): Promise<void> {
  if (!process.env.E2E_PICTURES) return;
  const target = path.join(frontend, `${file}.png`);
  mkdirSync(path.dirname(target), { recursive: true });
  await page.screenshot({ path: target, fullPage, animations: 'disabled' });
}
