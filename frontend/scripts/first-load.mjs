// Fails the build when the scripts that every page needs have grown too large for a slow phone: they stay under 185 KB packed, so that with a
// page and its texts the first load stays under 200 KB.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const limit = 185 * 1024;
const dist = new URL('../dist/', import.meta.url);
const html = readFileSync(new URL('index.html', dist), 'utf8');
const scripts = [...new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]))];
const size = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist))).length, 0);
console.log(`first load: ${scripts.length} scripts, ${Math.round(size / 1024)} KB packed (limit ${limit / 1024} KB)`);
if (scripts.length === 0 || size > limit) {
  console.error('the first load is too large: load what not every page needs only when it is needed');
  process.exit(1);
}
