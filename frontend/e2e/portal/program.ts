import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';

/** A port of the loopback interface that nobody listens at now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, 'localhost', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** A program of ours that runs beside the stories. */
export class Program {
  private readonly child: ChildProcess;
  private readonly ended: Promise<string>;
  private how: string | undefined;

  constructor(
    private readonly name: string,
    command: string,
    args: readonly string[],
    { env, log }: { env?: NodeJS.ProcessEnv; log: string },
  ) {
    const out = openSync(log, 'a');
    this.child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', out, out] });
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(String(error)));
      this.child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    });
    void this.ended.then((how) => {
      this.how = how;
    });
  }

  /** Waits until an address answers; fails at once when the program has ended. */
  async ready(url: string): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      if (this.how !== undefined) throw new Error(`${this.name} ended before it was ready: ${this.how}`);
      try {
        if ((await fetch(url)).ok) return;
      } catch {
        // not listening yet
      }
      if (Date.now() > deadline) throw new Error(`${this.name} was not ready within a minute`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Stops it as a person would, with Ctrl-C; it has to end cleanly. */
  async stop(): Promise<void> {
    this.child.kill('SIGINT');
    const how = await this.ended;
    if (how !== 'code 0') throw new Error(`${this.name} did not end cleanly: ${how}`);
  }
}
