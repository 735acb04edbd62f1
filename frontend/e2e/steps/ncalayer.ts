import path from 'node:path';
import { test as base, expect, request } from '@playwright/test';
import { told } from '../portal/address';
import { Program } from '../portal/program';
import { keyFile, type PersonId, password } from './people';

type Mode = 'sign' | 'cancel' | 'error' | 'wrong-content';

/** The program that plays NCALayer on the applicant's machine. It runs only while a story has started it. */
export class NCALayer {
  private program: Program | undefined;

  constructor(private readonly log: string) {}

  async start(): Promise<void> {
    const [addr, control] = [told('ncalayer'), told('control')];
    this.program = new Program(
      'fakencalayer',
      path.join(told('bin'), 'fakencalayer'),
      ['-addr', addr, '-control', control],
      {
        log: this.log,
      },
    );
    await this.program.ready(`http://${control}/`);
  }

  /** Whose key it holds from here on, and what its user does when he is asked to sign. */
  async set(mode: Mode, holder?: PersonId): Promise<void> {
    const context = await request.newContext();
    try {
      const key = holder && { p12: (await keyFile(holder)).buffer.toString('base64'), password };
      const answer = await context.post(`http://${told('control')}/`, { data: { mode, ...key } });
      expect(answer.status(), await answer.text()).toBe(204);
    } finally {
      await context.dispose();
    }
  }

  async stop(): Promise<void> {
    await this.program?.stop();
    this.program = undefined;
  }
}

export const withNCALayer = base.extend<{ ncalayer: NCALayer }>({
  // biome-ignore lint/correctness/noEmptyPattern: playwright reads the names of what a fixture needs from its pattern
  ncalayer: async ({}, use, testInfo) => {
    const ncalayer = new NCALayer(testInfo.outputPath('fakencalayer.log'));
    await use(ncalayer);
    await ncalayer.stop();
  },
});
