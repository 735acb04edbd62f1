import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeServer, problem } from '@/testing/server';
import { answer, api, onSessionEnded } from './client';
import { ApiError } from './problem';
import { makeQueryClient } from './queryClient';

afterEach(() => vi.restoreAllMocks());

describe('answer', () => {
  it('gives the body of a success', async () => {
    fakeServer({ 'GET /api/session': { body: { signedIn: false } } });
    await expect(answer(api.GET('/api/session'))).resolves.toEqual({ signedIn: false });
  });

  it('takes an empty success', async () => {
    fakeServer({ 'DELETE /api/session': { status: 204 } });
    await expect(answer(api.DELETE('/api/session'))).resolves.toBeUndefined();
  });

  it('throws the refusal with its code, fields and params', async () => {
    const fields = [{ path: 'equipment[2].year', code: 'date' }];
    fakeServer({
      'GET /api/session': {
        status: 422,
        body: problem('answers_incomplete', 422, { fields, params: { a: 1 }, requestId: 'r' }),
      },
    });
    const error = await answer(api.GET('/api/session')).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'answers_incomplete', status: 422, fields, params: { a: 1 }, requestId: 'r' });
  });

  it('calls a foreign answer unreadable instead of believing it', async () => {
    vi.stubGlobal(
      'fetch',
      async () => new Response('<html>502</html>', { status: 502, headers: { 'Content-Type': 'text/html' } }),
    );
    await expect(answer(api.GET('/api/session'))).rejects.toMatchObject({ code: 'unreadable', status: 502 });
  });

  it('calls a dead line network', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });
    await expect(answer(api.GET('/api/session'))).rejects.toMatchObject({ code: 'network', status: 0 });
  });

  it('tells when the session has ended, and only then', async () => {
    const ended = vi.fn();
    const stop = onSessionEnded(ended);
    const server = fakeServer({ 'GET /api/applications': { status: 403, body: problem('not_your_step', 403) } });
    await answer(api.GET('/api/applications')).catch(() => {});
    expect(ended).not.toHaveBeenCalled();
    server.answer({ 'GET /api/applications': { status: 401, body: problem('sign_in_required', 401) } });
    await answer(api.GET('/api/applications')).catch(() => {});
    expect(ended).toHaveBeenCalledOnce();
    stop();
    await answer(api.GET('/api/applications')).catch(() => {});
    expect(ended).toHaveBeenCalledOnce();
  });

  it('tells the server the language of the page', async () => {
    document.documentElement.lang = 'kk';
    const server = fakeServer({ 'GET /api/session': { body: { signedIn: false } } });
    await answer(api.GET('/api/session'));
    expect(server.asked[0]?.headers.get('Accept-Language')).toBe('kk');
  });
});

describe('repeating', () => {
  const retry = makeQueryClient().getDefaultOptions().queries?.retry as (count: number, error: unknown) => boolean;
  it.each([
    [0, new ApiError({ code: 'network', status: 0 }), true],
    [0, new ApiError({ code: 'unavailable', status: 503 }), true],
    [3, new ApiError({ code: 'network', status: 0 }), false],
    [0, new ApiError({ code: 'not_found', status: 404 }), false],
    [0, new ApiError({ code: 'internal', status: 500 }), false],
    [0, new Error('bug'), false],
  ])('after %i failures with %s: %s', (count, error, again) => {
    expect(retry(count, error)).toBe(again);
  });

  it('never repeats a change by itself', () => {
    expect(makeQueryClient().getDefaultOptions().mutations?.retry).toBe(false);
  });
});
