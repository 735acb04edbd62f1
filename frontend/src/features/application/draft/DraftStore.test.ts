import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '@/api/applications';
import { ApiError, type ProblemCode } from '@/api/problem';
import { draftsOf } from '@/api/sessionDraft';
import { draft, draftId } from '@/testing/applications';
import { problem } from '@/testing/server';
import { DraftStore } from './DraftStore';
import { localCopyOf } from './localCopy';

const refusal = (code: ProblemCode, status: number) => new ApiError(problem(code, status));
const me = '123456789012';
const copy = localCopyOf(
  draftId,
  draftsOf(me, () => me),
);
const offline = () => new ApiError({ code: 'network', status: 0 });
const server = () => ({
  save: vi.fn(async (revision: number, _answers: unknown) => ({
    revision: revision + 1,
    savedAt: '2026-11-26T10:00:00Z',
    issues: [],
  })),
  read: vi.fn(async (): Promise<Application> => draft),
  onSaved: vi.fn(),
});

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the draft while it is filled', () => {
  it('is saved once after a pause in typing, from the revision that the server gave last', async () => {
    const s = server();
    const store = new DraftStore(draft, s, copy);
    for (const text of ['a', 'ab', 'abc']) store.set('email', text);
    expect(store.snapshot().save.kind).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1000);
    expect(s.save).toHaveBeenCalledTimes(1);
    expect(s.save).toHaveBeenCalledWith(1, { email: 'abc' });
    expect(store.snapshot()).toMatchObject({ save: { kind: 'saved' }, savedAt: '2026-11-26T10:00:00Z' });
    store.set('fax', '1');
    await vi.advanceTimersByTimeAsync(1000);
    expect(s.save).toHaveBeenLastCalledWith(2, { email: 'abc', fax: '1' });
  });

  it('is not sent again when nothing changed', async () => {
    const s = server();
    const store = new DraftStore({ ...draft, answers: { email: 'a' } }, s, copy);
    store.set('email', 'b');
    store.set('email', 'a');
    await vi.advanceTimersByTimeAsync(5000);
    expect(s.save).not.toHaveBeenCalled();
  });

  it('sends what is typed during a save after it, never two saves at once', async () => {
    const s = server();
    let finish: (() => void) | undefined;
    s.save.mockImplementationOnce(
      (revision) =>
        new Promise((resolve) => {
          finish = () => resolve({ revision: revision + 1, savedAt: '2026-11-26T10:00:00Z', issues: [] });
        }),
    );
    const store = new DraftStore(draft, s, copy);
    store.set('email', 'a');
    await vi.advanceTimersByTimeAsync(1000);
    store.set('email', 'ab');
    await vi.advanceTimersByTimeAsync(5000);
    expect(s.save).toHaveBeenCalledTimes(1);
    finish?.();
    await vi.advanceTimersByTimeAsync(2000);
    expect(s.save).toHaveBeenLastCalledWith(2, { email: 'ab' });
    expect(store.snapshot().save.kind).toBe('saved');
  });

  it('keeps a copy in this window until the server has it', async () => {
    const s = server();
    s.save.mockRejectedValueOnce(offline());
    const store = new DraftStore(draft, s, copy);
    store.set('email', 'a');
    await vi.advanceTimersByTimeAsync(1000);
    expect(copy.read()).toMatchObject({ revision: 1, answers: { email: 'a' } });
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.snapshot().save.kind).toBe('saved');
    expect(copy.read()).toBeUndefined();
  });

  it('tries a failed save again with growing pauses', async () => {
    const s = server();
    s.save.mockRejectedValue(offline());
    const store = new DraftStore(draft, s, copy);
    store.set('email', 'a');
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.snapshot().save).toMatchObject({ kind: 'failed', retryAt: expect.any(Number) });
    await vi.advanceTimersByTimeAsync(2000 + 5000 + 10_000);
    expect(s.save).toHaveBeenCalledTimes(4);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(s.save).toHaveBeenCalledTimes(4);
  });

  it('does not repeat a refusal by itself, and tries again when the application is read anew', async () => {
    const s = server();
    s.save.mockRejectedValueOnce(refusal('sign_in_required', 401));
    const store = new DraftStore(draft, s, copy);
    store.set('email', 'a');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(s.save).toHaveBeenCalledTimes(1);
    expect(store.snapshot()).toMatchObject({ save: { kind: 'failed' }, answers: { email: 'a' } });
    store.seen(draft);
    await vi.advanceTimersByTimeAsync(0);
    expect(store.snapshot().save.kind).toBe('saved');
  });
});

describe('after the form is left', () => {
  it('what is unsent is sent once; a failure leaves the copy and no repeating behind', async () => {
    const s = server();
    s.save.mockRejectedValue(offline());
    const store = new DraftStore(draft, s, copy);
    const close = store.open();
    store.set('email', 'a');
    close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(s.save).toHaveBeenCalledTimes(1);
    expect(copy.read()?.answers).toEqual({ email: 'a' });
  });

  it('a late answer does not drop what is typed in the form opened anew', async () => {
    const s = server();
    let finish: (() => void) | undefined;
    s.save.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          finish = () => resolve({ revision: 2, savedAt: '2026-11-26T10:00:00Z', issues: [] });
        }),
    );
    const store = new DraftStore(draft, s, copy);
    const close = store.open();
    store.set('email', 'a');
    close();
    await vi.advanceTimersByTimeAsync(0);
    copy.write({ revision: 1, answers: { email: 'ab' } });
    finish?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(copy.read()?.answers).toEqual({ email: 'ab' });
  });
});

