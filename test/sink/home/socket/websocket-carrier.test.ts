import { expect, test, vi } from 'vitest';
import { CannotRun } from '../../../../src/base/cannot-run.ts';
import { agentId } from '../send.ts';
import { quick, sendingBySocket } from './send.ts';
import { type Batch, storeAll, stubSocketHome } from './stub-socket-home.ts';

const patience = { timeout: 10_000 };
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `r${i}`);

test('reports leave the spool when home has acknowledged each by its id', async () => {
  const home = await stubSocketHome();
  const { sender, spool, add, troubles } = sendingBySocket({ url: home.url }, { delegate: 'd-1' });
  add(...names(250));
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.batches.map(({ ids }) => ids.length)).toEqual([100, 100, 50]);
  expect(home.batches.flatMap(({ ids }) => ids)).toEqual(names(250));
  expect(home.batches.map(({ batch }) => batch)).toEqual([1, 2, 3]);
  expect(home.upgrades).toHaveLength(1);
  expect(home.upgrades[0]?.url).toBe('/in?tenant=1');
  expect(home.upgrades[0]?.headers['sec-websocket-extensions']).toBeUndefined();
  expect(home.hellos).toEqual([
    { type: 'hello', source: `urn:sidelight:agent:${agentId}`, delegate: 'd-1' },
  ]);
  expect(troubles).toEqual([]);
});

const reordered = ({ ids, say }: Batch): void => {
  for (const id of [...ids].reverse()) say({ type: 'stored', batch: 99, ids: [id, id] });
  say({ type: 'stored', ids: [...ids, 'of-nobody'] });
};

test('acknowledgements may come in any order, one by one, twice, and for nobody', async () => {
  const home = await stubSocketHome();
  home.behave(reordered);
  const { sender, spool, add, ignored } = sendingBySocket({ url: home.url });
  add('a', 'b', 'c');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.batches).toHaveLength(1);
  await vi.waitFor(() => expect(ignored()).toBe(3 + 4), patience);
});

test('what was acknowledged before the connection broke is not sent again', async () => {
  const home = await stubSocketHome();
  home.behave(({ ids, say, socket, number }) => {
    if (number > 1) return say({ type: 'stored', ids });
    say({ type: 'stored', ids: ids.slice(0, 2) });
    setTimeout(() => socket.terminate(), 50);
  });
  const { sender, spool, add } = sendingBySocket({ url: home.url });
  add('a', 'b', 'c');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.batches.map(({ ids }) => ids)).toEqual([['a', 'b', 'c'], ['c']]);
});

test('without an acknowledgement nothing leaves the spool, and the same batch comes by another connection', async () => {
  const home = await stubSocketHome();
  home.behave((batch) => (batch.number < 3 ? undefined : storeAll(batch)));
  const { sender, spool, add, troubles } = sendingBySocket(
    { url: home.url },
    {},
    { timeoutMs: 150 },
  );
  add('a', 'b');
  sender.start();
  await vi.waitFor(() => expect(home.batches).toHaveLength(2), patience);
  expect(spool.stats().waiting).toBe(2);
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.batches.map(({ ids }) => ids)).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(home.upgrades.length).toBeGreaterThanOrEqual(3);
  expect(troubles).toEqual([{ code: 'timeout' }, { code: 'none' }]);
});

test('what home refuses is set aside with its reason, and the rest is delivered', async () => {
  const home = await stubSocketHome();
  home.behave(({ say }) => {
    say({ type: 'refused', ids: ['b'], reason: 'too-large' });
    say({ type: 'refused', ids: [], indexes: [2, 77], reason: 'NOT a\u001b code' });
    say({ type: 'stored', ids: ['a'] });
  });
  const { sender, spool, add } = sendingBySocket({ url: home.url });
  add('a', 'b', 'c');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(spool.stats().lost.rejected).toBe(2);
});

test('a busy home is left alone for as long as it says', async () => {
  const home = await stubSocketHome();
  home.behave((batch) =>
    batch.number === 1 ? batch.say({ type: 'busy', retryAfterMs: 300 }) : storeAll(batch),
  );
  const { sender, spool, add, troubles } = sendingBySocket({ url: home.url });
  add('a');
  const began = performance.now();
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(performance.now() - began).toBeGreaterThan(295);
  expect(troubles).toEqual([{ code: 'overloaded' }, { code: 'none' }]);
  expect(home.upgrades).toHaveLength(1);
});

