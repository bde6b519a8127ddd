import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { Secret } from '../../../../src/base/secret.ts';
import { dialHome } from '../../../../src/sink/home/socket/dial-home.ts';
import { someHome } from '../../../home/socket/connect.ts';
import { temporaryDirectory } from '../../../state/temporary.ts';
import { type Issued, makePki, type Pki } from '../../../support/openssl.ts';
import { temporaryDirectory as directoryOfThisFile } from '../../../support/temporary-directory.ts';
import { sendingBySocket } from './send.ts';

const patience = { timeout: 10_000 };
let pki: Pki;
let ca: Issued;
let server: Issued;

beforeAll(() => {
  pki = makePki(directoryOfThisFile());
  ca = pki.ca('Home CA');
  server = pki.server({ ca });
});

async function listening(listener: Server): Promise<number> {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => void listener.close());
  return (listener.address() as AddressInfo).port;
}

async function tlsHome() {
  const tokens = join(temporaryDirectory(), 'tokens');
  writeFileSync(tokens, 'alpha the-token\n');
  const home = await someHome({ cert: server.cert, key: server.key, tokens });
  const tokenPath = pki.write('token', 'the-token\n');
  return { ...home, tokens, way: { caPath: ca.certPath, tokenPath } };
}

test('reports go to a home under TLS, with a token', async () => {
  const home = await tlsHome();
  const url = new URL(`wss://localhost:${home.port}/`);
  const { sender, spool, add, troubles } = sendingBySocket({ url, ...home.way });
  add('a', 'b');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.stored()).toEqual(['a', 'b']);
  expect(troubles).toEqual([]);
});

test('another address than the name has can be dialled', async () => {
  const home = await tlsHome();
  const pretended = pki.server({ ca, san: 'DNS:home.example' });
  const named = await someHome({ cert: pretended.cert, key: pretended.key });
  const url = new URL(`wss://home.example:${named.port}/`);
  const { sender, spool, add } = sendingBySocket({ url, address: '127.0.0.1', ...home.way });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
});

test('a token that is withdrawn while the connection is open pauses delivery until there is another', async () => {
  const home = await tlsHome();
  const url = new URL(`wss://localhost:${home.port}/`);
  const { sender, spool, add, troubles } = sendingBySocket({ url, ...home.way });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  writeFileSync(home.tokens, 'alpha another-token\n');
  add('b');
  await vi.waitFor(() => expect(troubles[0]?.code).toBe('unauthorized'), patience);
  expect(spool.stats().waiting).toBe(1);
  writeFileSync(home.way.tokenPath, 'another-token');
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.stored()).toEqual(['a', 'b']);
});

test('nothing is told to a server whose certificate does not hold', async () => {
  const heard: string[] = [];
  const stranger = pki.server();
  const listener = createTlsServer({ cert: stranger.cert, key: stranger.key });
  listener.on('upgrade', ({ headers }, stream) => {
    heard.push(String(headers.authorization));
    stream.destroy();
  });
  const port = await listening(listener);
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { way } = await tlsHome();
  const url = new URL(`wss://localhost:${port}/`);
  const { sender, spool, add, troubles } = sendingBySocket({ url, ...way });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(troubles[0]?.code).toBe('unreachable'), patience);
  expect(troubles[0]?.error).toMatch(
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/,
  );
  expect(heard).toEqual([]);
  expect(spool.stats().waiting).toBe(1);
});

interface Proxy {
  readonly port: number;
  readonly asked: string[];
}

/** Tunnels whatever it is asked for to `to`; or answers with `status`. */
async function proxyTo(to: number, status?: number): Promise<Proxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (head) => {
      asked.push(String(head));
      if (status !== undefined) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      const onward = connect(to, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Yes\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      sockets.add(onward);
      return onward.on('error', () => {});
    });
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { port: await listening(listener), asked };
}

test('a proxy is asked for a tunnel, with its own password, and hears nothing of ours', async () => {
  const home = await tlsHome();
  const url = new URL(`wss://home.localhost:${home.port}/`);
  const named = pki.server({ ca, san: 'DNS:home.localhost' });
  const behind = await someHome({ cert: named.cert, key: named.key });
  const through = await proxyTo(behind.port);
  const { sender, spool, add } = sendingBySocket({
    ...{ url, ...home.way },
    proxy: {
      ...{ protocol: 'http', host: '127.0.0.1', port: through.port },
      userinfo: new Secret('me:secret'),
    },
  });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(behind.stored()).toEqual(['a']);
  expect(through.asked[0]).toMatch(/^CONNECT home\.localhost:\d+ HTTP\/1\.1\r\n/);
  expect(through.asked[0]).toContain(`Basic ${Buffer.from('me:secret').toString('base64')}`);
  expect(through.asked[0]).not.toContain('the-token');
});

test('a proxy that refuses the tunnel is trouble that passes', async () => {
  const home = await tlsHome();
  const proxy = await proxyTo(home.port, 407);
  const { sender, spool, add, troubles } = sendingBySocket({
    ...{ url: new URL(`wss://localhost:${home.port}/`), ...home.way },
    proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port },
  });
  add('a');
  sender.start();
  await vi.waitFor(
    () => expect(troubles).toEqual([{ code: 'unreachable', error: 'PROXY_REFUSED_407' }]),
    patience,
  );
  expect(spool.stats().waiting).toBe(1);
});

test('a home that is killed in the middle and started again has every report once', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const first = await someHome({ dataDir });
  const { port } = first;
  const url = new URL(`ws://127.0.0.1:${port}/`);
  const { sender, spool, add, troubles } = sendingBySocket({ url });
  const names = Array.from({ length: 300 }, (_, i) => `r${i}`);
  add(...names);
  sender.start();
  await vi.waitFor(() => expect(first.stored().length).toBeGreaterThan(0), patience);
  await first.close();
  add('late');
  await vi.waitFor(() => expect(troubles.at(-1)?.code).toBe('unreachable'), patience);
  const again = await someHome({ dataDir, listen: { host: '127.0.0.1', port } });
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(again.stored().toSorted()).toEqual([...names, 'late'].toSorted());
});

test('a proxy that never answers is given up, and the request to it harms nobody', async () => {
  const listener = createServer((socket) => socket.on('error', () => {}));
  const port = await listening(listener);
  const unheard: unknown[] = [];
  const listen = (error: unknown): void => void unheard.push(error);
  process.prependListener('uncaughtException', listen);
  onTestFinished(() => void process.off('uncaughtException', listen));
  const home = { url: new URL('wss://home.example/'), proxy: proxyAt(port) };
  const given = new AbortController();
  const dialling = dialHome(home, {}, given.signal);
  const [asked] = await once(listener, 'connection');
  await once(asked, 'data');
  given.abort(new Error('no patience'));
  await expect(dialling).rejects.toThrow('no patience');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(unheard).toEqual([]);
});

const proxyAt = (port: number) => ({ protocol: 'http', host: '127.0.0.1', port }) as const;
