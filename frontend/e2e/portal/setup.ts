import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tell } from './address';
import { logs } from './logs';
import { freePort, Program } from './program';

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * The stories have a portal of their own: the real program in demo mode, in a fresh folder, at free ports. It is stopped at the end and
 * has to end cleanly.
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
  // The gateway and NCALayer are other origins than the portal, as in life.
  const local = async () => `127.0.0.1:${await freePort()}`;
  const portalAddress = `localhost:${await freePort()}`;
  const [gateway, ncalayer, control] = [await local(), await local(), await local()];
  tell({ portal: `http://${portalAddress}`, data, bin, ncalayer, control });

  const portal = new Program('the portal', path.join(bin, 'elicensing'), ['demo'], {
    env: {
      ELICENSING_ADDR: portalAddress,
      ELICENSING_MOCK_GATEWAY_ADDR: gateway,
      ELICENSING_DATA: data,
      ELICENSING_NCALAYER_URL: `ws://${ncalayer}`,
    },
    log: path.join(folder, 'portal.out'),
  });
  try {
    await portal.ready(`http://${portalAddress}/readyz`);
  } catch (error) {
    await portal.stop().catch(() => undefined); // what matters is why it did not begin
    throw new Error(`${error}\n${logs(data)}`);
  }
  return async () => {
    try {
      await portal.stop();
    } catch (error) {
      throw new Error(`${error}\n${logs(data)}`);
    }
    rmSync(folder, { recursive: true, force: true });
  };
}