describe('after a reload', () => {
  it('brings back what was not saved, and saves it', async () => {
    copy.write({ revision: 1, answers: { email: 'typed' } });
    const s = server();
    const store = new DraftStore(draft, s, copy);
    expect(store.snapshot()).toMatchObject({ answers: { email: 'typed' }, restored: { fields: ['email'] } });
    const close = store.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(s.save).toHaveBeenCalledWith(1, { email: 'typed' });
    close();
  });

  it('drops a copy that the server already has', () => {
    copy.write({ revision: 1, answers: { email: 'a' } });
    const store = new DraftStore({ ...draft, revision: 2, answers: { email: 'a' } }, server(), copy);
    expect(store.snapshot()).toMatchObject({ save: { kind: 'saved' }, restored: undefined });
    expect(copy.read()).toBeUndefined();
  });

  it('asks when the draft was changed elsewhere meanwhile', () => {
    copy.write({ revision: 1, answers: { email: 'mine' } });
    const store = new DraftStore({ ...draft, revision: 5, answers: { email: 'theirs' } }, server(), copy);
    expect(store.snapshot()).toMatchObject({ answers: { email: 'mine' }, save: { kind: 'conflict' } });
  });

  // What the page before the reload had sent is there by now, or comes while this page is open already.
  it('knows its own save, whose answer the reload cut off', async () => {
    const before = new DraftStore(draft, { ...server(), save: () => new Promise(() => {}) }, copy);
    const close = before.open();
    before.set('email', 'a');
    await vi.advanceTimersByTimeAsync(1000);
    before.set('email', 'ab');
    window.dispatchEvent(new Event('pagehide'));
    const sent = { ...draft, revision: 2, answers: { email: 'a' } };

    const early = server();
    early.save.mockRejectedValueOnce(refusal('draft_changed_elsewhere', 409));
    early.read.mockResolvedValue(sent);
    for (const [application, s] of [
      [sent, server()],
      [draft, early],
    ] as const) {
      const kept = copy.read();
      const store = new DraftStore(application, s, copy);
      expect(store.snapshot()).toMatchObject({ answers: { email: 'ab' }, save: { kind: 'waiting' } });
      const end = store.open();
      await vi.advanceTimersByTimeAsync(2000);
      expect(s.save).toHaveBeenLastCalledWith(2, { email: 'ab' });
      expect(store.snapshot().save.kind).toBe('saved');
      end();
      if (kept) copy.write(kept);
    }
    close();
  });

  it('passes over a copy that is not one', () => {
    for (const broken of [{ revision: 'x' }, { revision: 1, answers: {}, sent: [1] }]) {
      sessionStorage.setItem(`draft:${draftId}`, JSON.stringify({ by: me, value: broken }));
      expect(new DraftStore(draft, server(), copy).snapshot().answers).toEqual({});
    }
    sessionStorage.setItem(`draft:${draftId}`, 'not json');
    expect(new DraftStore(draft, server(), copy).snapshot().answers).toEqual({});
  });
});

describe('the copy in this window', () => {
  const other = '123456789088';

  it('is of whoever typed it: another person finds nothing, and one of nobody is none', () => {
    copy.write({ revision: 1, answers: { email: 'mine' } });
    const his = localCopyOf(
      draftId,
      draftsOf(other, () => other),
    );
    expect(new DraftStore(draft, server(), his).snapshot()).toMatchObject({ answers: {}, save: { kind: 'saved' } });
    expect(copy.read()?.answers).toEqual({ email: 'mine' });
    sessionStorage.setItem(`draft:${draftId}`, JSON.stringify({ revision: 1, answers: { email: 'mine' } }));
    expect(copy.read()).toBeUndefined();
  });

  it('is written while nobody is signed in, and not any more once another has signed in over the page', async () => {
    let signedIn: string | undefined = me;
    const mine = localCopyOf(
      draftId,
      draftsOf(me, () => signedIn),
    );
    const s = server();
    s.save.mockRejectedValue(refusal('session_ended', 401));
    const store = new DraftStore(draft, s, mine);
    const close = store.open();
    signedIn = undefined;
    store.set('email', 'typed');
    await vi.advanceTimersByTimeAsync(250);
    expect(copy.read()?.answers).toEqual({ email: 'typed' });
    signedIn = other;
    mine.drop();
    window.dispatchEvent(new Event('pagehide'));
    close();
    await vi.advanceTimersByTimeAsync(1000);
    expect(sessionStorage).toHaveLength(0);
  });
});

