import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CannotRun } from '../../../src/base/cannot-run.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { Secret } from '../../../src/base/secret.ts';
import { listReports } from '../../../src/home/list-reports.ts';
import { startHome } from '../../../src/home/start-home.ts';
import { someReport, temporaryDirectory } from '../../state/temporary.ts';
import { makePki } from '../../support/openssl.ts';
import { temporaryDirectory as directoryOfThisFile } from '../../support/temporary-directory.ts';
import { agentId, sending } from './send.ts';
import { stubHome } from './stub-home.ts';

/** A busy machine is given time; a fault is waited for no longer than a test may last. */
const patience = { timeout: 10_000 };

const slow = { baseMs: 60_000, capMs: 60_000, floorMs: 60_000 };
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `r${i}`);

test('a batch is one POST of CloudEvents with a token, in order of time', async () => {
  const home = await stubHome();
  const tokenPath = join(temporaryDirectory(), 'token');
  writeFileSync(tokenPath, 'first-token\n');
  const { sender, spool, add, troubles } = sending({ url: home.url, tokenPath });
  add('a', 'b');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.received).toHaveLength(1);
  const [{ headers, method, body } = { headers: {}, method: '', body: '' }] = home.received;
  expect(method).toBe('POST');
  expect(headers).toMatchObject({
    'content-type': 'application/cloudevents-batch+json',
    authorization: 'Bearer first-token',
  });
  expect(JSON.parse(body)).toMatchObject([
    { specversion: '1.0', id: 'a', source: `urn:sidelight:agent:${agentId}`, data: { id: 'a' } },
    { specversion: '1.0', id: 'b', type: 'io.sidelight.report.v1' },
  ]);
  // The token rotates: the next attempt has the new one.
  writeFileSync(tokenPath, 'second-token');
  add('c');
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.received[1]?.headers.authorization).toBe('Bearer second-token');
  expect(troubles).toEqual([]);
});

test('a thousand reports go in batches of a hundred', async () => {
  const home = await stubHome();
  const { sender, spool, add } = sending({ url: home.url });
  add(...names(250));
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.received.map(({ ids }) => ids.length)).toEqual([100, 100, 50]);
  expect(home.received.flatMap(({ ids }) => ids)).toEqual(names(250));
});

test.for([
  { status: 408, code: 'timeout' },
  { status: 425, code: 'unexpected-status' },
  { status: 429, code: 'overloaded' },
  { status: 500, code: 'server-error' },
  { status: 502, code: 'server-error' },
  { status: 503, code: 'overloaded' },
  { status: 504, code: 'server-error' },
  { status: 401, code: 'unauthorized' },
  { status: 403, code: 'unauthorized' },
  { status: 404, code: 'not-found' },
  { status: 302, code: 'redirected' },
  { status: 409, code: 'unexpected-status' },
])('$status keeps the reports and tries again with the same key', async ({ status, code }) => {
  const home = await stubHome((_, __, number) => (number < 3 ? status : 202));
  const { sender, spool, add, troubles } = sending({ url: home.url });
  add('a', 'b');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.received.map(({ ids }) => ids)).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(new Set(home.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  expect(spool.stats().lost).toMatchObject({ age: 0, size: 0, rejected: 0 });
  expect(troubles).toEqual([{ code, status }, { code: 'none' }]);
});

test('a retried batch does not take in what was added meanwhile, and the next batch has another key', async () => {
  const home = await stubHome((_, __, number) => (number === 1 ? 500 : 200));
  const { sender, spool, add } = sending(
    { url: home.url },
    { backoff: { baseMs: 50, capMs: 50, floorMs: 50 } },
  );
  add('a');
  sender.start();
  await vi.waitFor(() => expect(home.received).toHaveLength(1), patience);
  add('b');
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.received.map(({ ids }) => ids)).toEqual([['a'], ['a'], ['b']]);
  const keys = home.received.map(({ headers }) => headers['idempotency-key']);
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[1]);
});

