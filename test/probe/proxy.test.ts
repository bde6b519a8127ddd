/** CONNECT proxies: with and without a password, refusing, silent, and no proxies at all. */
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createGateway } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { ProxyConfig } from '../../src/config/config.ts';
import { lookAt, stepOf } from '../support/aim-at.ts';
import { makePki } from '../support/openssl.ts';
import { startStubPeer } from '../support/stub-peer.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const closing: (() => void)[] = [];
let gatewayPort: number;
let caPath: string;

beforeAll(async () => {
  const pki = makePki(directory);
  const ca = pki.ca('Gateway CA');
  const { cert, key } = pki.server({ ca });
  caPath = ca.certPath;
  const gateway = createGateway({ cert, key }, (_request, answer) => answer.end('ok'));
  gatewayPort = await listen(gateway);
});

afterAll(() => {
  for (const close of closing) close();
});

interface Listener {
  listen(port: number, host: string, done: () => void): unknown;
  address(): AddressInfo | string | null;
  close(): unknown;
}

async function listen(server: Listener): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close());
  return (server.address() as AddressInfo).port;
}

type Judge = (request: IncomingMessage, client: Duplex) => boolean;

/** A proxy that tunnels what `judge` lets through; otherwise `judge` has answered. */
async function startProxy(judge: Judge): Promise<ProxyConfig & { readonly asked: string[] }> {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, client: Socket, head) => {
    asked.push(request.url ?? '');
    client.on('error', () => {});
    if (!judge(request, client)) return;
    const upstream = connect(gatewayPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\nVia: 1.1 test-proxy\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
  });
  const port = await listen(proxy);
  return { protocol: 'http', host: '127.0.0.1', port, asked };
}

const look = (proxy: ProxyConfig) =>
  lookAt({ port: gatewayPort, proxy, credential: { caPath }, timeoutMs: 1000 });

const wantsPassword: Judge = ({ headers }, client) => {
  const expected = `Basic ${Buffer.from('agent:s3cret').toString('base64')}`;
  if (headers['proxy-authorization'] === expected) return true;
  client.end(
    'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="a, b"\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n',
  );
  return false;
};

test('a proxy without a password tunnels to the address that CONNECT names', async () => {
  const proxy = await startProxy(() => true);
  const evidence = await look(proxy);
  expect(proxy.asked).toEqual([`127.0.0.1:${gatewayPort}`]);
  expect(stepOf(evidence, 'proxy')?.outcome).toBe('passed');
  expect(evidence.http?.status).toBe(200);
  expect(evidence.proxy).toEqual({ status: 200, via: '1.1 test-proxy' });
  expect(stepOf(evidence, 'tcp')).toMatchObject({ port: proxy.port });
});

test('a proxy with a password takes the right one, which stands in no evidence', async () => {
  const proxy = await startProxy(wantsPassword);
  const evidence = await look({ ...proxy, userinfo: new Secret('agent:s3cret') });
  expect(evidence.http?.status).toBe(200);
  expect(JSON.stringify(evidence)).not.toMatch(/s3cret|YWdlbnQ6czNjcmV0/);
});

test('a proxy that wants a password names the schemes that it takes', async () => {
  const evidence = await look(await startProxy(wantsPassword));
  expect(stepOf(evidence, 'proxy')).toMatchObject({ outcome: 'failed' });
  expect(evidence.proxy).toEqual({ status: 407, authenticationSchemes: ['basic', 'negotiate'] });
  expect(evidence.tls).toBeUndefined();
});

test('a proxy that is none shows what it says', async () => {
  const peer = await startStubPeer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  closing.push(() => void peer.stop());
  const evidence = await look({ protocol: 'http', host: '127.0.0.1', port: peer.port });
  expect(evidence.proxy?.notHttp?.protocol).toBe('ssh');
});

test('a proxy that never answers is given up at the deadline', async () => {
  const peer = await startStubPeer(() => {});
  closing.push(() => void peer.stop());
  const evidence = await look({ protocol: 'http', host: '127.0.0.1', port: peer.port });
  expect(stepOf(evidence, 'proxy')?.error).toEqual({ code: 'TIMEOUT' });
  await expect.poll(peer.openConnections).toBe(0);
});

test.for([
  ['127.0.0.1', []],
  ['localhost', ['localhost']],
] as const)('an https proxy at %s is told the server names %j', async ([host, names]) => {
  const told: string[] = [];
  const SNICallback = (name: string, done: (error: null) => void): void => {
    told.push(name);
    done(null);
  };
  const port = await listen(createGateway({ SNICallback }));
  await look({ protocol: 'https', host, port });
  expect(told).toEqual(names);
});

test("an https proxy that speaks no TLS fails the step with OpenSSL's own code", async () => {
  const peer = await startStubPeer((socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  );
  closing.push(() => void peer.stop());
  const evidence = await look({ protocol: 'https', host: '127.0.0.1', port: peer.port });
  expect(stepOf(evidence, 'proxy')?.error?.code).toMatch(/^ERR_SSL_/);
  expect(evidence.proxy).toEqual({ secured: false });
});

test('an https proxy that never answers our ClientHello is given up at the deadline', async () => {
  const peer = await startStubPeer(() => {});
  closing.push(() => void peer.stop());
  const evidence = await look({ protocol: 'https', host: '127.0.0.1', port: peer.port });
  expect(stepOf(evidence, 'proxy')?.error).toEqual({ code: 'TIMEOUT' });
  await expect.poll(peer.openConnections).toBe(0);
});
