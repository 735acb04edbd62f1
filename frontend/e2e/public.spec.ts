import { heading } from './steps/form';
import { expect, test } from './story';
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
  story.watch.expect(/the server responded with a status of 401/);
  await page.goto('/api/applications/01a22953-611f-785b-8ab3-6974d0c4a1f2/files/result.pdf?inline=1');
  await expect(heading(page, 'Документ откроется после входа')).toBeVisible();
  await visit(page, 'document-refused', { foreign: true });
});
