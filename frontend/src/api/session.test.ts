import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { forgetPerson, sessionKey } from './session';

function filled(): QueryClient {
  const queries = new QueryClient();
  queries.setQueryData(sessionKey, { signedIn: true });
  queries.setQueryData(['config'], { demo: false });
  queries.setQueryData(['application', '7'], { name: 'ТЕСТОВ' });
  return queries;
}

it('forgets what was read in the person’s name and keeps what is nobody’s', () => {
  const queries = filled();
  forgetPerson(queries);
  expect(queries.getQueryData(['application', '7'])).toBeUndefined();
  expect(queries.getQueryData(sessionKey)).toBeDefined();
  expect(queries.getQueryData(['config'])).toBeDefined();
});

it('lets a page that is still shown keep its data, and takes them when it goes', () => {
  const queries = filled();
  let asked = 0;
  const observer = new QueryObserver(queries, {
    queryKey: ['application', '7'],
    queryFn: () => {
      asked++;
      return { name: 'x' };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const leave = observer.subscribe(() => {});
  forgetPerson(queries);
  expect(observer.getCurrentResult().data).toEqual({ name: 'ТЕСТОВ' });
  leave();
  expect(queries.getQueryData(['application', '7'])).toBeUndefined();
  expect(asked).toBe(0);
});
