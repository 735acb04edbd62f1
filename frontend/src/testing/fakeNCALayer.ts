import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export type FakeNCALayer = {
  url: string;
  /** What was asked, without the client's own greeting. */
  asked: { module: string; method: string; args: Record<string, unknown> }[];
  stop: () => Promise<void>;
};

type Behaviour =
  | { signs: string | string[] }
  | 'cancels'
  | { fails: string }
  /** Takes the request and says nothing, as while the person looks for the key. */
  | 'waits'
  /** Closes in the middle, as when the program is quit. */
  | 'quits'
  /** Answers with something that is no signature. */
  | 'mumbles';

/** Speaks as NCALayer 1.4 speaks (kz-pki/FACTS.md §3); it makes no signatures, only gives what it was told to give. */
export async function fakeNCALayer(behaviour: Behaviour): Promise<FakeNCALayer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const asked: FakeNCALayer['asked'] = [];
  server.on('connection', (socket: WebSocket) => {
    const say = (body: unknown) => socket.send(JSON.stringify(body));
    say({ result: { version: '1.4' } });
    socket.on('message', (text) => {
      const request = JSON.parse(String(text));
      if (request.module === 'kz.digiflow.mobile.extensions')
        return say({ success: false, errorCode: 'MODULE_NOT_FOUND' });
      asked.push(request);
      if (behaviour === 'waits') return;
      if (behaviour === 'quits') return socket.close();
      if (behaviour === 'cancels') return say({ status: true, body: {} });
      if (behaviour === 'mumbles') return say({ status: true, body: { result: [''] } });
      if ('fails' in behaviour)
        return say({ status: false, code: 'SIGNING_FAILURE', message: behaviour.fails, details: '' });
      say({ status: true, body: { result: behaviour.signs } });
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of server.clients) socket.terminate();
        server.close(() => resolve());
      }),
  };
}
