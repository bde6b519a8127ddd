import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { temporaryDirectory } from '../../state/temporary.ts';
import { makePki } from '../../support/openssl.ts';
import { temporaryDirectory as directoryOfThisFile } from '../../support/temporary-directory.ts';
import { connectAgent, event, refusedWith, serveSockets, socketTo, someHome } from './connect.ts';

const patience = { timeout: 10_000 };

test('what is acknowledged is stored, duplicates too, and what is refused is named with its reason', async () => {
  const home = await someHome();
  const agent = await connectAgent(home);
  agent.say({ type: 'reports', batch: 1, events: [event('a'), event('b')] });
  await vi.waitFor(() => expect(agent.heard).toHaveLength(1), patience);
  expect(agent.heard[0]).toEqual({ type: 'stored', batch: 1, ids: ['a', 'b'] });
  expect(home.stored()).toEqual(['a', 'b']);
  const events = [event('b'), event('c'), event('d', { specversion: '9' }), 7, event('e')];
  agent.say({ type: 'reports', batch: 2, events });
  await vi.waitFor(() => expect(agent.heard).toHaveLength(4), patience);
  expect(agent.heard[1]).toEqual({ type: 'stored', batch: 2, ids: ['c', 'e', 'b'] });
  const refused = agent.heard.slice(2);
  expect(refused).toContainEqual({ type: 'refused', batch: 2, ids: ['d'], reason: 'specversion' });
  expect(refused).toContainEqual({
    ...{ type: 'refused', batch: 2, ids: [], indexes: [3], reason: 'not-an-object' },
  });
  expect(home.stored().toSorted()).toEqual(['a', 'b', 'c', 'e']);
});

test('a large batch is answered in messages that each stay small', async () => {
  const home = await someHome();
  const agent = await connectAgent(home);
  const ids = Array.from({ length: 120 }, (_, i) => `id-${i}`);
  agent.say({ type: 'reports', batch: 1, events: ids.map((id) => event(id)) });
  await vi.waitFor(() => expect(agent.heard).toHaveLength(3), patience);
  expect(agent.heard.flatMap((message) => message['ids'])).toEqual(ids);
});

test('HTTP goes on beside it on the same port, whatever else it asks to be upgraded to', async () => {
  const home = await someHome();
  await connectAgent(home);
  const answer = await fetch(home.url, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify([event('by-post')]),
  });
  expect(answer.status).toBe(200);
  const socket = connect(home.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(
    'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AA\r\n\r\n',
  );
  const text = await new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
});

test('an upgrade of a stranger, elsewhere, or to something else is refused as a request would be', async () => {
  const tokens = join(temporaryDirectory(), 'tokens');
  writeFileSync(tokens, 'alpha secret-a\n');
  const home = await someHome({ tokens });
  expect(await refusedWith(home, { token: 'guess' })).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer', 'content-type': 'application/problem+json' },
  });
  expect((await refusedWith(home)).status).toBe(401);
  expect((await refusedWith(home, { path: '/other', token: 'secret-a' })).status).toBe(404);
  const subprotocols = ['chat'];
  expect((await refusedWith(home, { subprotocols, token: 'secret-a' })).status).toBe(400);
  rmSync(tokens);
  expect(await refusedWith(home, { token: 'secret-a' })).toMatchObject({
    status: 503,
    headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
  });
});

test('a token that is withdrawn closes the connections that it opened, and no other', async () => {
  const tokens = join(temporaryDirectory(), 'tokens');
  writeFileSync(tokens, 'alpha secret-a\nbeta secret-b\n');
  const home = await someHome({ tokens });
  const [alpha, beta] = await Promise.all([
    connectAgent(home, { token: 'secret-a' }),
    connectAgent(home, { token: 'secret-b' }),
  ]);
  alpha.say({ type: 'hello', source: 'urn:x' });
  writeFileSync(`${tokens}.new`, 'beta secret-b\n');
  renameSync(`${tokens}.new`, tokens);
  beta.say({ type: 'reports', batch: 1, events: [event('of-beta')] });
  alpha.say({ type: 'reports', batch: 1, events: [event('of-alpha')] });
  expect(await alpha.closed).toBe(4401);
  await vi.waitFor(() => expect(beta.heard).toHaveLength(1), patience);
  expect(home.stored()).toEqual(['of-beta']);
});

