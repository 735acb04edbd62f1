import { screen, waitFor } from '@testing-library/react';
import { expect } from 'vitest';
import { paths } from '@/app/paths';
import { type FakeNCALayer, fakeNCALayer } from './fakeNCALayer';
import { type applicant, renderApp } from './renderApp';
import type { Fixtures } from './server';

/** Whoever signs with this program is taken for this person. */
export function signsInAs(person: typeof applicant, program: FakeNCALayer): Fixtures {
  return {
    'GET /api/config': { body: { demo: false, portalUrl: 'http://localhost', ncalayerUrl: program.url } },
    'POST /api/session/challenge': { body: { id: 'c', content: btoa('x'), expiresAt: '2026-11-26T10:02:00Z' } },
    'POST /api/session': { body: person },
  };
}

/** A person signs in at this window, and comes to his applications. */
export async function signIn(person: typeof applicant) {
  const program = await fakeNCALayer({ signs: 'TUlJQg==' });
  const opened = await renderApp(paths.signIn, { fixtures: signsInAs(person, program) });
  await opened.user.click(await screen.findByRole('button', { name: 'Войти через NCALayer' }));
  await waitFor(() => expect(opened.router.state.location.pathname).toBe(paths.applications));
  await program.stop();
  return opened;
}
