/** The websocket step against a real `ws` server behind mutual TLS. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { lookAt, stepOf } from '../support/aim-at.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { startStubPeer } from '../support/stub-peer.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
let gatewayCa: Issued;
let delegateCa: Issued;
let server: Issued;
let client: Issued;
let running: Server | undefined;

beforeAll(() => {
  const pki = makePki(directory);
  gatewayCa = pki.ca('Gateway CA');
  delegateCa = pki.ca('Delegate CA');
  server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
});

afterEach(() => {
  running?.closeAllConnections();
  running?.close();
});

async function listen(accept: (socket: WebSocket) => void): Promise<number> {
  const options = { cert: server.cert, key: server.key, ca: delegateCa.cert, requestCert: true };
  running = createServer(options, (_request, answer) => answer.end('plain'));
  const sockets = new WebSocketServer({ noServer: true });
  running.on('upgrade', (request, socket, head) => {
    // Whoever is refused may leave by a reset.
    socket.on('error', () => {});
    if (request.url === '/stream?token=hunter2')
      sockets.handleUpgrade(request, socket, head, accept);
    else if (request.url === '/endless') socket.write('HTTP/1.1 403 Forbidden\r\n\r\nhalf');
    else if (request.url === '/left-open') sayClosed(request, socket);
    else socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => running?.listen(0, '127.0.0.1', resolve));
  return (running.address() as AddressInfo).port;
}

/** Upgrades, closes with 1008, and leaves the connection open. */
function sayClosed({ headers }: IncomingMessage, socket: Duplex): void {
  const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${guid}`);
  const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket';
  socket.write(`${head}\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`);
  socket.write(Buffer.of(0x88, 2, 1008 >> 8, 1008 & 255));
}

const credential = () => ({
  certPath: client.certPath,
  keyPath: client.keyPath,
  caPath: gatewayCa.certPath,
});

test('wss: upgrades the path, skips the http step, and shows no query', async () => {
  const port = await listen(() => {});
  const path = '/stream?token=hunter2';
  const evidence = await lookAt({ port, scheme: 'wss', path, credential: credential() });
  expect(evidence.websocket).toEqual({ status: 101 });
  expect(stepOf(evidence, 'http')).toMatchObject({ outcome: 'skipped', reason: 'not-wanted' });
  expect(JSON.stringify(evidence)).not.toContain('hunter2');
});

test('with --websocket both are asked, each over a connection of its own', async () => {
  const port = await listen(() => {});
  const websocketPath = '/stream?token=hunter2';
  const evidence = await lookAt({ port, websocketPath, credential: credential() });
  expect(evidence.http?.status).toBe(200);
  expect(evidence.websocket?.status).toBe(101);
});

test('an upgrade that is refused keeps its status', async () => {
  const port = await listen(() => {});
  const evidence = await lookAt({ port, scheme: 'wss', path: '/other', credential: credential() });
  expect(evidence.websocket).toMatchObject({ status: 403, http: { status: 403 } });
  expect(stepOf(evidence, 'websocket')?.error).toEqual({ code: 'UPGRADE_REFUSED' });
});

test('an upgrade that is refused by an answer without an end keeps its status', async () => {
  const port = await listen(() => {});
  const at = { port, scheme: 'wss', path: '/endless', timeoutMs: 500 } as const;
  const evidence = await lookAt({ ...at, credential: credential() });
  expect(evidence.websocket).toMatchObject({ status: 403, http: { status: 403 } });
  expect(stepOf(evidence, 'websocket')?.error).toEqual({ code: 'UPGRADE_REFUSED' });
});

test('a close is one though the gateway leaves the connection open', async () => {
  const port = await listen(() => {});
  const at = { port, scheme: 'wss', path: '/left-open' } as const;
  const evidence = await lookAt({ ...at, credential: credential() });
  expect(evidence.websocket).toEqual({ status: 101, closeCode: 1008 });
  expect(stepOf(evidence, 'websocket')?.error).toEqual({ code: 'WEBSOCKET_CLOSED' });
});

test('a close right after the upgrade keeps its code and a sanitised reason', async () => {
  const port = await listen((socket) => socket.close(4401, 'go\u001b[2Jaway'));
  const path = '/stream?token=hunter2';
  const evidence = await lookAt({ port, scheme: 'wss', path, credential: credential() });
  expect(evidence.websocket).toEqual({
    status: 101,
    closeCode: 4401,
    closeReason: 'go\\u001b[2Jaway',
  });
});

/** Passes everything on, what comes back after a while. */
const slowly = (port: number) => (client: Socket) => {
  const server = connect(port, '127.0.0.1');
  client.on('data', (octets) => server.write(octets)).on('close', () => server.destroy());
  server.on('data', (octets) => {
    setTimeout(() => client.destroyed || client.write(octets), 120);
  });
  server.on('error', () => client.destroy());
};

test('an upgrade over a slow way is an acceptance, though the deadline ends the watch for a close', async () => {
  const { port, stop } = await startStubPeer(slowly(await listen(() => {})));
  const path = '/stream?token=hunter2';
  const at = { port, scheme: 'wss', path, credential: credential(), timeoutMs: 500 } as const;
  const evidence = await lookAt(at);
  expect(evidence.websocket).toEqual({ status: 101 });
  expect(stepOf(evidence, 'websocket')).toMatchObject({ outcome: 'passed' });
  await stop();
});
