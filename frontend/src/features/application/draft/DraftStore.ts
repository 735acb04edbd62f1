import type { Application } from '@/api/applications';
import { ApiError, type FieldIssue, isSilence } from '@/api/problem';
import type { components } from '@/api/schema.gen';
import { type Answers, sameAnswers } from '../answers';
import type { LocalCopy } from './localCopy';

type Saved = components['schemas']['SavedAnswers'];
type Version = Pick<Application, 'answers' | 'revision' | 'savedAt'>;

/** Not saved; with `retryAt` it is tried again by itself, without it something must be done first. */
type Failure = { kind: 'failed'; error: unknown; retryAt?: number };

export type SaveState =
  | { kind: 'saved' }
  | { kind: 'waiting' }
  | { kind: 'saving' }
  | Failure
  /** Another window or another person of the organisation saved meanwhile. */
  | { kind: 'conflict'; theirs: Version };

export type Restored = { at: string; fields: readonly string[] };

export type DraftSnapshot = {
  answers: Answers;
  /** Of the version that the server gave last; `saved` and the revision that it is about come together. */
  revision: number;
  savedAt: string;
  save: SaveState;
  /** Why the last save failed: until one goes through it is told, also while one types on or it is tried again. */
  failure: Failure | undefined;
  /** What the server found at the last save; shown only for values that did not change since. */
  issues: readonly FieldIssue[];
  issuesFor: Answers;
  /**
   * What this window's copy brought back after a reload or a dead session. It is told until its page is left: a save that took the words away
   * would move the fields under the hand.
   */
  restored: Restored | undefined;
  /** My answers that were put aside for the other version. */
  aside: Answers | undefined;
};

export type DraftServer = {
  save: (revision: number, answers: Answers) => Promise<Saved>;
  read: () => Promise<Application>;
  /** After each save, so that the rest of the portal sees it. */
  onSaved: (version: Version) => void;
};

const typingPauseMs = 1000;
const copyPauseMs = 250;
// More saves than this do not go unanswered one after the other within one pause.
const keptUnanswered = 5;
const retryDelaysMs = [2000, 5000, 10_000, 20_000, 30_000, 60_000];

/**
 * The draft while it is being filled. What is typed goes to this window's own copy at once and to the server after a pause; a failed save is
 * repeated with growing pauses; nothing typed is ever dropped. One save at a time, each made from the revision that the server gave last.
 */
export class DraftStore {
  private readonly server: DraftServer;
  private readonly copy: LocalCopy;
  private now: DraftSnapshot;
  private saved: Answers;
  /** Sent, and not known whether the server has it: the answer is under way, was lost, or went to the page before a reload. */
  private unanswered: readonly Answers[] = [];
  private readonly listeners = new Set<() => void>();
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private copyTimer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | undefined;
  private sending: Answers | undefined;
  private failures = 0;
  /** The fields of the page that is shown. */
  private page: readonly string[] = [];
  private closed = false;

  constructor(application: Application, server: DraftServer, copy: LocalCopy) {
    this.server = server;
    this.copy = copy;
    this.saved = application.answers;
    this.now = {
      answers: application.answers,
      revision: application.revision,
      savedAt: application.savedAt,
      save: { kind: 'saved' },
      failure: undefined,
      issues: [],
      issuesFor: {},
      restored: undefined,
      aside: undefined,
    };
    this.restore(application);
  }

  snapshot = (): DraftSnapshot => this.now;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Begins to listen to the window; gives the way to stop, which sends what is still unsent. */
  open = (): (() => void) => {
    this.closed = false;
    const keep = () => {
      this.writeCopy();
      if (document.visibilityState === 'hidden') void this.flush();
    };
    const online = () => this.retry();
    window.addEventListener('pagehide', keep);
    document.addEventListener('visibilitychange', keep);
    window.addEventListener('online', online);
    if (this.now.save.kind === 'waiting') this.saveSoon(0);
    return () => {
      window.removeEventListener('pagehide', keep);
      document.removeEventListener('visibilitychange', keep);
      window.removeEventListener('online', online);
      this.writeCopy();
      clearTimeout(this.saveTimer);
      void this.flush();
      this.closed = true;
    };
  };

