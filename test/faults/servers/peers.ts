/** Peers that are no gateway: they do with a connection whatever the fault says, or stand between us and a real one. */
import { connect, createServer, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { Stage } from '../stage.ts';
import type { Server } from './child.ts';

export async function startPeer(
  stage: Stage,
  behave: (socket: Socket) => void,
  where: { readonly port?: number; readonly host?: string } = {},
): Promise<Server> {
  const { port = await stage.port(), host = '127.0.0.1' } = where;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    behave(socket);
    // Reading on is what shows that the other side has left.
    if (!socket.destroyed) socket.resume();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return stage.keep({
    port,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  });
}

/** Once the client has spoken. */
export const onHello =
  (then: (socket: Socket, hello: Buffer) => void) =>
  (socket: Socket): void =>
    void socket.once('data', (hello) => then(socket, hello));

/** What a middlebox does with the octets of one connection: gives what goes on, or nothing. */
export interface Meddling {
  readonly toServer?: (octets: Buffer, link: Link) => Buffer | undefined;
  readonly toClient?: (octets: Buffer, link: Link) => Buffer | undefined;
}

export interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/** `meddle` is called for each connection, counted from 0. */
export function startMiddlebox(
  stage: Stage,
  upstream: number | ((connection: number) => number),
  meddle: (connection: number) => Meddling = () => ({}),
): Promise<Server> {
  let connections = 0;
  return startPeer(stage, (client) => {
    const number = connections;
    connections += 1;
    const port = typeof upstream === 'number' ? upstream : upstream(number);
    join(client, connect({ host: '127.0.0.1', port, noDelay: true }), meddle(number));
  });
}

function join(client: Socket, server: Socket, { toServer, toClient }: Meddling): void {
  const link = { client, server };
  client.on('data', (octets) => {
    const on = toServer ? toServer(octets, link) : octets;
    if (on && !server.destroyed) server.write(on);
  });
  server.on('data', (octets) => {
    const on = toClient ? toClient(octets, link) : octets;
    if (on && !client.destroyed) client.write(on);
  });
  client.on('end', () => server.end()).on('close', () => server.destroy());
  server
    .on('error', () => client.resetAndDestroy())
    .on('end', () => client.end())
    .on('close', () => client.destroy());
}

/** Bounds of the TLS records that begin in these octets, which begin with one. */
export function recordsIn(
  octets: Buffer,
): readonly { readonly at: number; readonly type: number; readonly end: number }[] {
  const records = [];
  for (let at = 0; at + 5 <= octets.length; ) {
    const end = at + 5 + octets.readUInt16BE(at + 3);
    records.push({ at, type: octets[at] ?? 0, end });
    at = end;
  }
  return records;
}

/** The octets with one bit changed in the last octet of the first protected record; undefined without one. */
export function corrupted(octets: Buffer): Buffer | undefined {
  const record = recordsIn(octets).find(({ type, end }) => type === 23 && end <= octets.length);
  if (!record) return undefined;
  const changed = Buffer.from(octets);
  changed[record.end - 1] = (changed[record.end - 1] ?? 0) ^ 1;
  return changed;
}

/** A listener that accepts nobody and whose queue is full: what a firewall that drops packets looks like. */
export async function startDeafListener(stage: Stage): Promise<Server> {
  const port = await stage.port();
  const worker = new Worker(
    `const { createServer } = require('node:net');
     const { parentPort } = require('node:worker_threads');
     createServer().listen({ port: ${port}, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage('listening');
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
     });`,
    { eval: true },
  );
  await new Promise((resolve) => worker.once('message', resolve));
  const fillers = Array.from({ length: 6 }, () => {
    const socket = connect({ host: '127.0.0.1', port });
    return socket.on('error', () => {});
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  return stage.keep({
    port,
    stop: async () => {
      for (const socket of fillers) socket.destroy();
      await worker.terminate();
    },
  });
}