test('401 waits near the longest backoff, and new reports do not cut it short', async () => {
  const home = await stubHome(() => 401);
  const { sender, spool, add } = sending(
    { url: home.url },
    { backoff: { baseMs: 1, capMs: 1_000, floorMs: 1 } },
  );
  add('a');
  sender.start();
  await vi.waitFor(() => expect(home.received).toHaveLength(1), patience);
  add('b');
  await systemClock.sleep(300);
  expect(home.received).toHaveLength(1);
  expect(spool.stats().waiting).toBe(2);
});

test('Retry-After is a floor', async () => {
  const home = await stubHome((_, response, number) => {
    if (number > 1) return 200;
    response.writeHead(429, { 'retry-after': '1' }).end();
    return 'handled';
  });
  const { sender, spool, add } = sending({ url: home.url });
  add('a');
  const begun = performance.now();
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), { timeout: 3_000 });
  expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
});

test('a home that takes a batch and asks for patience gets what comes meanwhile at once, later', async () => {
  const home = await stubHome((_, response, number) => {
    if (number > 1) return 200;
    response.writeHead(200, { 'retry-after': '1' }).end();
    return 'handled';
  });
  const { sender, spool, add, troubles } = sending({ url: home.url });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  const begun = performance.now();
  for (const id of ['b', 'c', 'd']) {
    add(id);
    await systemClock.sleep(50);
  }
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), { timeout: 3_000 });
  expect(performance.now() - begun).toBeGreaterThan(500);
  expect(home.received.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c', 'd']]);
  expect(troubles).toEqual([]);
});

test('a flush waits for no patience that a home has asked for', async () => {
  const home = await stubHome((_, response) => {
    response.writeHead(200, { 'retry-after': '100000' }).end();
    return 'handled';
  });
  const { sender, spool, add } = sending({ url: home.url });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  add('b');
  expect(await sender.flush(2_000)).toBe(true);
});

test.for([400, 413, 422])(
  '%i for one poisoned report sets aside that one and delivers the others',
  async (status) => {
    const home = await stubHome(({ ids }) => (ids.includes('r7') ? status : 200));
    const { sender, spool, add, troubles } = sending({ url: home.url });
    add(...names(20));
    sender.start();
    await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
    const delivered = home.received
      .filter(({ ids }) => !ids.includes('r7'))
      .flatMap(({ ids }) => ids);
    expect(delivered).toEqual(names(20).filter((id) => id !== 'r7'));
    expect(spool.stats().lost).toMatchObject({ age: 0, size: 0, rejected: 1 });
    expect(troubles).toContainEqual({ code: 'reports-refused', status });
  },
);

test('413 for large batches splits them and loses nothing', async () => {
  const home = await stubHome(({ ids }) => (ids.length > 6 ? 413 : 200));
  const { sender, spool, add } = sending({ url: home.url });
  add(...names(50));
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  const delivered = home.received.filter(({ ids }) => ids.length <= 6).flatMap(({ ids }) => ids);
  expect(delivered).toEqual(names(50));
  expect(spool.stats().lost.rejected).toBe(0);
});

test('415 sets the whole batch aside', async () => {
  const home = await stubHome(() => 415);
  const { sender, spool, add } = sending({ url: home.url });
  add('a', 'b');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().lost.rejected).toBe(2), patience);
  expect(home.received).toHaveLength(1);
});

test('410 ends delivery and keeps the reports', async () => {
  const home = await stubHome(() => 410);
  const { sender, spool, add, troubles } = sending({ url: home.url });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(troubles).toEqual([{ code: 'gone', status: 410 }]), patience);
  add('b');
  expect(await sender.flush(500)).toBe(false);
  expect(home.received).toHaveLength(1);
  expect(spool.stats().waiting).toBe(2);
});