  set = (field: string, value: unknown): void => {
    const answers = { ...this.now.answers, [field]: value };
    this.change({ answers, ...(this.now.save.kind === 'conflict' ? {} : { save: { kind: 'waiting' as const } }) });
    this.copySoon();
    if (this.now.save.kind !== 'conflict') this.saveSoon(typingPauseMs);
  };

  /** Sends what is unsent now; resolves when the server has it or when it could not be sent. */
  flush = async (): Promise<void> => {
    if (this.inConflict()) return;
    clearTimeout(this.saveTimer);
    const sending = this.sending;
    await this.running;
    // What came of the save under way holds for whoever asks meanwhile, unless more was typed; a conflict is for the person to settle.
    if (sending === this.now.answers || this.inConflict()) return;
    if (this.dirty()) await this.send();
  };

  /** Tries again at once, when a save failed and something changed: the line is back, or somebody signed in. */
  retry = (): void => {
    if (this.now.failure) void this.flush();
  };

  /** The application was read anew (on return to the window, after signing in again). */
  seen = (application: Application): void => {
    if (application.revision <= this.now.revision) {
      this.retry();
      return;
    }
    if (this.running) return; // our own save, whose answer is under way
    if (!this.dirty()) this.adopt(application);
    else this.meet(application, this.now.answers);
  };

  /** Shows the other version; mine is put aside and can be brought back. */
  takeTheirs = (): void => {
    if (this.now.save.kind !== 'conflict') return;
    const mine = this.now.answers;
    this.adopt(this.now.save.theirs);
    this.change({ aside: mine });
  };

  /** Saves mine over the other version. */
  keepMine = (): void => {
    if (this.now.save.kind !== 'conflict') return;
    const { revision, answers } = this.now.save.theirs;
    this.saved = answers;
    this.unanswered = [];
    this.change({ revision, save: { kind: 'waiting' } });
    void this.flush();
  };

  bringBack = (): void => {
    if (!this.now.aside) return;
    this.change({ answers: this.now.aside, aside: undefined, save: { kind: 'waiting' } });
    this.writeCopy();
    void this.flush();
  };

  /** Another page of the form is shown: what was restored on the one before has been told. */
  show = (page: readonly string[]): void => {
    const before = this.page;
    this.page = page;
    const { restored } = this.now;
    if (!restored || before.join() === page.join()) return;
    const fields = restored.fields.filter((field) => !before.includes(field));
    this.change({ restored: fields.length > 0 ? { ...restored, fields } : undefined });
  };

  private inConflict(): boolean {
    return this.now.save.kind === 'conflict';
  }

  private dirty(): boolean {
    return !sameAnswers(this.now.answers, this.saved);
  }

  private restore(application: Application): void {
    const copy = this.copy.read();
    if (!copy) return;
    if (sameAnswers(copy.answers, application.answers)) {
      this.copy.drop();
      return;
    }
    this.unanswered = copy.sent ?? [];
    if (copy.revision === application.revision || this.isMine(application.answers)) {
      const fields = [...new Set([...Object.keys(copy.answers), ...Object.keys(application.answers)])].filter(
        (field) => !sameAnswers(copy.answers[field], application.answers[field]),
      );
      const restored = { at: new Date().toISOString(), fields };
      this.change({ answers: copy.answers, restored, save: { kind: 'waiting' } });
    } else {
      this.change({ answers: copy.answers, save: { kind: 'conflict', theirs: application } });
    }
  }

  private adopt(version: Version): void {
    const { answers, revision, savedAt } = version;
    this.saved = answers;
    this.unanswered = [];
    clearTimeout(this.saveTimer);
    clearTimeout(this.copyTimer);
    this.copy.drop();
    this.change({
      answers,
      revision,
      savedAt,
      save: { kind: 'saved' },
      failure: undefined,
      issues: [],
      restored: undefined,
    });
  }

  /** Tells whether answers that the server has were sent from this window. */
  private isMine(answers: Answers): boolean {
    return this.unanswered.some((sent) => sameAnswers(answers, sent));
  }

