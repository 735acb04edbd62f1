import { expect, it } from 'vitest';

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });

type Import = { from: string; to: string };

function imports(): Import[] {
  const found: Import[] = [];
  for (const [file, text] of Object.entries(sources)) {
    const from = file.replace('../', '').replace(/^\.\//, 'app/');
    for (const match of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      const to = match[1] ?? '';
      if (to.startsWith('@/')) found.push({ from, to: to.slice(2) });
      else if (to.startsWith('../')) found.push({ from, to: new URL(to, `file:///${from}`).pathname.slice(1) });
    }
  }
  return found;
}

const isTest = (file: string) => file.startsWith('testing/') || /\.test\.tsx?$/.test(file);
const featureOf = (path: string) => /^features\/([^/]+)/.exec(path)?.[1];

it('reads the sources', () => {
  expect(imports().length).toBeGreaterThan(30);
});

it('keeps the direction app → features → shared', () => {
  const wrong = imports().filter(({ from, to }) => {
    if (isTest(from)) return false;
    const shared = /^(ui|api|i18n|signing)\//.test(from);
    if (shared && /^(app|features)\//.test(to)) return true;
    return from.startsWith('features/') && to.startsWith('app/') && to !== 'app/paths';
  });
  expect(wrong).toEqual([]);
});

it('keeps features apart', () => {
  const wrong = imports().filter(
    ({ from, to }) => featureOf(from) && featureOf(to) && featureOf(from) !== featureOf(to),
  );
  expect(wrong).toEqual([]);
});

it('keeps the shared folders in their order: api imports nothing of ours, i18n nothing, ui no signing', () => {
  const allowed: Record<string, readonly string[]> = {
    api: ['api'],
    i18n: ['i18n'],
    ui: ['ui', 'api', 'i18n'],
    signing: ['signing', 'ui', 'api', 'i18n'],
  };
  const wrong = imports().filter(({ from, to }) => {
    const folder = from.split('/')[0] ?? '';
    return !isTest(from) && allowed[folder] && !allowed[folder].includes(to.split('/')[0] ?? '');
  });
  expect(wrong).toEqual([]);
});
