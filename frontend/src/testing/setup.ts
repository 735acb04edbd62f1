import '@testing-library/jest-dom/vitest';
import { cleanup, configure, getConfig } from '@testing-library/react';
import { unstable_IdlePriority, unstable_scheduleCallback } from 'scheduler';
import { afterEach, vi } from 'vitest';
import { WebSocket } from 'ws';

// A busy machine loads a page's chunk slowly; nothing here measures time.
configure({ asyncUtilTimeout: 10_000 });

// React runs the effects of what it has put on the page in a task of its own, later. Nobody's hand is as fast as that, a test is: on a busy machine
// it found a part on the page and told of an event before the part listened. So whatever a test waits for has come when React has nothing left to do.
const { asyncWrapper } = getConfig();
configure({
  asyncWrapper: (wait) =>
    asyncWrapper(async () => {
      const found = await wait();
      await new Promise<void>((done) => void unstable_scheduleCallback(unstable_IdlePriority, () => done()));
      return found;
    }),
});

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
// A browser puts the focus on the first thing in a dialog that can be pressed, and gives it back when a dialog that is on the page closes.
const before = new WeakMap<HTMLDialogElement, Element | null>();
HTMLDialogElement.prototype.showModal = function showModal() {
  before.set(this, document.activeElement);
  this.open = true;
  this.querySelector<HTMLElement>('a[href], button, input, select, textarea, [tabindex="0"]')?.focus();
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
  const last = before.get(this);
  if (this.isConnected && last instanceof HTMLElement) last.focus();
};

afterEach(() => {
  cleanup();
  // A form that is taken down keeps what is unsaved for whoever opens it next: not for the next test.
  sessionStorage.clear();
  vi.unstubAllGlobals();
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store
  document.cookie = 'lang=; Max-Age=0; Path=/';
});
