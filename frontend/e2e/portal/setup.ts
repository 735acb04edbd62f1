import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FullConfig } from '@playwright/test';
import { tell } from './address';
import { logs } from './logs';
import { freePort, Program } from './program';

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * Each worker has a portal of its own: the real program in demo mode, in a fresh folder, at free ports. Stories that run at the same time
 * share no person, no list of work and no silent authority. The portals are stopped at the end and have to end cleanly.
 */
export default async function setup({ workers }: FullConfig): Promise<() => Promise<void>> {
  // Told to end, the runner would go at once and leave the portals behind; interrupted, it stops them first.
  process.once('SIGTERM', () => process.kill(process.pid, 'SIGINT'));
  const bin = process.env.ELICENSING_BIN ?? path.join(root, 'bin');
  if (!existsSync(path.join(bin, 'elicensing'))) {
    mkdirSync(bin, { recursive: true });
    execFileSync('go', ['build', '-buildvcs=false', '-o', `${bin}/`, './cmd/...'], { cwd: root, stdio: 'inherit' });
  }
  const started = await Promise.allSettled(Array.from({ length: workers }, (_, worker) => start(worker, bin)));
  const portals = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => {
    const ended = await Promise.allSettled(portals.map((portal) => portal.stop()));
    complain(ended);
  };
  if (portals.length < workers) await stop().catch(() => undefined); // what matters is why one did not begin
  complain(started);
  return stop;
}

function complain(results: readonly PromiseSettledResult<unknown>[]): void {
  const failed = results.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

async function start(worker: number, bin: string): Promise<{ stop: () => Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'elicensing-stories-'));
  chmodSync(folder, 0o711); // as root PostgreSQL runs as another user, who has to pass through
  const data = path.join(folder, 'data');
  // The gateway and NCALayer are other origins than the portal, as in life.
  const local = async () => `127.0.0.1:${await freePort()}`;
  const address = `localhost:${await freePort()}`;
  const [gateway, ncalayer, control] = [await local(), await local(), await local()];
  tell(worker, { portal: `http://${address}`, data, bin, ncalayer, control });
  const portal = new Program('the portal', path.join(bin, 'elicensing'), ['demo'], {
    env: {
      ELICENSING_ADDR: address,
      ELICENSING_MOCK_GATEWAY_ADDR: gateway,
      ELICENSING_DATA: data,
      ELICENSING_NCALAYER_URL: `ws://${ncalayer}`,
    },
    log: path.join(folder, 'portal.out'),
  });
  const stop = async () => {
    await portal.stop().catch((error) => {
      throw new Error(`${error}\n${logs(data)}`);
    });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await portal.ready(`http://${address}/readyz`);
  } catch (error) {
    await portal.stop().catch(() => undefined);
    throw new Error(`${error}\n${logs(data)}`);
  }
  return { stop };
}