test.for([
  { code: 1007, waiting: 0, rejected: 1, trouble: 'reports-refused' },
  { code: 1009, waiting: 0, rejected: 1, trouble: 'reports-refused' },
  { code: 4401, waiting: 1, rejected: 0, trouble: 'unauthorized' },
  { code: 1013, waiting: 1, rejected: 0, trouble: 'overloaded' },
  { code: 1008, waiting: 1, rejected: 0, trouble: 'unreachable' },
  { code: 1011, waiting: 1, rejected: 0, trouble: 'unreachable' },
])('a batch that is answered by close code $code: $trouble', async (expected) => {
  const home = await stubSocketHome();
  home.behave(({ socket }) => socket.close(expected.code));
  const { sender, spool, add, troubles } = sendingBySocket({ url: home.url });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(troubles[0]?.code).toBe(expected.trouble), patience);
  await vi.waitFor(() => {
    const { waiting, lost } = spool.stats();
    expect({ waiting, rejected: lost.rejected }).toEqual({
      waiting: expected.waiting,
      rejected: expected.rejected,
    });
  }, patience);
});

test.for([
  { status: 401, trouble: 'unauthorized' },
  { status: 403, trouble: 'unauthorized' },
  { status: 429, trouble: 'overloaded' },
  { status: 503, trouble: 'overloaded' },
  { status: 410, trouble: 'gone' },
])('an upgrade that is refused with $status means what it means over HTTPS', async (each) => {
  const home = await stubSocketHome();
  home.refuse((_, stream) => {
    stream.end(`HTTP/1.1 ${each.status} No\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n`);
    return true;
  });
  const { sender, spool, add, troubles, ways } = sendingBySocket({ url: home.url });
  add('a');
  sender.start();
  await vi.waitFor(
    () => expect(troubles).toEqual([{ code: each.trouble, status: each.status }]),
    patience,
  );
  expect(spool.stats().waiting).toBe(1);
  expect(home.posted).toEqual([]);
  expect(ways).toEqual([]);
});

test.for([200, 302, 400, 404, 405, 426, 501])(
  'an upgrade that is answered with %i sends reports by HTTPS for a while, then by WebSocket again',
  async (status) => {
    const home = await stubSocketHome();
    home.refuse((_, stream, number) => {
      if (number > 1) return false;
      stream.end(`HTTP/1.1 ${status} No\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n`);
      return true;
    });
    const { sender, spool, add, ways, troubles } = sendingBySocket({ url: home.url });
    add('a');
    sender.start();
    await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
    expect(home.posted).toEqual(['a']);
    expect(ways[0]).toBe('https');
    await vi.waitFor(() => expect(ways).toEqual(['https', 'websocket']), patience);
    add('b');
    await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
    expect(home.batches.map(({ ids }) => ids)).toEqual([['b']]);
    expect(home.upgrades).toHaveLength(2);
    expect(troubles).toEqual([]);
  },
);

const between: Readonly<Record<string, () => string>> = {
  'closes without a word': () => '',
  'answers with 502': () => 'HTTP/1.1 502 No\r\n\r\n',
  'answers with nonsense': () => 'nonsense\r\n\r\n',
  'makes up an upgrade': () =>
    'HTTP/1.1 101 Yes\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: x\r\n\r\n',
};

test.for(Object.entries(between))('somebody between who %s twice: HTTPS', async ([, answer]) => {
  const home = await stubSocketHome();
  home.refuse((_, stream) => {
    stream.end(answer());
    return true;
  });
  const { sender, spool, add, ways } = sendingBySocket({ url: home.url });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect(home.posted).toEqual(['a']);
  expect(ways[0]).toBe('https');
});

test('the connection is held and opened again while there is nothing to send, and home can ask for a look', async () => {
  const home = await stubSocketHome();
  const { probes } = sendingBySocket({ url: home.url });
  await vi.waitFor(() => expect(home.sockets.size).toBe(1), patience);
  for (const socket of home.sockets) socket.terminate();
  await vi.waitFor(() => expect(home.upgrades).toHaveLength(2), patience);
  await vi.waitFor(() => expect(home.sockets.size).toBe(1), patience);
  const [socket] = home.sockets;
  socket?.send('{"type":"probe-now","url":"https://elsewhere/","delegate":"x"}');
  await vi.waitFor(() => expect(probes()).toBe(1), patience);
});

test('a peer that is gone without a word is noticed by the ping it does not answer', async () => {
  const home = await stubSocketHome();
  const watch = { ...quick.watch, quietMs: 50, answerMs: 50 };
  sendingBySocket({ url: home.url }, { timing: { ...quick, watch } });
  await vi.waitFor(() => expect(home.sockets.size).toBe(1), patience);
  const [first] = home.sockets;
  // A live one answers pings for as long as it is asked.
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(home.upgrades).toHaveLength(1);
  first?.pause();
  await vi.waitFor(() => expect(home.upgrades.length).toBeGreaterThan(1), patience);
});

test('a home in plain text beyond this machine is refused before anything is sent', () => {
  const url = new URL('ws://192.0.2.1/');
  expect(() => sendingBySocket({ url })).toThrow(CannotRun);
});
