import { test } from './story';
import { visit } from './visit';

// The pages that anyone may read without signing in.
test('public pages', async ({ story }) => {
  const page = await story.browser();
  for (const [address, name] of [
    ['/', 'home'],
    ['/process', 'process'],
    ['/directory', 'directory'],
    ['/help', 'help'],
    ['/accessibility', 'accessibility'],
    ['/privacy', 'privacy'],
    ['/rules', 'rules'],
    ['/check', 'check'],
    ['/sign-in', 'sign-in'],
  ] as const) {
    await page.goto(address);
    await visit(page, name);
  }
});
