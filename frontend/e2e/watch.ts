import { type BrowserContext, expect, type Page } from '@playwright/test';

/**
 * Everything that a browser complains of while a story is played: console errors, errors of the page, violations of the policy; and a page that
 * was taken away under its reader until a part of it had its texts or its code. A story that provokes a refusal says so before, by what
 * Chromium prints about it.
 */
export class Watch {
  private readonly complaints: string[] = [];
  private readonly expected: RegExp[] = [];

  async follow(context: BrowserContext): Promise<void> {
    await context.exposeBinding('__complain', (_, said: string) => this.complain(said));
    await context.addInitScript(() => {
      const tell = (window as unknown as { __complain: (said: string) => void }).__complain;
      document.addEventListener(
        'securitypolicyviolation',
        ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
          tell(`policy: ${violatedDirective} refused ${blockedURI} at ${sourceFile}:${lineNumber}`),
      );
      // React hides what it has shown already so, and focus and place in the page are lost with it. Words of waiting may give way to others.
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          if (!(target instanceof HTMLElement) || target.style.getPropertyPriority('display') !== 'important') continue;
          if (target.innerText && !target.matches('.loading'))
            tell(`hidden while a part of it was loading: ${target.innerText.slice(0, 60)} (${location.href})`);
        }
      }).observe(document, { subtree: true, attributeFilter: ['style'] });
    });
    context.on('page', (page) => this.listen(page));
  }

  private listen(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error') this.complain(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.complain(`page: ${error.stack ?? error.message}`));
  }

  private complain(said: string): void {
    if (!this.expected.some((one) => one.test(said))) this.complaints.push(said);
  }

  /** From here on the browser prints this too, because the story makes a refusal happen. */
  expect(...said: RegExp[]): void {
    this.expected.push(...said);
  }

  clean(): void {
    expect(this.complaints, 'what the browser complained of').toEqual([]);
  }
}
