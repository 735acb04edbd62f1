import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const src = fileURLToPath(new URL('./src', import.meta.url));

// The build empties dist; the placeholder is in the repository so that Go compiles before the first build, and must stay.
function keepPlaceholder(): Plugin {
  return {
    name: 'keep-placeholder',
    apply: 'build',
    closeBundle() {
      const from = fileURLToPath(new URL('./scripts/placeholder.txt', import.meta.url));
      if (existsSync(from)) copyFileSync(from, fileURLToPath(new URL('./dist/placeholder.txt', import.meta.url)));
    },
  };
}

// Page tests that replace a module for themselves (vi.mock), which must reach no other file.
const replacing = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.test\.tsx?$/.test(file) && readFileSync(join(src, file), 'utf8').includes('vi.mock('))
  .map((file) => join(src, file));

export default defineConfig({
  plugins: [react(), keepPlaceholder()],
  resolve: { alias: { '@': src } },
  server: {
    port: 5173,
    proxy: { '/api': { target: process.env.ELICENSING_DEV_SERVER ?? 'http://localhost:8080', changeOrigin: false } },
  },
  build: {
    target: 'es2022',
    // Nothing inlined by the bundler: files are cached for good under their own digest, and the policy needs no data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // Two chunks that every page needs, instead of thirty small ones: what others wrote, and our own parts.
        codeSplitting: {
          groups: [
            {
              name: 'vendor',
              test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack|i18next|react-i18next|openapi-fetch|use-sync-external-store|cookie|set-cookie-parser)\//,
            },
            { name: 'parts', test: /node_modules\/@mantine\/|\/src\/(ui|api)\/[^.]+\.tsx?$|\/src\/i18n\/[^/]+\.ts$/ },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    css: false,
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    // Threads, not processes: what is translated for one is there for the other.
    pool: 'threads',
    // One worker a core; by itself vitest leaves one core idle.
    maxWorkers: '100%',
    // Making a browser of jsdom and reading React anew took most of the time, so files share them; those that replace a module get their own.
    projects: [
      {
        extends: true,
        test: { name: 'shared', include: ['src/**/*.test.{ts,tsx}'], exclude: replacing, isolate: false },
      },
      { extends: true, test: { name: 'own', include: replacing } },
    ],
  },
});