test('a redirect is not followed', async () => {
  const elsewhere = await stubHome();
  const home = await stubHome((_, response) => {
    response.writeHead(307, { location: elsewhere.url.href }).end();
    return 'handled';
  });
  const { sender, add, troubles } = sending({ url: home.url }, { backoff: slow });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(troubles).toEqual([{ code: 'redirected', status: 307 }]), patience);
  expect(elsewhere.received).toEqual([]);
});

test("a reset before the answer is retried, a reset inside the answer's body is not", async () => {
  const home = await stubHome((_, response, number) => {
    if (number === 1) response.socket?.resetAndDestroy();
    else {
      response.writeHead(200, { 'content-length': '1000' }).write('{');
      setTimeout(() => response.socket?.resetAndDestroy(), 20);
    }
    return 'handled';
  });
  const { sender, spool, add, troubles } = sending({ url: home.url });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.received).toHaveLength(2);
  expect(troubles).toMatchObject([{ code: 'unreachable' }, { code: 'none' }]);
});

test('an endless answer is cut off', async () => {
  let sent = 0;
  const home = await stubHome((_, response) => {
    response.writeHead(200);
    const pour = (): void => {
      while (!response.destroyed && response.write('x'.repeat(16_384))) sent += 16_384;
    };
    response.on('drain', pour);
    pour();
    return 'handled';
  });
  const { sender, spool, add } = sending({ url: home.url });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  await systemClock.sleep(50);
  const before = sent;
  await systemClock.sleep(50);
  expect(sent).toBe(before);
});

test('a home that says nothing is given up after the timeout', async () => {
  const home = await stubHome(() => 'handled');
  const { sender, add, troubles } = sending({ url: home.url }, { timeoutMs: 50, backoff: slow });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(troubles).toEqual([{ code: 'timeout' }]), patience);
});

test('a home that is not there is unreachable, once said', async () => {
  const { sender, add, troubles } = sending({ url: new URL('http://127.0.0.1:1/') });
  add('a');
  sender.start();
  await systemClock.sleep(150);
  expect(troubles).toEqual([{ code: 'unreachable', error: 'ECONNREFUSED' }]);
});

test.for([
  { said: 'absent', token: undefined, error: 'ENOENT' },
  { said: 'empty', token: ' \n', error: 'EMPTY' },
  { said: 'two lines', token: 'a\nx-evil: 1', error: 'MALFORMED' },
])('a token file that is $said sends nothing', async ({ token, error }) => {
  const home = await stubHome();
  const tokenPath = join(temporaryDirectory(), 'token');
  if (token !== undefined) writeFileSync(tokenPath, token);
  const { sender, spool, add, troubles } = sending({ url: home.url, tokenPath });
  add('a');
  sender.start();
  await vi.waitFor(
    () => expect(troubles).toEqual([{ code: 'credential-unreadable', error }]),
    patience,
  );
  expect(home.received).toEqual([]);
  writeFileSync(tokenPath, 'good');
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
});

test('plain HTTP goes to loopback only, and not through a proxy', () => {
  const proxy = { protocol: 'http', host: '127.0.0.1', port: 1 } as const;
  expect(() => sending({ url: new URL('http://home.example/') })).toThrow(CannotRun);
  expect(() => sending({ url: new URL('http://127.0.0.1.example/') })).toThrow(CannotRun);
  expect(() => sending({ url: new URL('http://127.0.0.1/'), proxy })).toThrow(CannotRun);
  expect(() => sending({ url: new URL('ftp://127.0.0.1/') })).toThrow(CannotRun);
  sending({ url: new URL('http://[::1]:1/') });
});

test('flush tries once more, whatever the backoff', async () => {
  const home = await stubHome(() => 500);
  const { sender, add } = sending({ url: home.url }, { backoff: slow });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(home.received).toHaveLength(1), patience);
  expect(await sender.flush(2_000)).toBe(false);
  expect(home.received).toHaveLength(2);
  home.behave(() => 200);
  expect(await sender.flush(2_000)).toBe(true);
});

