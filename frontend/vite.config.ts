import { copyFileSync, existsSync } from 'node:fs';
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
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
