import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The last lines of what the portal and its database wrote, for whoever reads that something failed. */
export function logs(data: string): string {
  return ['../portal.out', 'portal.log', 'postgres/postgres.log']
    .map((name) => path.join(data, name))
    .filter((file) => existsSync(file))
    .map((file) => `--- the end of ${file}:\n${readFileSync(file, 'utf8').split('\n').slice(-30).join('\n')}`)
    .join('\n');
}