test('flush ends at its deadline, and what home did not take stays', async () => {
  const home = await stubHome(() => 'handled');
  const { sender, spool, add } = sending({ url: home.url });
  add('a');
  sender.start();
  const begun = performance.now();
  expect(await sender.flush(100)).toBe(false);
  await sender.stop();
  expect(performance.now() - begun).toBeLessThan(1_000);
  expect(spool.stats().waiting).toBe(1);
});

test('what is added right after the start is flushed', async () => {
  const home = await stubHome();
  const { sender, add } = sending({ url: home.url });
  sender.start();
  add('a');
  expect(await sender.flush(2_000)).toBe(true);
  expect(home.received).toHaveLength(1);
});

const pki = makePki(directoryOfThisFile());
const ca = pki.ca('Home CA');
const server = pki.server({ ca });

test('the token goes to no home whose certificate does not verify, whatever the environment says', async () => {
  const dataDir = temporaryDirectory();
  const tokenPath = join(temporaryDirectory(), 'token');
  writeFileSync(tokenPath, 'secret-token');
  const home = await startHome({
    listen: { host: '127.0.0.1', port: 0 },
    dataDir,
    cert: server.cert,
    key: server.key,
    tokens: tokenPath,
    clock: systemClock,
  });
  onTestFinished(() => home.close());
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const stranger = sending({ url: new URL(home.url), tokenPath }, { backoff: slow });
  stranger.add('a');
  stranger.sender.start();
  await vi.waitFor(
    () => expect(stranger.troubles).toMatchObject([{ code: 'unreachable' }]),
    patience,
  );
  expect([...listReports(dataDir)]).toEqual([]);
  vi.unstubAllEnvs();
  const known = sending({ url: new URL(home.url), tokenPath, caPath: ca.certPath });
  known.add('a');
  known.sender.start();
  await vi.waitFor(() => expect(known.spool.stats().waiting).toBe(0), patience);
  expect([...listReports(dataDir)].map(({ id }) => id)).toEqual(['a']);
});

test('home may be reached with an own client certificate through an own proxy', async () => {
  const seen: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket, head) => {
    seen.push(`${request.url} ${request.headers['proxy-authorization']}`);
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const client = pki.leaf({ cn: 'agent', ca });
  const dataDir = temporaryDirectory();
  const home = await startHome({
    listen: { host: '127.0.0.1', port: 0 },
    dataDir,
    cert: server.cert,
    key: server.key,
    clientCa: ca.cert,
    clock: systemClock,
  });
  onTestFinished(() => home.close());
  const { sender, spool, add } = sending({
    url: new URL(home.url),
    caPath: ca.certPath,
    certPath: client.certPath,
    keyPath: client.keyPath,
    proxy: {
      protocol: 'http',
      host: '127.0.0.1',
      port: (proxy.address() as AddressInfo).port,
      userinfo: new Secret('user:pass'),
    },
  });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(seen).toEqual([`127.0.0.1:${home.port} Basic ${btoa('user:pass')}`]);
  expect([...listReports(dataDir)].map((report) => report.sender)).toEqual([
    `certificate:${client.sha256}`,
  ]);
  await sender.stop();
});

test('the spool that cannot be read is trouble and not the end', async () => {
  const home = await stubHome();
  const directory = temporaryDirectory();
  const { sender, spool, troubles } = sending({ url: home.url }, { directory });
  const db = new DatabaseSync(join(directory, 'sidelight.db'));
  onTestFinished(() => db.close());
  spool.add(someReport({ id: 'a' }));
  db.exec('ALTER TABLE report RENAME TO away');
  sender.start();
  await vi.waitFor(() => expect(troubles).toHaveLength(1), patience);
  db.exec('ALTER TABLE away RENAME TO report');
  await vi.waitFor(() => expect(home.received.map(({ ids }) => ids)).toEqual([['a']]), patience);
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(troubles).toEqual([{ code: 'spool-failed', error: 'SQLITE_1' }, { code: 'none' }]);
});
