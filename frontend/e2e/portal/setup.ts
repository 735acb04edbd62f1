import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, Program } from './program';

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * The stories have a portal of their own: the real program in demo mode, in a fresh folder at free ports, and the program that plays
 * NCALayer. Both are stopped at the end and have to end cleanly. The tests learn the addresses from the environment.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const bin = process.env.ELICENSING_BIN ?? path.join(root, 'bin');
  if (!existsSync(path.join(bin, 'elicensing'))) {
    mkdirSync(bin, { recursive: true });
    execFileSync('go', ['build', '-buildvcs=false', '-o', `${bin}/`, './cmd/...'], { cwd: root, stdio: 'inherit' });
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'elicensing-stories-'));
  chmodSync(folder, 0o711); // as root PostgreSQL runs as another user, who has to pass through
  const data = path.join(folder, 'data');
  const at = async () => `127.0.0.1:${await freePort()}`;
  const [address, gateway, program, control] = [`localhost:${await freePort()}`, await at(), await at(), await at()];
  process.env.ELICENSING_URL = `http://${address}`;
  process.env.ELICENSING_DATA = data;
  process.env.FAKE_NCALAYER_CONTROL = `http://${control}`;

  const portal = new Program('the portal', path.join(bin, 'elicensing'), ['demo'], {
    env: {
      ELICENSING_ADDR: address,
      ELICENSING_MOCK_GATEWAY_ADDR: gateway,
      ELICENSING_DATA: data,
      ELICENSING_NCALAYER_URL: `ws://${program}`,
    },
    log: path.join(folder, 'portal.out'),
  });
  const ncalayer = new Program(
    'fakencalayer',
    path.join(bin, 'fakencalayer'),
    ['-addr', program, '-control', control],
    {
      log: path.join(folder, 'fakencalayer.out'),
    },
  );
  const stop = async () => {
    const ends = await Promise.allSettled([portal.stop(), ncalayer.stop()]);
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw new Error(`${failed.reason}\n${tail(folder)}`);
    if (process.env.E2E_KEEP) console.log(`kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([portal.ready(`${process.env.ELICENSING_URL}/readyz`), ncalayer.ready(`http://${control}/`)]);
  } catch (error) {
    await stop().catch(() => undefined);
    throw new Error(`${error}\n${tail(folder)}`);
  }
  return stop;
}

function tail(folder: string): string {
  return ['portal.out', 'data/portal.log', 'data/postgres/postgres.log', 'fakencalayer.out']
    .map((name) => path.join(folder, name))
    .filter((file) => existsSync(file))
    .map((file) => `--- the end of ${file}:\n${readFileSync(file, 'utf8').split('\n').slice(-40).join('\n')}`)
    .join('\n');
}
