import { expect, request } from '@playwright/test';
import { keyFile, type PersonId, password } from './people';

type Mode = 'sign' | 'cancel' | 'error' | 'wrong-content';

/** Tells the program that plays NCALayer whose key it holds, and what its user does. */
export async function ncalayer(mode: Mode, holder?: PersonId): Promise<void> {
  const program = await request.newContext();
  try {
    const key = holder && { p12: (await keyFile(holder)).buffer.toString('base64'), password };
    const answer = await program.post(`${process.env.FAKE_NCALAYER_CONTROL}/`, { data: { mode, ...key } });
    expect(answer.status()).toBe(204);
  } finally {
    await program.dispose();
  }
}
