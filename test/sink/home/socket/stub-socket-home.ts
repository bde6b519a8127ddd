/** A home over WebSocket that answers each batch as the test says, and remembers what it was sent. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { homeSubprotocol } from '../../../../src/sink/home/socket/protocol.ts';

export interface Batch {
  readonly batch: number;
  readonly ids: readonly string[];
  /** Counts from 1, over all connections. */
  readonly number: number;
  say(message: unknown): void;
  readonly socket: WebSocket;
}

export interface StubSocketHome {
  readonly url: URL;
  readonly batches: Batch[];
  readonly sockets: Set<WebSocket>;
  readonly upgrades: IncomingMessage[];
  readonly hellos: unknown[];
  /** Of what came by HTTP. */
  readonly posted: string[];
  behave(behaviour: (batch: Batch) => void): void;
  /** Called in place of the upgrade; false: upgrade after all. */
  refuse(refusal: (request: IncomingMessage, stream: Duplex, number: number) => boolean): void;
  close(): Promise<void>;
}

export const storeAll = ({ ids, say }: Batch): void => say({ type: 'stored', ids });

export async function stubSocketHome(): Promise<StubSocketHome> {
  let behaviour: (batch: Batch) => void = storeAll;
  let refusal: (request: IncomingMessage, stream: Duplex, number: number) => boolean = () => false;
  const sockets = new Set<WebSocket>();
  const batches: Batch[] = [];
  const upgrades: IncomingMessage[] = [];
  const hellos: unknown[] = [];
  const posted: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      posted.push(...JSON.parse(body).map(({ id }: { id: string }) => id));
      response.writeHead(200).end();
    });
  });
  const webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: () => homeSubprotocol,
  });
  server.on('upgrade', (request, stream, head) => {
    upgrades.push(request);
    // Whoever is refused may leave by a reset.
    stream.on('error', () => {});
    if (refusal(request, stream, upgrades.length)) return;
    webSockets.handleUpgrade(request, stream, head, (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (message.type !== 'reports') {
          hellos.push(message);
          return;
        }
        const batch = {
          batch: message.batch,
          ids: message.events.map(({ id }: { id: string }) => id),
          number: batches.length + 1,
          say: (said: unknown) =>
            socket.send(typeof said === 'string' ? said : JSON.stringify(said)),
          socket,
        };
        batches.push(batch);
        behaviour(batch);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(() => close().catch(() => {}));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`ws://127.0.0.1:${port}/in?tenant=1`),
    ...{ batches, sockets, upgrades, hellos, posted, close },
    behave: (next) => {
      behaviour = next;
    },
    refuse: (next) => {
      refusal = next;
    },
  };
}
