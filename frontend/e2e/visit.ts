import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { axe, changeLanguage, settled, sticksOut, words } from './look';

const languages = ['kk', 'en', 'ru'];
const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
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
 * that nobody translated, width), and on a phone (axe in the language with the longest words, width in all). The story goes on with the
 * page as it was. E2E_PICTURES=1 keeps a picture of each.
 */
export async function visit(page: Page, name: string, { foreign = false, readme }: Options = {}): Promise<void> {
  if (process.env.E2E_FAST) return;
  await expect(page.locator('h1')).toHaveCount(1);
  await settled(page);
  if (readme) await pictureForReadme(page, readme);
  const shown = (await page.locator('html').getAttribute('lang')) ?? '';
  const others = foreign ? [] : languages.filter((code) => code !== shown);

  await look(page, name, shown, { foreign, colours: true });
  for (const code of others) {
    await changeLanguage(page, code);
    await look(page, name, code, { foreign, colours: false });
  }
  await page.setViewportSize(phone);
  for (const code of foreign ? [shown] : ['en', 'ru', 'kk']) {
    if (!foreign) await changeLanguage(page, code);
    expect(await sticksOut(page), `wider than the screen at ${name} on a phone in ${code}`).toEqual([]);
    await picture(page, `test-results/screens/${name}-${code}-phone`);
  }
  expect(await axe(page), `axe at ${name} on a phone`).toEqual([]);
  await page.setViewportSize(desktop);
  if (!foreign) await changeLanguage(page, shown);
}

type Look = { foreign: boolean; colours: boolean };

async function look(page: Page, name: string, code: string, { foreign, colours }: Look): Promise<void> {
  expect(await axe(page, { colours }), `axe at ${name} in ${code}`).toEqual([]);
  if (!foreign) expect(untranslated(await words(page)), `untranslated at ${name} in ${code}`).toEqual([]);
  expect(await sticksOut(page), `wider than the screen at ${name} in ${code}`).toEqual([]);
  await picture(page, `test-results/screens/${name}-${code}-desktop`);
}

const untranslated = (all: readonly string[]) =>
  all.filter((word) => raw.test(word) && !knownNames.test(word) && !word.includes('@'));

// The head of the page, as high as the README shows it.
async function pictureForReadme(page: Page, name: string): Promise<void> {
  await page.setViewportSize({ ...desktop, height: 1100 });
  await page.evaluate(() => window.scrollTo(0, 0));
  await picture(page, `screenshots/${name}`, { fullPage: false });
  await page.setViewportSize(desktop);
}

async function picture(page: Page, file: string, { fullPage = true } = {}): Promise<void> {
  if (!process.env.E2E_PICTURES) return;
  const target = path.join(frontend, `${file}.png`);
  mkdirSync(path.dirname(target), { recursive: true });
  await page.screenshot({ path: target, fullPage, animations: 'disabled' });
}