describe('two versions', () => {
  const theirs: Application = { ...draft, revision: 7, answers: { email: 'theirs', fax: '2' } };
  async function inConflict() {
    const s = server();
    s.save.mockRejectedValueOnce(refusal('draft_changed_elsewhere', 409));
    s.read.mockResolvedValue(theirs);
    const store = new DraftStore(draft, s, copy);
    store.set('email', 'mine');
    await vi.advanceTimersByTimeAsync(1000);
    return { s, store };
  }

  it('are never mixed or overwritten by themselves; typing goes on', async () => {
    const { s, store } = await inConflict();
    expect(store.snapshot()).toMatchObject({ save: { kind: 'conflict', theirs }, answers: { email: 'mine' } });
    store.set('email', 'mine too');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(s.save).toHaveBeenCalledTimes(1);
    expect(copy.read()?.answers).toEqual({ email: 'mine too' });
  });

  it('mine is saved over theirs when I say so', async () => {
    const { s, store } = await inConflict();
    store.keepMine();
    await vi.advanceTimersByTimeAsync(0);
    expect(s.save).toHaveBeenLastCalledWith(7, { email: 'mine' });
    expect(store.snapshot().save.kind).toBe('saved');
  });

  it('theirs can be looked at, and mine brought back', async () => {
    const { s, store } = await inConflict();
    store.takeTheirs();
    expect(store.snapshot()).toMatchObject({
      answers: theirs.answers,
      aside: { email: 'mine' },
      save: { kind: 'saved' },
    });
    store.bringBack();
    await vi.advanceTimersByTimeAsync(0);
    expect(s.save).toHaveBeenLastCalledWith(7, { email: 'mine' });
    expect(store.snapshot().aside).toBeUndefined();
  });

  it('are one when the answer to my own save was lost on the way', async () => {
    const s = server();
    s.save.mockRejectedValueOnce(offline()).mockRejectedValueOnce(refusal('draft_changed_elsewhere', 409));
    s.read.mockResolvedValue({ ...draft, revision: 2, answers: { email: 'mine' } });
    const store = new DraftStore(draft, s, copy);
    store.set('email', 'mine');
    await vi.advanceTimersByTimeAsync(3000);
    expect(store.snapshot().save.kind).toBe('saved');
    store.set('fax', '1');
    await vi.advanceTimersByTimeAsync(1000);
    expect(s.save).toHaveBeenLastCalledWith(2, { email: 'mine', fax: '1' });
  });

  it('are one when more was typed after a save whose answer was lost', async () => {
    const s = server();
    s.save.mockRejectedValueOnce(offline()).mockRejectedValueOnce(refusal('draft_changed_elsewhere', 409));
    s.read.mockResolvedValue({ ...draft, revision: 2, answers: { email: 'a' } });
    const store = new DraftStore(draft, s, copy);
    store.set('email', 'a');
    await vi.advanceTimersByTimeAsync(1000);
    store.set('email', 'ab');
    await vi.advanceTimersByTimeAsync(5000);
    expect(s.save).toHaveBeenLastCalledWith(2, { email: 'ab' });
    expect(store.snapshot().save.kind).toBe('saved');
  });

  it('are one when the line was cut once more before it could be read what the server has', async () => {
    const s = server();
    s.save
      .mockRejectedValueOnce(offline())
      .mockRejectedValueOnce(refusal('draft_changed_elsewhere', 409))
      .mockRejectedValueOnce(refusal('draft_changed_elsewhere', 409));
    s.read.mockRejectedValueOnce(offline()).mockResolvedValue({ ...draft, revision: 2, answers: { email: 'a' } });
    const store = new DraftStore(draft, s, copy);
    store.set('email', 'a');
    await vi.advanceTimersByTimeAsync(3100);
    expect(store.snapshot().save).toMatchObject({ kind: 'failed', error: { status: 0 } });
    store.set('email', 'ab');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(s.save).toHaveBeenLastCalledWith(2, { email: 'ab' });
    expect(store.snapshot().save.kind).toBe('saved');
  });

  it('are two when what was sent had been refused', async () => {
    const { s, store } = await inConflict();
    store.takeTheirs();
    s.save.mockRejectedValueOnce(refusal('draft_changed_elsewhere', 409));
    s.read.mockResolvedValue({ ...theirs, revision: 8, answers: { email: 'theirs again' } });
    store.set('email', 'mine anew');
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.snapshot().save.kind).toBe('conflict');
  });

  it('a newer version is simply shown when nothing of mine is unsaved', () => {
    const store = new DraftStore(draft, server(), copy);
    store.seen(theirs);
    expect(store.snapshot()).toMatchObject({ answers: theirs.answers, save: { kind: 'saved' } });
  });

  it('a signed application is no longer a draft: told, nothing repeated, nothing lost', async () => {
    const s = server();
    s.save.mockRejectedValueOnce(refusal('state_changed', 409));
    s.read.mockResolvedValue({ ...draft, state: 'awaiting_payment', revision: 2 });
    const store = new DraftStore(draft, s, copy);
    store.set('email', 'mine');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(s.save).toHaveBeenCalledTimes(1);
    expect(store.snapshot()).toMatchObject({ save: { kind: 'failed' }, answers: { email: 'mine' } });
  });
});
