import { once } from 'node:events';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { CannotRun } from '../../src/base/cannot-run.ts';
import { systemClock } from '../../src/base/clock.ts';
import { listReports } from '../../src/home/list-reports.ts';
import type { HomeOptions } from '../../src/home/start-home.ts';
import { startHome } from '../../src/home/start-home.ts';
import { temporaryDirectory } from '../state/temporary.ts';
import { makePki } from '../support/openssl.ts';
import { temporaryDirectory as directoryOfThisFile } from '../support/temporary-directory.ts';

const batchType = 'application/cloudevents-batch+json';
const eventType = 'application/cloudevents+json';
const clock = systemClock;

async function home(options: Partial<HomeOptions> = {}) {
  const dataDir = options.dataDir ?? join(temporaryDirectory(), 'data');
  const listen = { host: '127.0.0.1', port: 0 };
  const started = await startHome({ listen, clock, ...options, dataDir });
  onTestFinished(() => started.close().catch(() => {}));
  const stored = () => [...listReports(dataDir)].map(({ id }) => id);
  return { ...started, dataDir, stored };
}

function event(id: string, facts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    specversion: '1.0',
    id,
    source: 'urn:sidelight:agent:a',
    type: 'io.sidelight.report.v1',
    time: '2026-11-23T14:00:00.000Z',
    data: { schema: 'sidelight.report/1', id },
    ...facts,
  };
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly tls?: Record<string, unknown>;
}

async function send(url: string, body: unknown, sent: Sent = {}) {
  const { method = 'POST', path = '/', headers = {}, tls = {} } = sent;
  const request = (url.startsWith('https') ? tlsRequest : plainRequest)(new URL(path, url), {
    method,
    headers: { 'content-type': batchType, ...headers },
    agent: false,
    ...tls,
  });
  request.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return {
    status: response.statusCode as number,
    headers: response.headers,
    text,
    body: text ? JSON.parse(text) : undefined,
  };
}

test('a batch is stored before it is answered, in private files', async () => {
  const { url, stored, dataDir } = await home();
  expect(await send(url, [event('a'), event('b')])).toMatchObject({
    status: 200,
    body: { stored: 2, duplicates: 0, rejected: 0 },
  });
  expect(stored()).toEqual(['a', 'b']);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'home.db')).mode & 0o777).toBe(0o600);
});

test('what came before is dropped by source and id, and still answered 2xx', async () => {
  const { url, stored } = await home();
  await send(url, [event('a')]);
  const again = await send(url, [event('a'), event('a'), event('a', { source: 'urn:other' })]);
  expect(again).toMatchObject({ status: 200, body: { stored: 1, duplicates: 2 } });
  expect(stored()).toEqual(['a', 'a']);
});

test('reports are listed by their time, then by arrival, while home runs and after', async () => {
  const { url, stored, close, dataDir } = await home();
  await send(url, [
    event('late', { time: '2026-11-23T14:00:02Z' }),
    event('early', { time: '2026-11-23T15:00:01+01:00' }),
    event('tie', { time: '2026-11-23T14:00:02.000Z' }),
  ]);
  expect(stored()).toEqual(['early', 'late', 'tie']);
  await close();
  expect([...listReports(dataDir)][0]).toMatchObject({
    source: 'urn:sidelight:agent:a',
    timeMs: Date.UTC(2026, 10, 23, 14, 0, 1),
    sender: 'anonymous',
    report: '{"schema":"sidelight.report/1","id":"early"}',
  });
});

test('a single event is taken too, at /events as well', async () => {
  const { url, stored } = await home();
  const headers = { 'content-type': `${eventType}; charset=utf-8` };
  expect(await send(url, event('a'), { headers, path: '/events' })).toMatchObject({ status: 200 });
  const bad = await send(url, event('b', { specversion: '0.3' }), { headers });
  expect(bad).toMatchObject({ status: 400, body: { reason: 'specversion' } });
  expect(stored()).toEqual(['a']);
});

const malformed: readonly (readonly [reason: string, value: unknown])[] = [
  ['not-an-object', 7],
  ['not-an-object', null],
  ['not-an-object', [event('x')]],
  ['specversion', event('x', { specversion: 1 })],
  ['id', event('x', { id: '' })],
  ['id', event('x', { id: 'a\u001b[31m' })],
  ['id', event('x', { id: 'i'.repeat(257) })],
  ['source', event('x', { source: undefined })],
  ['type', event('x', { type: 'com.example.other' })],
  ['time', event('x', { time: 'yesterday' })],
  ['time', event('x', { time: 12 })],
  ['data', event('x', { data: 'text' })],
  ['data', event('x', { data: { schema: 'other/1' } })],
  ['too-large', event('x', { data: { schema: 'sidelight.report/1', x: 'x'.repeat(262_144) } })],
];

