import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allTexts } from '@/testing/texts';
import { languages } from './language';

const root = join(process.cwd(), '..');

function goFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.go') && !file.endsWith('_test.go') && !/(^|\/)(servertest|dbtest)\//.test(file))
    .map((file) => join(root, folder, file));
}

/** Every code with which the server refuses, read where it arises. */
function codesOfTheServer(): Map<string, string> {
  const codes = new Map<string, string>();
  const patterns = [
    /fault\.(?:NotFound|Malformed|Invalid|Conflict|Forbidden|Unauthenticated|TooMany|TooLarge|Unavailable)\("([a-z][a-z0-9_]*)"/g,
    /^\s*code[A-Z]\w*\s*=\s*"([a-z][a-z0-9_]*)"/gm,
  ];
  for (const file of goFiles('server')) {
    const source = readFileSync(file, 'utf8');
    for (const pattern of patterns) for (const match of source.matchAll(pattern)) codes.set(match[1] ?? '', file);
  }
  // The reasons of the signing library go out as they are.
  const reasons = readFileSync(join(root, 'signing/reason.go'), 'utf8');
  for (const match of reasons.matchAll(/Reason = "([a-z_]+)"/g)) codes.set(match[1] ?? '', 'signing/reason.go');
  // So do the codes of the guards of the process table.
  const guards = readFileSync(join(root, 'server/application/guards.go'), 'utf8');
  for (const match of guards.matchAll(/return "([a-z_]+)"/g)) codes.set(match[1] ?? '', 'guards.go');
  return codes;
}

describe('errors', () => {
  const codes = codesOfTheServer();
  const texts = allTexts();

  it('are found in the sources', () => {
    expect(codes.size).toBeGreaterThan(60);
  });

  it.each(languages)('each have a text of their own in %s', (language) => {
    const known = texts[language].errors as Record<string, { title?: string }>;
    const missing = [...codes].filter(([code]) => !known[code]?.title).map(([code, file]) => `${code} (${file})`);
    expect(missing).toEqual([]);
  });
});
