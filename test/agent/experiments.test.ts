/** Experiments against real servers and hostile middleboxes: what one change brings out, what they cost and carry. */
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { maxExperiments } from '../../src/diagnosis/choose-experiments.ts';
import type { Evidence, TlsSeen } from '../../src/evidence/evidence.ts';
import { startFilter } from '../support/filter.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { type SServer, startSServer } from '../support/s-server.ts';
import { startStubPeer } from '../support/stub-peer.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { experimentAt, experimentOf } from './experiment-at.ts';

const directory = temporaryDirectory();
const closing: (() => unknown)[] = [];
let delegateCa: Issued;
let gatewayCa: Issued;
let server: Issued;
let client: Issued;
let stranger: Issued;

beforeAll(() => {
  const pki = makePki(directory);
  delegateCa = pki.ca('Delegate CA');
  gatewayCa = pki.ca('Gateway CA');
  server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
  stranger = pki.leaf({ cn: 'delegate-2', ca: pki.ca('Wrong CA') });
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function credentialOf({ certPath, keyPath }: Issued) {
  return { certPath, keyPath, caPath: gatewayCa.certPath };
}

async function startGateway(): Promise<SServer> {
  const running = await startSServer(
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', delegateCa.certPath],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  );
  closing.push(running.stop);
  return running;
}

interface Web {
  readonly port: number;
  readonly requests: { readonly url: string; readonly headers: readonly string[] }[];
}

/** Asks for a client certificate, takes any, and answers every request with this status. */
async function startWeb(status: number, host = '127.0.0.1', port = 0): Promise<Web> {
  const requests: { url: string; headers: string[] }[] = [];
  const web: Server = createServer(
    { cert: server.cert, key: server.key, requestCert: true, rejectUnauthorized: false },
    ({ url = '', headers }, answer) => {
      requests.push({ url, headers: Object.keys(headers) });
      answer.writeHead(status).end();
    },
  );
  await new Promise<void>((resolve) => void web.listen(port, host, resolve));
  closing.push(() => new Promise((resolve) => web.close(resolve)));
  return { port: (web.address() as AddressInfo).port, requests };
}

const urlOf = (port: number, path = '/'): string => `https://localhost:${port}${path}`;

describe('what one change brings out', () => {
  test('a middlebox that drops a ClientHello above one segment lets a smaller one through', async () => {
    const { port } = await startGateway();
    const filter = await startFilter(port, (hello) => hello.length <= 1400);
    closing.push(filter.stop);
    const { evidence, experiments } = await experimentAt({
      url: urlOf(filter.port),
      credential: credentialOf(client),
    });
    expect(evidence.tls?.progress.octetsReceived).toBe(0);
    expect(experimentOf(experiments, 'classic-groups-only')).toMatchObject({
      outcome: 'accepted',
      serverHelloReceived: true,
      httpStatus: 200,
      serverCertificateSha256: server.sha256,
    });
    expect(experimentOf(experiments, 'again')).toMatchObject({
      outcome: 'failed',
      layer: 'tls',
      error: 'ECONNRESET',
      serverHelloReceived: false,
    });
    expect(experimentOf(experiments, 'no-server-name')?.outcome).toBe('failed');
    // As the look itself, and each of the experiments.
    expect(filter.connections()).toBe(1 + experiments.length);
  });

  test('a middlebox that forbids one name lets the others through', async () => {
    const { port } = await startGateway();
    const filter = await startFilter(port, (hello) => !hello.includes('localhost'));
    closing.push(filter.stop);
    const { experiments } = await experimentAt({
      url: urlOf(filter.port),
      credential: credentialOf(client),
    });
    expect(experimentOf(experiments, 'no-server-name')?.outcome).toBe('accepted');
    expect(experimentOf(experiments, 'other-server-name')).toMatchObject({
      value: 'sidelight.invalid',
      serverHelloReceived: true,
      // Its certificate is for our name and not for that one.
      error: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(experimentOf(experiments, 'classic-groups-only')?.serverHelloReceived).toBe(false);
  });

  test('a gateway that does not know our CA refuses no certificate and any other one, each in its own words', async () => {
    const { port } = await startGateway();
    const { experiments } = await experimentAt({
      url: urlOf(port),
      credential: credentialOf(stranger),
    });
    expect(experimentOf(experiments, 'no-client-certificate')?.alert).toEqual({
      direction: 'received',
      code: 116,
      description: 'certificate_required',
    });
    expect(experimentOf(experiments, 'throwaway-client-certificate')).toMatchObject({
      outcome: 'rejected',
      alert: { code: 48 },
    });
    expect(experimentOf(experiments, 'tls-1.2-only')).toMatchObject({
      version: '1.2',
      alert: { code: 48 },
    });
    expect(experiments.filter(({ changed }) => changed === 'again')).toHaveLength(2);
  });

  test('a gateway that forbids everyone forbids us without and with any certificate', async () => {
    const { port } = await startWeb(403);
    const { experiments } = await experimentAt({
      url: urlOf(port),
      credential: credentialOf(client),
    });
    for (const name of ['no-client-certificate', 'throwaway-client-certificate'] as const) {
      expect(experimentOf(experiments, name)).toMatchObject({
        outcome: 'rejected',
        layer: 'http',
        httpStatus: 403,
        clientCertificateRequested: true,
      });
    }
  });

  test('of two replicas, the one at the other address accepts us', async () => {
    const good = await startWeb(200, '127.0.0.2');
    await startWeb(403, '127.0.0.1', good.port);
    const { address: _none, ...aimed } = { address: '', url: urlOf(good.port) };
    const { experiments } = await experimentAt({
      ...aimed,
      credential: credentialOf(client),
      amend: (seen) => resolvedTo(seen, '127.0.0.1', '127.0.0.2'),
    });
    expect(experimentOf(experiments, 'other-address')).toMatchObject({
      value: '127.0.0.2',
      outcome: 'accepted',
      httpStatus: 200,
    });
    expect(experimentOf(experiments, 'again')?.httpStatus).toBe(403);
  });

  test('behind a proxy that refuses, the direct way is tried', async () => {
    const { port } = await startGateway();
    const proxy = await startStubPeer((socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
    );
    closing.push(proxy.stop);
    const { experiments } = await experimentAt({
      url: urlOf(port),
      credential: credentialOf(client),
      proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port },
    });
    expect(experimentOf(experiments, 'without-proxy')?.outcome).toBe('accepted');
    expect(experimentOf(experiments, 'again')).toMatchObject({ outcome: 'failed', layer: 'proxy' });
  });

  test('where the direct way is closed, the proxy that was not used is tried', async () => {
    const { port } = await startGateway();
    const proxy = createTcpServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', () => {
          const upstream = connect(port, '127.0.0.1', () => {
            socket.write('HTTP/1.1 200 OK\r\n\r\n');
            socket.pipe(upstream).pipe(socket);
          });
          upstream.on('error', () => socket.destroy());
        });
    });
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
    closing.push(() => proxy.close());
    const unusedPort = (proxy.address() as AddressInfo).port;
    const closed = await startStubPeer(() => {});
    await closed.stop();
    const { experiments } = await experimentAt({
      url: urlOf(closed.port),
      credential: credentialOf(client),
      options: { unusedProxy: { protocol: 'http', host: '127.0.0.1', port: unusedPort } },
    });
    expect(experimentOf(experiments, 'with-proxy')).toMatchObject({
      value: `http://127.0.0.1:${unusedPort}`,
      outcome: 'accepted',
    });
    expect(experimentOf(experiments, 'again')).toMatchObject({
      layer: 'tcp',
      error: 'ECONNREFUSED',
    });
  });
});

/** The resolver gave these addresses. */
function resolvedTo(seen: Evidence, ...addresses: readonly string[]): Evidence {
  const { address: _given, ...target } = seen.target;
  return {
    ...seen,
    target,
    steps: seen.steps.map((step) =>
      step.name === 'dns' ? { name: 'dns', outcome: 'passed', durationMs: 1, addresses } : step,
    ),
  };
}

function afterServerHello({ tls }: Evidence): TlsSeen['progress'] {
  return { ...tls!.progress, serverHelloReceived: true };
}

describe('what they cost and carry', () => {
  test('a peer that says nothing holds nobody longer than five seconds, and sees no crowd', async () => {
    let most = 0;
    let connections = 0;
    const silent = await startStubPeer(() => {
      connections += 1;
      most = Math.max(most, silent.openConnections());
    });
    closing.push(silent.stop);
    const { experiments, tookMs } = await experimentAt({
      url: urlOf(silent.port),
      credential: credentialOf(client),
      timeoutMs: 300,
      options: { timeoutMs: 60_000 },
    });
    expect(tookMs).toBeLessThan(5000);
    // Four at once; the peer may still see one that was just left.
    expect(most).toBeLessThanOrEqual(5);
    expect(connections).toBe(1 + experiments.length);
    expect(experiments.length).toBeLessThanOrEqual(maxExperiments);
    expect(new Set(experiments.map(({ error }) => error))).toEqual(new Set(['TIMEOUT']));
    await expect.poll(silent.openConnections).toBe(0);
  });

  test('attempts without any change come one after the other', async () => {
    let open = 0;
    let most = 0;
    const peer = await startStubPeer((socket) => {
      open += 1;
      most = Math.max(most, open);
      systemClock.after(100, () => {
        open -= 1;
        socket.resetAndDestroy();
      });
    });
    closing.push(peer.stop);
    const { experiments } = await experimentAt({
      url: urlOf(peer.port),
      credential: credentialOf(client),
      amend: (seen) => ({ ...seen, tls: { ...seen.tls!, progress: afterServerHello(seen) } }),
      options: { grant: () => 2 },
    });
    expect(experiments.map(({ changed }) => changed)).toEqual(['again', 'again']);
    expect(most).toBe(1);
  });

  test('an abort ends them at once, and what was cut short is no evidence', async () => {
    const silent = await startStubPeer(() => {});
    closing.push(silent.stop);
    const ending = new AbortController();
    systemClock.after(1200, () => ending.abort());
    const { experiments, tookMs } = await experimentAt({
      url: urlOf(silent.port),
      options: { signal: ending.signal },
    });
    expect(experiments).toEqual([]);
    expect(tookMs).toBeLessThan(500);
    await expect.poll(silent.openConnections).toBe(0);
  });

  test('no more are made than are granted', async () => {
    const { port } = await startGateway();
    const { experiments } = await experimentAt({
      url: urlOf(port),
      credential: credentialOf(stranger),
      options: { grant: (wanted) => wanted - 4 },
    });
    expect(experiments.map(({ changed }) => changed)).toEqual(['no-client-certificate']);
  });

  test('requests carry no header of ours that could be a token', async () => {
    const { port, requests } = await startWeb(403);
    await experimentAt({ url: urlOf(port, '/path'), credential: credentialOf(client) });
    expect(requests.length).toBeGreaterThan(3);
    for (const { headers } of requests) {
      expect(headers.toSorted()).toEqual(['accept', 'connection', 'host', 'user-agent']);
    }
  });

  test('a query, which may hold a token, goes out with the look and with no experiment', async () => {
    const { port: answering, requests } = await startWeb(403);
    const path = '/agent?token=s3cret';
    const answered = await experimentAt({
      url: urlOf(answering, path),
      credential: credentialOf(client),
    });
    expect(answered.experiments).toEqual([]);
    expect(requests.map(({ url }) => url)).toEqual([path]);
    // Where no answer came, there is something to learn without the query.
    const filter = await startFilter(answering, (hello) => hello.length <= 1400);
    closing.push(filter.stop);
    const broken = await experimentAt({
      url: urlOf(filter.port, path),
      credential: credentialOf(client),
    });
    expect(experimentOf(broken.experiments, 'classic-groups-only')?.httpStatus).toBe(403);
    expect(new Set(requests.slice(1).map(({ url }) => url))).toEqual(new Set(['/agent']));
  });

  test('each is one connection, also where a look makes two for its WebSocket', async () => {
    const { port } = await startGateway();
    const filter = await startFilter(port, () => true);
    closing.push(filter.stop);
    const { experiments } = await experimentAt({
      url: urlOf(filter.port),
      websocketPath: '/socket',
      credential: credentialOf(stranger),
    });
    expect(filter.connections()).toBe(1 + experiments.length);
  });
});