test.for(malformed)(
  'an event refused for its %s is set aside, and the good ones are stored',
  async ([reason, bad]) => {
    const { url, stored, dataDir } = await home();
    const answer = await send(url, [event('a'), bad, event('b')]);
    expect(answer).toMatchObject({
      status: 200,
      body: { stored: 2, rejected: 1, rejections: [{ index: 1, reason }] },
    });
    expect(stored()).toEqual(['a', 'b']);
    const db = new DatabaseSync(join(dataDir, 'home.db'), { readOnly: true });
    onTestFinished(() => db.close());
    const [kept] = db.prepare('SELECT reason, length(excerpt) AS length FROM rejected').all();
    expect(kept?.['reason']).toBe(reason);
    expect(Number(kept?.['length'])).toBeLessThanOrEqual(4_096);
  },
);

/** What stands in the table of what could not be taken. */
function setAside(dataDir: string): readonly Record<string, unknown>[] {
  const db = new DatabaseSync(join(dataDir, 'home.db'), { readOnly: true });
  onTestFinished(() => db.close());
  return db.prepare('SELECT sender, reason, excerpt FROM rejected ORDER BY arrival').all();
}

test.for([
  ['no JSON', Buffer.from('{bad json}')],
  ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
] as const)(
  'an element that is %s is set aside, and the good ones are stored once',
  async ([, bad]) => {
    const { url, stored, dataDir, intake } = await home();
    const good = ['a', 'b'].map((id) => JSON.stringify(event(id)));
    const body = Buffer.concat([Buffer.from(`[${good[0]},`), bad, Buffer.from(`,${good[1]}]`)]);
    const body200 = { stored: 2, rejected: 1, rejections: [{ index: 1, reason: 'not-json' }] };
    expect(await send(url, body)).toMatchObject({ status: 200, body: body200 });
    expect(await send(url, body)).toMatchObject({
      status: 200,
      body: { stored: 0, duplicates: 2 },
    });
    expect(stored()).toEqual(['a', 'b']);
    expect(setAside(dataDir).map(({ reason }) => reason)).toEqual(['not-json', 'not-json']);
    expect(intake.counts.rejected.get('not-json')).toBe(2);
  },
);

test("what could not be taken of one sender drives out nothing of another's", async () => {
  const tokens = join(temporaryDirectory(), 'senders');
  writeFileSync(tokens, 'paris one\nrome two\n');
  const { url, dataDir } = await home({ tokens });
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  await send(url, 'hello', as('one'));
  await send(url, [...Array(1_500).keys()], as('two'));
  const kept = Map.groupBy(setAside(dataDir), ({ sender }) => sender);
  expect(kept.get('paris')).toMatchObject([{ reason: 'not-an-array', excerpt: 'hello' }]);
  expect(kept.get('rome')?.map(({ excerpt }) => Number(excerpt))).toEqual(
    Array.from({ length: 100 }, (_, index) => 1_400 + index),
  );
});

test('an event nested a hundred thousand deep is set aside', async () => {
  const { url, stored } = await home();
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const body = `[${JSON.stringify(event('a'))},{"specversion":"1.0","data":${deep}}]`;
  expect(await send(url, body)).toMatchObject({ status: 200, body: { stored: 1, rejected: 1 } });
  expect(stored()).toEqual(['a']);
});

test('characters that a terminal would act upon are stored as escapes with the same meaning', async () => {
  const { url, dataDir } = await home();
  const data = {
    schema: 'sidelight.report/1',
    evil: '\u001b]0;x\u0007\u009b31m\u202e\u2028\u{e0041}ü',
  };
  await send(url, [event('a', { data })]);
  const [report] = listReports(dataDir);
  expect(report?.report).toMatch(/^[\x20-\x7eü]+$/);
  expect(JSON.parse(report?.report ?? '')).toEqual(data);
});

test.for<{ said: string; status: number; reason?: string; body?: unknown; sent?: Sent }>([
  { said: 'no JSON', status: 400, reason: 'not-json', body: '[{"a":1},' },
  { said: 'a word', status: 400, reason: 'not-an-array', body: 'hello' },
  {
    said: 'no UTF-8',
    status: 400,
    reason: 'not-an-array',
    body: Buffer.from([0x22, 0xff, 0x22]),
  },
  { said: 'no array', status: 400, reason: 'not-an-array', body: {} },
  {
    said: 'a single event that is no JSON',
    status: 400,
    reason: 'not-json',
    body: '{"a"',
    sent: { headers: { 'content-type': eventType } },
  },
  {
    said: 'more events than a batch may have',
    status: 413,
    reason: 'too-many',
    body: `[${'0,'.repeat(10_000)}0]`,
  },
  {
    said: 'another content type',
    status: 415,
    sent: { headers: { 'content-type': 'application/json' } },
  },
  { said: 'an unknown path', status: 404, sent: { path: '/../etc/passwd' } },
  { said: 'GET', status: 404, body: '', sent: { method: 'GET' } },
  {
    said: 'DELETE of /healthz',
    status: 404,
    body: '',
    sent: { method: 'DELETE', path: '/healthz' },
  },
])(
  '$said is answered $status with a problem, and nothing is stored',
  async ({ status, reason, body = [], sent = {} }) => {
    const { url, stored, dataDir } = await home();
    const answer = await send(url, body, sent);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status, title: expect.any(String) });
    expect(stored()).toEqual([]);
    expect(setAside(dataDir).map((each) => each['reason'])).toEqual(reason ? [reason] : []);
  },
);

