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

/** The person's own key file, as it would lie on his disk. */
export async function keyFile(id: PersonId): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const buffer = await ask(`/api/demo/people/${id}/key`, (answer) => answer.body());
  return { name: `RSA256_${id}.p12`, mimeType: 'application/x-pkcs12', buffer };
}

const purposes: Partial<Record<PersonId, RegExp>> = {
  person: /врач, физическое лицо/,
  'sole-trader': /индивидуальный предприниматель/,
  director: /директор/,
  chancery: /канцелярия/,
  head: /руководитель/,
};

/** One press in demo mode: the page fetches the person's key and really signs the challenge with it. */
export async function signIn(page: Page, id: PersonId): Promise<void> {
  await page.goto('/sign-in');
  await pressPerson(page, id);
  const official = !['person', 'sole-trader', 'director'].includes(id);
  if (id === 'director') return;
  await expect(page).toHaveURL(official ? /\/work$/ : /\/applications$/);
}

export async function pressPerson(page: Page, id: PersonId): Promise<void> {
  const purpose = purposes[id];
  const name = purpose ?? new RegExp(await nameOf(id));
  await page.getByRole('button', { name }).click();
}

export const password = 'Qwerty12';
