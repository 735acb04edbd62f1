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

/** Every code with which the server refuses, as the contract lists them; server/problem_codes_test.go holds that list to the server. */
function codesOfTheContract(): string[] {
  const contract = readFileSync(join(root, 'server/openapi.yaml'), 'utf8');
  const list = /^ {4}ProblemCode:\n(?: {6}.*\n)*? {6}enum: \[([^\]]*)\]/m.exec(contract)?.[1] ?? '';
  return [...list.matchAll(/[a-z0-9_]+/g)].map(String);
}

/** The reasons of the signing library, which also stand in reports about files (FileVerdictView). */
function reasonsOfSignatures(): string[] {
  const source = readFileSync(join(root, 'signing/reason.go'), 'utf8');
  return [...source.matchAll(/Reason = "([a-z_]+)"/g)].map((match) => match[1] ?? '');
}

/** Codes that arise in the pages (problem.ts), and the text for a code without one. */
const ours = ['network', 'unreadable', 'file_empty', 'unexpected'];

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
  const codes = new Set([...codesOfTheContract(), ...reasonsOfSignatures(), ...ours]);
  const texts = allTexts();

  const fieldCodes = fieldCodesOfTheServer();

  it('are found in the sources', () => {
    expect(codes.size).toBeGreaterThan(140);
    expect(fieldCodes.size).toBeGreaterThan(40);
    for (const code of ['case_not_found', 'notice_stale', 'upload_offset_missing', 'certificate_not_yet_valid'])
      expect(codes).toContain(code);
  });

  it.each(languages)('each say in %s what happened and what to do', (language) => {
    const known = texts[language].errors as Record<string, { title?: string; detail?: string }>;
    expect([...codes].filter((code) => !known[code]?.title || !known[code]?.detail)).toEqual([]);
  });

  it.each(languages)('in %s have no text for what never happens', (language) => {
    expect(Object.keys(texts[language].errors ?? {}).filter((key) => key !== 'field' && !codes.has(key))).toEqual([]);
  });

  it.each(languages)('of one field each have a text in %s', (language) => {
    const errors = texts[language].errors as { field: Record<string, string> };
    const known = errors.field;
    const missing = [...fieldCodes].filter(([code]) => !known[code]).map(([code, file]) => `${code} (${file})`);
    expect(missing).toEqual([]);
  });
});
