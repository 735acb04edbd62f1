import { defineConfig } from '@playwright/test';

// On a machine that is busy with other work everything takes longer: E2E_PATIENCE=4 waits four times as long.
const patience = Number(process.env.E2E_PATIENCE ?? 1);

const browser = process.env.CHROME_PATH ?? '/usr/bin/chromium';
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// The stories of the portal, played in a real browser against the real program (e2e/portal/setup.ts starts it).
export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  globalSetup: './e2e/portal/setup.ts',
  outputDir: 'test-results/stories',
  // A whole story with axe in three languages at every step; nothing here waits for time to pass.
  timeout: 420_000 * patience,
  expect: { timeout: 15_000 * patience },
  // Each worker has a portal of its own; a database that was given can serve one only. Stories begin in the order of their files' names: the last ones
  // should be short.
  workers: process.env.ELICENSING_DATABASE_URL ? 1 : 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    actionTimeout: 15_000 * patience,
    locale: 'ru-RU',
    timezoneId: 'Asia/Almaty',
    viewport: { width: 1280, height: 900 },
    // A recording doubles the time of a story: E2E_TRACE=1 makes one of a story that fails.
    trace: process.env.E2E_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    // What shows a PDF in a frame needs the browser's own viewer. The longest story is among these, so they begin.
    { name: 'viewer', grep: /@viewer/, use: { launchOptions: { executablePath: browser, args } } },
    {
      name: 'light',
      grepInvert: /@viewer/,
      use: { launchOptions: { executablePath: process.env.CHROME_LIGHT_PATH ?? browser, args } },
    },
  ],
});