test('a token that is withdrawn closes a connection on which nothing is said', async () => {
  const tokens = join(temporaryDirectory(), 'tokens');
  writeFileSync(tokens, 'alpha secret-a\nbeta secret-b\n');
  const home = await someHome({ tokens });
  const alpha = await connectAgent(home, { token: 'secret-a' });
  writeFileSync(tokens, 'beta secret-b\n');
  expect(await alpha.closed).toBe(4401);
}, 20_000);

test('a client certificate opens a WebSocket as well as a token does', async () => {
  const pki = makePki(directoryOfThisFile());
  const ca = pki.ca('Delegates');
  const server = pki.server({ ca });
  const client = pki.leaf({ cn: 'delegate', ca });
  const home = await someHome({ cert: server.cert, key: server.key, clientCa: ca.cert });
  expect((await refusedWith(home, { options: { ca: ca.cert } })).status).toBe(401);
  const options = { ca: ca.cert, cert: client.cert, key: client.key };
  const agent = await connectAgent(home, { options });
  agent.say({ type: 'reports', batch: 1, events: [event('a')] });
  await vi.waitFor(() => expect(agent.heard).toHaveLength(1), patience);
  expect([...home.sockets.agents()][0]?.sender.name).toBe(`certificate:${client.sha256}`);
});

test('probe-now reaches whoever is named, by token, delegate or source, or everybody', async () => {
  const home = await someHome({ socketLimits: { spreadMs: 300 } });
  const [a, b] = await Promise.all([connectAgent(home), connectAgent(home)]);
  a.say({ type: 'hello', source: 'urn:sidelight:agent:a', delegate: 'north' });
  b.say({ type: 'hello', source: 'urn:sidelight:agent:b' });
  const sources = () => [...home.sockets.agents()].map(({ source }) => source);
  await vi.waitFor(() => expect(sources()).not.toContain(undefined), patience);
  expect(home.sockets.probeNow({ name: 'nobody' })).toBe(0);
  expect(home.sockets.probeNow({ name: 'north' })).toBe(1);
  await vi.waitFor(() => expect(a.heard).toEqual([{ type: 'probe-now' }]), patience);
  expect(home.sockets.probeNow({ name: 'urn:sidelight:agent:b' })).toBe(1);
  await vi.waitFor(() => expect(b.heard).toEqual([{ type: 'probe-now' }]), patience);
  expect(a.heard).toHaveLength(1);
  expect(home.sockets.probeNow({ all: true })).toBe(2);
  await vi.waitFor(() => expect([a.heard.length, b.heard.length]).toEqual([2, 2]), patience);
});

test.for([
  { what: 'no JSON', message: '{"type":', code: 1007 },
  { what: 'no object', message: '[]', code: 1007 },
  { what: 'no type', message: '{}', code: 1007 },
  { what: 'reports without events', message: '{"type":"reports","batch":1}', code: 1008 },
  {
    what: 'a batch that is no number',
    message: '{"type":"reports","batch":"1","events":[]}',
    code: 1008,
  },
  { what: 'hello of nobody', message: '{"type":"hello","source":"a\\u0007b"}', code: 1008 },
  {
    what: 'more events than a message may have',
    message: JSON.stringify({ type: 'reports', batch: 1, events: Array(1001).fill(1) }),
    code: 1008,
  },
  { what: 'more octets than a message may have', message: ' '.repeat(3 << 20), code: 1009 },
])('$what is answered by closing with $code, and set aside', async ({ message, code }) => {
  const home = await someHome();
  const agent = await connectAgent(home);
  agent.say(message);
  expect(await agent.closed).toBe(code);
  const reasons = [...home.intake.counts.rejected.keys()];
  // What is too long is never held in whole.
  expect(reasons).toEqual(
    code === 1009 ? [] : [expect.stringMatching(/^(?:not-a-message|too-many)$/)],
  );
});

