import { expect, type Page, request } from '@playwright/test';
import { told } from '../portal/address';

export type PersonId =
  | 'person'
  | 'sole-trader'
  | 'director'
  | 'chancery'
  | 'head'
  | 'executor-1'
  | 'executor-2'
  | 'expired'
  | 'revoked'
  | 'auth-only'
  | 'untrusted';

/** Everybody has two keys. */
export type Algorithm = 'rsa' | 'gost';

type People = { password: string; people: { id: PersonId; name: string }[] };

async function ask<T>(
  address: string,
  read: (answer: { body: () => Promise<Buffer>; json: () => Promise<unknown> }) => Promise<T>,
): Promise<T> {
  const portal = await request.newContext({ baseURL: told('portal') });
  try {
    const answer = await portal.get(address);
    expect(answer.ok(), address).toBe(true);
    return await read(answer);
  } finally {
    await portal.dispose();
  }
}

export const people = (): Promise<People> => ask('/api/demo/people', async (answer) => (await answer.json()) as People);

export async function nameOf(id: PersonId): Promise<string> {
  const found = (await people()).people.find((one) => one.id === id);
  if (!found) throw new Error(`there is no demo person ${id}`);
  return found.name;
}

type File = { name: string; mimeType: string; buffer: Buffer };

/** The person's own key file, as it would lie on his disk. */
export async function keyFile(id: PersonId, algorithm: Algorithm = 'rsa'): Promise<File> {
  const buffer = await ask(`/api/demo/people/${id}/key?algorithm=${algorithm}`, (answer) => answer.body());
  const name = `${algorithm === 'gost' ? 'GOST512' : 'RSA256'}_${id}.p12`;
  return { name, mimeType: 'application/x-pkcs12', buffer };
}

const purposes: Partial<Record<PersonId, RegExp>> = {
  person: /врач, физическое лицо/,
  'sole-trader': /индивидуальный предприниматель/,
  director: /директор/,
  chancery: /канцелярия/,
  head: /руководитель/,
};

/** One press in demo mode: the page fetches the person's key and really signs the challenge with it. */
export async function signIn(page: Page, id: PersonId, algorithm: Algorithm = 'rsa'): Promise<void> {
  await page.goto('/sign-in');
  if (algorithm === 'gost') await gostChoice(page).check();
  await pressPerson(page, id);
  const official = !['person', 'sole-trader', 'director'].includes(id);
  if (id === 'director') return;
  await expect(page).toHaveURL(official ? /\/work$/ : /\/applications$/);
}

/** Stays chosen in this window. */
export const gostChoice = (page: Page) => page.getByRole('radio', { name: 'ГОСТ 34.10-2015' });

export async function pressPerson(page: Page, id: PersonId): Promise<void> {
  const purpose = purposes[id];
  const name = purpose ?? new RegExp(await nameOf(id));
  await page.getByRole('button', { name }).click();
}

export const password = 'Qwerty12';
