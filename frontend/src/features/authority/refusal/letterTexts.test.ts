import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { groundText, letterText, letterTexts } from './letterTexts';

/** The printed letter's sentences: "key:\n  kk: "…"\n  ru: "…"". */
function printed(): Map<string, { kk: string; ru: string }> {
  const yaml = readFileSync(resolve(process.cwd(), '../server/print/texts.yaml'), 'utf8');
  const out = new Map<string, { kk: string; ru: string }>();
  for (const match of yaml.matchAll(/^(ref\.[\w.]+):\n {2}kk: "(.*)"\n {2}ru: "(.*)"$/gm))
    out.set(match[1] ?? '', { kk: match[2] ?? '', ru: match[3] ?? '' });
  return out;
}

it('shows the letter in the very words in which it is printed', () => {
  const paper = printed();
  for (const [key, text] of Object.entries(letterTexts)) expect(paper.get(key), key).toEqual(text);
});

it('puts values in, and leaves an unknown place standing rather than empty', () => {
  expect(letterText('ref.remedy', 'ru', { value: 'Договор' })).toBe('Что исправить: Договор');
  expect(letterText('ref.remedy', 'ru')).toBe('Что исправить: {value}');
});

it('has no sentence for a part that a ground does not have', () => {
  expect(groundText('S10.7', 'basis', 'ru')).toBeUndefined();
  expect(groundText('S10.3', 'requirement', 'kk', 'үй-жай')).toBe('Орындалмаған талап: үй-жай');
});
