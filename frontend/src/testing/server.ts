import { vi } from 'vitest';
import type { ProblemCode } from '@/api/problem';
import type { paths } from '@/api/schema.gen';

type Method = 'get' | 'post' | 'put' | 'delete' | 'patch';
export type Reply = { status?: number; body?: unknown; headers?: Record<string, string> };
type Asked = { method: string; url: URL; params: Record<string, string>; body: unknown; headers: Headers };
type Handler = Reply | ((asked: Asked) => Reply | Promise<Reply>);

/** What the server answers, by "METHOD /path" of the contract: `{ 'GET /api/session': { body: … } }`. */
export type Fixtures = { [K in `${Uppercase<Method>} ${Extract<keyof paths, string>}`]?: Handler };

export type FakeServer = { asked: Asked[]; answer: (fixtures: Fixtures) => void };

/**
 * Replays fixtures in place of the server; it holds no rules but one: an application that an act has answered with is what is read afterwards,
 * so that a page which reads it anew is not told of the time before. An address without a fixture answers 404, as the server would.
 */
export function fakeServer(fixtures: Fixtures): FakeServer {
  const all: Fixtures = { ...fixtures };
  const asked: Asked[] = [];
  const became = (id: string, body: unknown) => {
    const before = all[readApplication];
    all[readApplication] = (one) => (one.params.id === id ? { body } : before ? answered(before, one) : notThere);
  };
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(String(input), location.origin), init);
    const url = new URL(request.url);
    for (const [key, handler] of Object.entries(all)) {
      const [method, template = ''] = key.split(' ');
      if (method !== request.method || !handler) continue;
      const match = new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(url.pathname);
      if (!match) continue;
      const text = await request.clone().text();
      const one: Asked = {
        method: request.method,
        url,
        params: { ...match.groups },
        body: parsed(text),
        headers: request.headers,
      };
      asked.push(one);
      const reply = await answered(handler, one);
      if (request.method !== 'GET' && isApplication(reply)) became(reply.body.id, reply.body);
      return response(reply);
    }
    return response(notThere);
  });
  return { asked, answer: (more) => void Object.assign(all, more) };
}

const notThere: Reply = { status: 404, body: problem('not_found', 404) };
const readApplication = 'GET /api/applications/{id}';

async function answered(handler: Handler, asked: Asked): Promise<Reply> {
  return typeof handler === 'function' ? handler(asked) : handler;
}

function isApplication(reply: Reply): reply is Reply & { body: { id: string } } {
  const { status = 200, body } = reply;
  return status < 300 && typeof body === 'object' && body !== null && 'id' in body && 'serviceVersion' in body;
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return text;
  }
}

function response({ status = 200, body, headers }: Reply): Response {
  const empty = status === 204 || body === undefined;
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  const binary = body instanceof Uint8Array;
  return new Response(empty ? null : binary ? (body as BodyInit) : JSON.stringify(body), {
    status,
    headers: {
      ...(empty ? { 'Content-Length': '0' } : { 'Content-Type': binary ? 'application/octet-stream' : type }),
      ...headers,
    },
  });
}

/** A problem body of the contract. */
export function problem(code: ProblemCode, status: number, more: object = {}) {
  return { type: 'about:blank', title: code, status, code, ...more };
}
