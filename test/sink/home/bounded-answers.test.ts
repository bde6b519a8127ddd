/** Homes and proxies that answer without end are left after a bounded number of octets, whatever the way to them. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type Issued, makePki, type Pki } from '../../support/openssl.ts';
import { flood } from '../../support/stub-peer.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { sending } from './send.ts';

const patience = { timeout: 8000, interval: 20 };
/** Besides the bound there is what the kernel's buffers take. */
const boundBytes = 256 * 1024;
const muchMoreThanTheBound = 24 * 1024 * 1024;
let pki: Pki;
let ca: Issued;
let server: Issued;

beforeAll(() => {
  pki = makePki(temporaryDirectory());
  ca = pki.ca('Home CA');
  server = pki.server({ ca });
});

async function listening(made: Server): Promise<number> {
  const sockets = new Set<Socket>();
  made.on('connection', (socket: Socket) => sockets.add(socket));
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    made.close();
  });
  return (made.address() as AddressInfo).port;
}

const startHome = (behave: (socket: TLSSocket) => void): Promise<number> =>
  listening(
    createTlsServer({ cert: server.cert, key: server.key }, (socket) => {
      socket.on('error', () => {});
      behave(socket);
    }),
  );

/** Counts what it passes on from home. */
async function startProxy(passed: { octets: number }): Promise<number> {
  const tunnel = (socket: Socket, request: Buffer): void => {
    const port = Number(/^CONNECT [^ ]+:(\d+) /.exec(request.toString())?.[1]);
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.on('data', (octets) => {
        passed.octets += octets.length;
      });
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  };
  return listening(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (request) => tunnel(socket, request as Buffer));
    }),
  );
}

const proxyAt = (port: number) => ({ protocol: 'http', host: '127.0.0.1', port }) as const;

test.for([
  ['a status line', 'HTTP/1.1 200 ', 'y'.repeat(10_000)],
  ['interim answers', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(400)],
  ['empty lines', '', '\r\n'.repeat(5_000)],
])('a home behind a proxy that sends %s for ever is left soon', async ([, head = '', octets]) => {
  const passed = { octets: 0 };
  const port = await startHome((socket) => {
    socket.once('data', () => {
      socket.write(head);
      flood(socket, Buffer.from(octets ?? ''));
    });
  });
  const proxy = proxyAt(await startProxy(passed));
  const url = new URL(`https://127.0.0.1:${port}/`);
  const { add, sender, troubles } = sending(
    { url, caPath: ca.certPath, proxy },
    { backoff: { baseMs: 60_000, capMs: 60_000, floorMs: 60_000 } },
  );
  add('a');
  sender.start();
  await vi.waitFor(() => expect(troubles).toHaveLength(1), patience);
  expect(troubles).toMatchObject([{ code: 'unreachable' }]);
  expect(passed.octets).toBeGreaterThan(boundBytes);
  expect(passed.octets).toBeLessThan(muchMoreThanTheBound);
});

test.for([
  ['a status line', 'y'.repeat(10_000)],
  ['empty lines', '\r\n'.repeat(5_000)],
])('a proxy that answers CONNECT with %s for ever is left soon', async ([what, unit = '']) => {
  let octets = 0;
  const port = await listening(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.on('close', () => {
        octets = socket.bytesWritten;
      });
      socket.once('data', () => {
        if (what === 'a status line') socket.write('HTTP/1.1 200 ');
        flood(socket, Buffer.from(unit));
      });
    }),
  );
  const { add, sender, troubles } = sending(
    { url: new URL('https://home.invalid/'), proxy: proxyAt(port) },
    { backoff: { baseMs: 60_000, capMs: 60_000, floorMs: 60_000 } },
  );
  add('a');
  sender.start();
  await vi.waitFor(() => expect(troubles).toHaveLength(1), patience);
  expect(troubles).toMatchObject([{ code: 'unreachable' }]);
  await vi.waitFor(() => expect(octets).toBeGreaterThan(0), patience);
  expect(octets).toBeLessThan(muchMoreThanTheBound);
});

test('many answers on one connection through a proxy are together as long as they are', async () => {
  const passed = { octets: 0 };
  const answer = `HTTP/1.1 200 OK\r\ncontent-length: 50000\r\n\r\n${'x'.repeat(50_000)}`;
  let connections = 0;
  const port = await startHome((socket) => {
    connections += 1;
    let asked = '';
    socket.on('data', (octets: Buffer) => {
      asked += octets;
      if (!asked.endsWith(']')) return;
      asked = '';
      socket.write(answer);
    });
  });
  const proxy = proxyAt(await startProxy(passed));
  const url = new URL(`https://127.0.0.1:${port}/`);
  const { add, sender, spool, troubles } = sending({ url, caPath: ca.certPath, proxy });
  sender.start();
  for (let number = 0; number < 25; number += 1) {
    add(`report-${number}`);
    await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  }
  expect(troubles).toEqual([]);
  expect(connections).toBe(1);
  expect(passed.octets).toBeGreaterThan(25 * 50_000);
});
