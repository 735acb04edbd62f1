import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

// Runs inside the page; each function here is sent there as its source, so it may use nothing from outside its own body.

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window {
    axe?: { run: (context: object, options: RunOptions) => Promise<AxeResults> };
  }
}

const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  resultTypes: ['violations'],
  iframes: false,
  preload: false,
};

/**
 * What axe finds wrong with the page as it stands; previews of PDF files in frames are the browser's own matter. `colours: false` leaves the
 * contrast out.
 */
export async function axe(page: Page, { colours = true } = {}): Promise<string[]> {
  // Once a document: reading half a megabyte of source again at each look took longer than the look itself.
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(axeSource);
  const asked = colours ? options : { ...options, rules: { 'color-contrast': { enabled: false } } };
  return page.evaluate(async (wanted) => {
    if (!window.axe) throw new Error('axe is not in the page');
    const { violations } = await window.axe.run({ include: [['html']], exclude: [['iframe']] }, wanted);
    return violations.map(({ id, help, nodes }) =>
      [`${id}: ${help}`, ...nodes.map((node) => `  ${node.target.join(' ')}: ${node.failureSummary}`)].join('\n'),
    );
  }, asked);
}

/** Waits until everything asked for has come, movements have ended, and the letters are drawn in their own fonts. */
export async function settled(page: Page, language?: string): Promise<void> {
  await page.evaluate(async (wanted) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const there = () =>
      (!wanted || document.documentElement.lang === wanted) && !document.querySelector('[aria-busy="true"], .loading');
    const deadline = Date.now() + 15_000;
    for (let still = 0; still < 2; still = there() ? still + 1 : 0) {
      if (Date.now() > deadline) throw new Error(`the page does not come to rest (${document.documentElement.lang})`);
      await frame();
    }
    await document.fonts.ready;
    await Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
        .map((animation) => animation.finished.catch(() => undefined)),
    );
  }, language);
}

/** Presses a button of the language switch, without moving the focus of whoever is typing. */
export async function changeLanguage(page: Page, code: string): Promise<void> {
  await page.evaluate((wanted) => {
    const button = document.querySelector<HTMLButtonElement>(`.lang button[lang="${wanted}"]`);
    if (!button) throw new Error(`no button for the language ${wanted}`);
    button.click();
  }, code);
  await settled(page, code);
}

/** All words that a reader sees, and those of the title. */
export async function words(page: Page): Promise<string[]> {
  return page.evaluate(() => `${document.title} ${document.body.innerText}`.split(/[\s,;:()«»"]+/));
}

/** What sticks out of the screen to the right, if the page can be scrolled sideways. */
export async function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1 && element.children.length === 0,
    );
    return [`${scrollWidth} of ${clientWidth}`, ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 200))];
  });
}
