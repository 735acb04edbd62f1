import { type BrowserContext, expect, type Page } from '@playwright/test';

/**
 * Everything that a browser complains of while a story is played: console errors, errors of the page, violations of the policy. A story
 * that provokes a refusal says so before, by what Chromium prints about it.
 */
export class Watch {
  private readonly complaints: string[] = [];
  private readonly expected: RegExp[] = [];

  async follow(context: BrowserContext): Promise<void> {
    await context.exposeBinding('__policy', (_, said: string) => this.complain(`policy: ${said}`));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const tell = (window as unknown as { __policy: (said: string) => void }).__policy;
        tell(`${event.violatedDirective} refused ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`);
      });
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
