import { defineConfig } from '@playwright/test';

// The stories run against a portal that is already listening (make test starts it and passes its address).
export default defineConfig({
  testDir: 'e2e',
  timeout: 90_000,
  workers: 1,
  reporter: [['list']],
  use: {
    baseURL: process.env.ELICENSING_URL ?? 'http://localhost:8080',
    locale: 'kk-KZ',
    timezoneId: 'Asia/Almaty',
    launchOptions: {
      executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    },
  },
});