test('data that is not text is answered by closing with 1003', async () => {
  const agent = await connectAgent(await someHome());
  agent.socket.send(Buffer.from('{}'), { binary: true });
  expect(await agent.closed).toBe(1003);
});

test('messages of a later version are ignored and counted', async () => {
  const home = await someHome();
  const agent = await connectAgent(home);
  agent.say({ type: 'farewell' });
  agent.say({ type: 'reports', batch: 1, events: [event('a')] });
  await vi.waitFor(() => expect(agent.heard).toHaveLength(1), patience);
  expect(home.sockets.unknownMessages).toBe(1);
});

test('compression is not agreed to, and a compressed frame ends the connection', async () => {
  const home = await someHome();
  const agent = await connectAgent(home, { options: { perMessageDeflate: true } });
  expect(agent.socket.extensions).toBe('');
  const raw = (agent.socket as unknown as { _socket: { write(octets: Buffer): void } })._socket;
  // FIN, RSV1, text; masked; one octet.
  raw.write(Buffer.from([0xc1, 0x81, 0, 0, 0, 0, 0x41]));
  expect(await agent.closed).toBe(1002);
});

test('a sender that is told to wait and does not is closed', async () => {
  const { intake, ...home } = await someHome();
  const busy = { kind: 'busy', because: 'rate', retryAfterMs: 60_000 } as const;
  const url = await serveSockets({ ...home, intake: { ...intake, take: async () => busy } });
  const agent = await connectAgent({ url });
  for (let batch = 0; batch < 30; batch += 1) agent.say({ type: 'reports', batch, events: [] });
  expect(await agent.closed).toBe(1008);
  expect(agent.heard).toHaveLength(21);
  expect(agent.heard[0]).toEqual({ type: 'busy', retryAfterMs: 60_000 });
});

test('a message that home cannot bear now is not even read', async () => {
  const { intake, ...home } = await someHome();
  const busy = { kind: 'busy', because: 'queue', retryAfterMs: 5_000 } as const;
  const url = await serveSockets({ ...home, intake: { ...intake, admit: () => busy } });
  const agent = await connectAgent({ url });
  agent.say(`no JSON at all ${' '.repeat(2_000)}`);
  await vi.waitFor(() => expect(agent.heard).toEqual([{ type: 'busy', retryAfterMs: 5_000 }]));
});

test('a message that is never finished ends with its connection', async () => {
  const home = await someHome({ socketLimits: { messageMs: 200 } });
  const socket = socketTo(home);
  await new Promise((resolve) => socket.once('open', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const timer = setInterval(() => socket.send('a', { fin: false }), 20);
  onTestFinished(() => clearInterval(timer));
  await closed;
  await vi.waitFor(() => expect(home.sockets.size).toBe(0), patience);
});

test('the last places are for those who hold few', async () => {
  const tokens = join(temporaryDirectory(), 'tokens');
  writeFileSync(tokens, 'greedy secret-a\nmodest secret-b\n');
  const socketLimits = { connections: 6, reserved: 3, few: 2 };
  const home = await someHome({ tokens, socketLimits });
  for (let i = 0; i < 3; i += 1) await connectAgent(home, { token: 'secret-a' });
  expect(await refusedWith(home, { token: 'secret-a' })).toMatchObject({
    status: 503,
    headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
  });
  await connectAgent(home, { token: 'secret-b' });
  await connectAgent(home, { token: 'secret-b' });
  expect((await refusedWith(home, { token: 'secret-b' })).status).toBe(503);
  expect(home.sockets.size).toBe(5);
});

test('an agent that is gone without a word is noticed by the ping it does not answer', async () => {
  const watch = { quietMs: 50, answerMs: 50, maxOctets: 1e9, periodMs: 1_000 };
  const home = await someHome({ socketLimits: { watch } });
  const [gone, alive] = [await connectAgent(home), await connectAgent(home)];
  gone.socket.pause();
  await vi.waitFor(() => expect(home.sockets.size).toBe(1), patience);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(alive.socket.readyState).toBe(WebSocket.OPEN);
});

test('a home that ends says so to those who are connected', async () => {
  const home = await someHome();
  const agent = await connectAgent(home);
  await home.close();
  expect([1001, 1006]).toContain(await agent.closed);
});
