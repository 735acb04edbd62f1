import { QueryClient } from '@tanstack/react-query';
import { type RenderResult, render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { createMemoryRouter, type RouteObject, RouterProvider } from 'react-router';
import type { components } from '@/api/schema.gen';
import { Providers } from '@/app/providers';
import { routes } from '@/app/routes';
import type { Language } from '@/i18n/language';
import { type FakeServer, type Fixtures, fakeServer } from './server';
import { textsFor } from './texts';

type Session = components['schemas']['Session'];

export const signedOut = { signedIn: false } satisfies Session;

export const applicant = {
  signedIn: true,
  name: 'ТЕСТТОВ ТЕСТТ',
  iin: '123456789012',
  capacity: 'person',
  capacities: ['person'],
} satisfies Session;

export type Opened = RenderResult & {
  user: UserEvent;
  server: FakeServer;
  router: ReturnType<typeof createMemoryRouter>;
  queries: QueryClient;
};

type Options = { language?: Language; fixtures?: Fixtures; session?: Session };

/** Opens the whole portal at an address, as a person would; the server is replayed from fixtures. */
export async function renderApp(address: string, options: Options = {}): Promise<Opened> {
  return open(routes, address, options);
}

/** Shows one element with everything it may ask for (texts, queries, links). */
export async function renderPart(element: ReactElement, options: Options = {}): Promise<Opened> {
  return open([{ path: '*', element }], '/', options);
}

/** Opens a table of routes of the test's own. */
export async function renderRoutes(table: RouteObject[], address: string, options: Options = {}): Promise<Opened> {
  return open(table, address, options);
}

async function open(
  table: RouteObject[],
  address: string,
  { language = 'ru', fixtures = {}, session = signedOut }: Options,
): Promise<Opened> {
  await textsFor(language);
  const server = fakeServer({
    'GET /api/config': { body: { demo: false, portalUrl: 'http://localhost:8080', ncalayerUrl: 'ws://127.0.0.1:1' } },
    'GET /api/session': { body: session },
    ...fixtures,
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  const router = createMemoryRouter(table, { initialEntries: [address] });
  const shown = render(
    <Providers queries={queries}>
      <RouterProvider router={router} />
    </Providers>,
  );
  return Object.assign(shown, { user: userEvent.setup(), server, router, queries });
}