test.for(['content-length', 'chunked'])(
  'a body above 4 MiB (%s) is answered 413',
  async (framing) => {
    const { url, dataDir } = await home();
    const headers: Record<string, string> =
      framing === 'chunked' ? { 'transfer-encoding': 'chunked' } : {};
    const answer = await send(url, Buffer.alloc(5 * 1024 * 1024, 0x20), { headers });
    expect(answer.status).toBe(413);
    expect(setAside(dataDir)).toMatchObject([{ reason: 'body-too-large', excerpt: null }]);
  },
);

test('/healthz answers', async () => {
  const { url } = await home();
  expect(await send(url, '', { method: 'GET', path: '/healthz' })).toMatchObject({
    status: 200,
    body: { status: 'ok' },
  });
});

test('with a token file only its tokens are let in, and a change counts at once', async () => {
  const tokens = join(temporaryDirectory(), 'tokens');
  writeFileSync(tokens, '# ours\nplain-token\n\nparis  paris-token\n');
  const { url, dataDir } = await home({ tokens });
  const as = (authorization?: string) =>
    send(
      url,
      [event(authorization ?? 'none')],
      authorization ? { headers: { authorization } } : {},
    );
  expect((await as('Bearer paris-token')).status).toBe(200);
  expect((await as('bearer plain-token')).status).toBe(200);
  for (const wrong of [
    undefined,
    'Bearer paris',
    'Bearer ',
    'Basic paris-token',
    'Bearer paris-token x',
  ]) {
    const answer = await as(wrong);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  }
  expect([...listReports(dataDir)].map(({ sender }) => sender)).toEqual(['paris', 'token-1']);
  writeFileSync(`${tokens}.new`, 'paris new-token\n');
  renameSync(`${tokens}.new`, tokens);
  expect((await as('Bearer paris-token')).status).toBe(401);
  expect((await as('Bearer new-token')).status).toBe(200);
  rmSync(tokens);
  const gone = await as('Bearer new-token');
  expect(gone.status).toBe(503);
  expect(gone.headers['retry-after']).toBe('30');
});

const pki = makePki(directoryOfThisFile());
const ca = pki.ca('CA');
const server = pki.server({ ca });

test('over TLS a client certificate of the client CA is as good as a token', async () => {
  const tokens = join(temporaryDirectory(), 'tokens');
  writeFileSync(tokens, 'a-token\ncertificate:any\n');
  const client = pki.leaf({ cn: 'agent', ca });
  const stranger = pki.leaf({ cn: 'stranger' });
  const { cert, key } = server;
  const { url, dataDir } = await home({ cert, key, tokens, clientCa: ca.cert });
  expect(url).toMatch(/^https:/);
  const tls = { ca: ca.cert };
  const headers = { authorization: 'Bearer a-token' };
  const withCertificate = { ...tls, cert: client.cert, key: client.key };
  expect((await send(url, [event('a')], { tls: withCertificate })).status).toBe(200);
  expect((await send(url, [event('b')], { tls, headers })).status).toBe(200);
  const asStranger = { ...tls, cert: stranger.cert, key: stranger.key };
  expect((await send(url, [event('c')], { tls: asStranger })).status).toBe(401);
  expect((await send(url, [event('d')], { tls })).status).toBe(401);
  expect([...listReports(dataDir)].map(({ sender }) => sender)).toEqual([
    `certificate:${client.sha256}`,
    'token-1',
  ]);
});

test.for<{ said: string; where: string; options: Partial<HomeOptions> }>([
  {
    said: 'no certificate off loopback',
    where: '--listen',
    options: { listen: { host: '0.0.0.0', port: 0 } },
  },
  {
    said: 'an address that is not ours',
    where: '--listen',
    options: { listen: { host: '192.0.2.1', port: 0 }, cert: server.cert, key: server.key },
  },
  { said: 'a certificate that is none', where: '--cert', options: { cert: 'x', key: 'y' } },
  {
    said: 'a key of another certificate',
    where: '--cert',
    options: { cert: server.cert, key: ca.key },
  },
  { said: 'no token file', where: '--token-file', options: { tokens: '/nonexistent' } },
  { said: 'an empty token file', where: '--token-file', options: { tokens: '/dev/null' } },
  {
    said: 'a data directory below a file',
    where: '--data',
    options: { dataDir: '/dev/null/data' },
  },
])('$said cannot run', async ({ where, options }) => {
  const error: unknown = await home(options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CannotRun);
  expect((error as CannotRun).problems.map((problem) => problem.where)).toEqual([where]);
});

test('no database to list cannot run', () => {
  expect(() => [...listReports(temporaryDirectory())]).toThrow(CannotRun);
});

test('close does not wait for a sender that never finishes', async () => {
  const { port, close } = await home();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(
    'POST / HTTP/1.1\r\nhost: h\r\ncontent-type: application/cloudevents-batch+json\r\ncontent-length: 100\r\n\r\n[',
  );
  await clock.sleep(50);
  const begun = performance.now();
  await close();
  expect(performance.now() - begun).toBeLessThan(2_000);
});
