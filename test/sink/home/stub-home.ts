/** A home that answers what the test tells it to, and remembers what it was sent. */
import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly ids: readonly string[];
  readonly body: string;
  readonly method: string;
}

/** A status, or something rougher. */
export type Behaviour = (
  received: Received,
  response: ServerResponse,
  number: number,
) => number | 'handled';

export interface StubHome {
  readonly url: URL;
  readonly received: Received[];
  behave(behaviour: Behaviour): void;
}

export async function stubHome(first: Behaviour = () => 200): Promise<StubHome> {
  let behaviour = first;
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const ids = (JSON.parse(body) as { id: string }[]).map(({ id }) => id);
      const one = { headers: request.headers, ids, body, method: request.method ?? '' };
      received.push(one);
      const status = behaviour(one, response, received.length);
      if (status !== 'handled') response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/in?tenant=1`),
    received,
    behave: (next) => {
      behaviour = next;
    },
  };
}
