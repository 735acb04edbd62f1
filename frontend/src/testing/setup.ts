import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { WebSocket } from 'ws';

// A busy machine loads a page's chunk slowly; nothing here measures time.
configure({ asyncUtilTimeout: 10_000 });

// jsdom lacks these; Mantine asks for the first, the dialog of the portal is the browser's own.
Object.defineProperty(window, 'matchMedia', {
  configurable: true,
  value: (query: string) => ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
  }),
});
// jsdom's own socket mixes its events with those of Node and breaks on closing.
globalThis.WebSocket = WebSocket as unknown as typeof globalThis.WebSocket;
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store
  document.cookie = 'lang=; Max-Age=0; Path=/';
});
