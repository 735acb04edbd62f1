import { expect, it } from 'vitest';
import { numberFault, tidyNumber } from './licenceNumber';

// Numbers of real licences in facts.md §10 and of the demo series.
it.each(['KZ18LAA00032760', 'KZ29LAM00002781', 'KZ96LAA00035527', 'kz18 laa 0003 2760', 'КZ18LАА00032760'])(
  '%s is right',
  (number) => {
    expect(numberFault(number)).toBeUndefined();
  },
);

it.each([
  ['', 'empty'],
  ['  ', 'empty'],
  ['418', 'malformed'],
  ['KZ18LAA0003276', 'malformed'],
  ['RU18LAA00032760', 'malformed'],
  ['KZ19LAA00032760', 'typo'],
  ['KZ18LAA00032706', 'typo'],
  ['KZ18LAB00032760', 'typo'],
] as const)('"%s" is %s', (number, fault) => {
  expect(numberFault(number)).toBe(fault);
});

it('notices every slip of one digit', () => {
  const right = 'KZ18LAA00032760';
  for (let at = 7; at < right.length; at++) {
    for (let digit = 0; digit <= 9; digit++) {
      const slip = right.slice(0, at) + digit + right.slice(at + 1);
      if (slip !== right) expect(numberFault(slip), slip).toBe('typo');
    }
  }
});

it('reads Cyrillic look-alikes as the Latin letters that are printed', () => {
  expect(tidyNumber('кz 18-lам 0001')).toBe('KZ18LAM0001');
});
