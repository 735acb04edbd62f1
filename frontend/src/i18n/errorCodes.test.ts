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
  // The refusals of payments keep their codes on the way out (server/application/pay.go).
  for (const file of goFiles('payments'))
    for (const match of readFileSync(file, 'utf8').matchAll(/&Error\{"([a-z_]+)"/g)) codes.set(match[1] ?? '', file);
  return codes;
}

/** Every code that the server says of one field. */
function fieldCodesOfTheServer(): Map<string, string> {
  const codes = new Map<string, string>();
  const patterns = [
    /WithField\((?:[^()]|\([^()]*\))*?,\s*"([a-z_]+)"/g,
    /\bbad\(i, "[a-z]+", "([a-z_]+)"\)/g,
    /return "([a-z_]+)"/g,
  ];
  for (const file of goFiles('server')) {
    const source = readFileSync(file, 'utf8');
    // The grounds of a refusal are closed with a code of their own; elsewhere a text that is returned is no code.
    for (const pattern of file.endsWith('grounds.go') ? patterns : patterns.slice(0, 2))
      for (const match of source.matchAll(pattern)) codes.set(match[1] ?? '', file);
  }
  const declared = readFileSync(join(root, 'server/catalog/codes.go'), 'utf8');
  for (const match of declared.matchAll(/Code[A-Z]\w+\s*=\s*"([a-z_]+)"/g)) codes.set(match[1] ?? '', 'codes.go');
  codes.delete('before_other'); // told as earlier_than, with the name of the other field (issueText.ts)
  return codes;
}

describe('errors', () => {
  const codes = codesOfTheServer();
  const texts = allTexts();

  const fieldCodes = fieldCodesOfTheServer();

  it('are found in the sources', () => {
    expect(codes.size).toBeGreaterThan(130);
    expect(fieldCodes.size).toBeGreaterThan(40);
    for (const code of ['case_not_found', 'notice_stale', 'certificate_not_yet_valid'])
      expect(codes.has(code)).toBe(true);
  });

  it.each(languages)('each say in %s what happened and what to do', (language) => {
    const known = texts[language].errors as Record<string, { title?: string; detail?: string }>;
    const missing = [...codes]
      .filter(([code]) => !known[code]?.title || !known[code]?.detail)
      .map(([code, file]) => `${code} (${file})`);
    expect(missing).toEqual([]);
  });

  it.each(languages)('of one field each have a text in %s', (language) => {
    const errors = texts[language].errors as { field: Record<string, string> };
    const known = errors.field;
    const missing = [...fieldCodes].filter(([code]) => !known[code]).map(([code, file]) => `${code} (${file})`);
    expect(missing).toEqual([]);
  });
});