  /** Another revision is there. When it is what we sent, the answer to our own save was lost on the way and nothing is in conflict. */
  private meet(theirs: Version, sent: Answers): void {
    if (
      this.isMine(theirs.answers) ||
      sameAnswers(theirs.answers, sent) ||
      sameAnswers(theirs.answers, this.now.answers)
    ) {
      this.saved = theirs.answers;
      this.unanswered = [];
      this.settle(theirs);
      return;
    }
    clearTimeout(this.saveTimer);
    this.change({ save: { kind: 'conflict', theirs }, failure: undefined });
  }

  private send(): Promise<void> {
    this.running ??= this.sendOnce().finally(() => {
      this.running = undefined;
      this.sending = undefined;
    });
    return this.running;
  }

  private async sendOnce(): Promise<void> {
    const sent = this.now.answers;
    this.sending = sent;
    this.unanswered = [...this.unanswered, sent].slice(-keptUnanswered);
    this.change({ save: { kind: 'saving' } });
    try {
      const done = await this.server.save(this.now.revision, sent);
      this.saved = sent;
      this.unanswered = [];
      this.failures = 0;
      this.change({ issues: done.issues, issuesFor: sent });
      this.settle(done);
    } catch (error) {
      await this.fail(error, sent);
    }
  }

  /** After a save: either all is saved, or more was typed meanwhile. */
  private settle({ revision, savedAt }: Pick<Version, 'revision' | 'savedAt'>): void {
    this.change({ revision, savedAt, failure: undefined });
    this.server.onSaved({ answers: this.saved, revision, savedAt });
    if (this.dirty()) {
      this.change({ save: { kind: 'waiting' } });
      this.writeCopy();
      this.saveSoon(typingPauseMs);
      return;
    }
    clearTimeout(this.copyTimer);
    this.dropCopy();
    this.change({ save: { kind: 'saved' } });
  }

  private async fail(error: unknown, sent: Answers): Promise<void> {
    // Refused: the server does not have it by this save. It may have the same by one before, whose answer was lost.
    if (error instanceof ApiError && !isSilence(error) && this.unanswered.at(-1) === sent)
      this.unanswered = this.unanswered.slice(0, -1);
    // The form was left: the copy is written, and whoever opens the draft next goes on from it.
    if (this.closed) return;
    this.writeCopy();
    if (error instanceof ApiError && error.status === 409) {
      try {
        const theirs = await this.server.read();
        if (theirs.state === 'draft') {
          this.meet(theirs, sent);
          return;
        }
      } catch (unread) {
        // It could not be read now, so nobody knows whose the other version is: told as a failed save, and met again at the next one.
        if (isSilence(unread)) error = unread;
      }
    }
    if (!isSilence(error) && !(error instanceof ApiError && error.status === 429)) {
      this.failed({ kind: 'failed', error });
      return;
    }
    const pause = retryDelaysMs[Math.min(this.failures, retryDelaysMs.length - 1)] ?? 60_000;
    this.failures++;
    this.failed({ kind: 'failed', error, retryAt: Date.now() + pause });
    this.saveSoon(pause);
  }

  private failed(failure: Failure): void {
    this.change({ save: failure, failure });
  }

  private dropCopy(): void {
    // After leaving, the copy may already be that of the form opened anew.
    if (!this.closed || sameAnswers(this.copy.read()?.answers, this.saved)) this.copy.drop();
  }

  private saveSoon(pauseMs: number): void {
    if (this.closed) return;
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => void this.flush(), pauseMs);
  }

  private copySoon(): void {
    clearTimeout(this.copyTimer);
    this.copyTimer = setTimeout(this.writeCopy, copyPauseMs);
  }

  private writeCopy = (): void => {
    clearTimeout(this.copyTimer);
    if (this.dirty())
      this.copy.write({ revision: this.now.revision, answers: this.now.answers, sent: this.unanswered });
  };

  private change(next: Partial<DraftSnapshot>): void {
    this.now = { ...this.now, ...next };
    for (const listener of this.listeners) listener();
  }
}
