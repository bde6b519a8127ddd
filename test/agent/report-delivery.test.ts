/** Several receivers of one agent, over real HTTP: what befalls one is no matter to another. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { receiversOf } from '../../src/agent/receivers.ts';
import { startDelivery } from '../../src/agent/report-delivery.ts';
import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { NamedHome } from '../../src/config/config.ts';
import { openState } from '../../src/state/open-state.ts';
import { type StubHome, stubHome } from '../sink/home/stub-home.ts';
import { someReport, temporaryDirectory } from '../state/temporary.ts';

const patience = { timeout: 10_000 };

/** Seconds pass as milliseconds. */
const fast: Clock = {
  ...systemClock,
  sleep: (delayMs, signal) => systemClock.sleep(Math.ceil(delayMs / 1000), signal),
};

function deliver(homes: readonly NamedHome[], clock: Clock = fast) {
  const said: (readonly [string, unknown])[] = [];
  const log = {
    info: (message: string, facts: unknown) => void said.push([message, facts]),
    warn: (message: string, facts: unknown) => void said.push([message, facts]),
  };
  const state = openState({ directory: temporaryDirectory(), exclusive: true, clock });
  const ports = { clock, random: systemRandom, log, agentId: 'a' };
  const delivery = startDelivery(receiversOf({ homes }, ports), state, ports);
  onTestFinished(async () => {
    await delivery.stop(0);
    state.close();
  });
  const add = (...ids: readonly string[]): void => {
    for (const id of ids) delivery.add(someReport({ id }));
  };
  const waiting = (): readonly number[] => delivery.stats().homes.map((home) => home.waiting);
  return { delivery, add, waiting, said, state };
}

const named = (name: string, url: URL, more: Partial<NamedHome> = {}): NamedHome => ({
  name,
  url,
  ...more,
});
const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `r${i}`);
const taken = (home: StubHome) => home.received.flatMap(({ ids }) => ids);

test('a home that is down holds up no other, and a report leaves when all have it', async () => {
  const up = await stubHome();
  const down = await stubHome(() => 503);
  const { add, waiting, state, delivery } = deliver([named('up', up.url), named('down', down.url)]);
  add('a', 'b');
  await vi.waitFor(() => expect(waiting()).toEqual([0, 2]), patience);
  expect(delivery.stats().waiting).toBe(2);
  expect(delivery.stats().homes[0]?.lastSuccessTime).toMatch(/^2/);
  expect(delivery.stats().homes[1]?.lastSuccessTime).toBeUndefined();
  down.behave(() => 200);
  await vi.waitFor(() => expect(waiting()).toEqual([0, 0]), patience);
  expect(state.db.prepare('SELECT count(*) AS n FROM report').get()).toEqual({ n: 0 });
  expect([...new Set(taken(down))]).toEqual(['a', 'b']);
  expect(taken(up)).toEqual(['a', 'b']);
});

test('410 stops that receiver alone, and it is named', async () => {
  const up = await stubHome();
  const gone = await stubHome(() => 410);
  const { add, waiting, said, delivery } = deliver([named('up', up.url), named('gone', gone.url)]);
  add('a');
  await vi.waitFor(() => expect(said).toHaveLength(1), patience);
  expect(said).toEqual([
    ['home does not take reports', { receiver: 'gone', code: 'gone', status: 410 }],
  ]);
  add('b');
  await vi.waitFor(() => expect(waiting()).toEqual([0, 1]), patience);
  expect(taken(up)).toEqual(['a', 'b']);
  expect(gone.received).toHaveLength(1);
  // What it is not even offered is lost to it, and that is told; what waited is there when it comes back.
  add('c');
  expect(delivery.stats().homes.map(({ lost }) => lost.rejected)).toEqual([0, 2]);
  expect(delivery.newlyLost()).toBe(2);
});

test.for([400, 422])(
  '%i for some of two hundred reports sets aside exactly those',
  async (status) => {
    const poisoned = new Set(['r0', 'r57', 'r58', 'r199']);
    const home = await stubHome(({ ids }) => (ids.some((id) => poisoned.has(id)) ? status : 200));
    const { add, waiting, delivery, state } = deliver([named('home', home.url)]);
    add(...names(200));
    await vi.waitFor(() => expect(waiting()).toEqual([0]), patience);
    const delivered = home.received
      .filter(({ ids }) => !ids.some((id) => poisoned.has(id)))
      .flatMap(({ ids }) => ids);
    expect(delivered).toEqual(names(200).filter((id) => !poisoned.has(id)));
    expect(delivery.stats().lost.rejected).toBe(4);
    const kept = state.db.prepare('SELECT id, reason FROM rejected').all();
    expect(kept).toEqual([...poisoned].map((id) => ({ id, reason: `http-${status}` })));
  },
);

test('401 pauses until the token changes, and not until the pause is over', async () => {
  const token = join(temporaryDirectory(), 'token');
  writeFileSync(token, 'old');
  const home = await stubHome(({ headers }) =>
    headers.authorization === 'Bearer new' ? 200 : 401,
  );
  let asleep = 0;
  /** Only the question whether the credential has changed wakes it early. */
  const clock: Clock = {
    ...systemClock,
    sleep: (delayMs, signal) => {
      asleep += 1;
      return systemClock.sleep(delayMs > 5_000 ? 3_600_000 : 20, signal);
    },
  };
  const { add, waiting } = deliver([named('home', home.url, { tokenPath: token })], clock);
  add('a');
  await vi.waitFor(() => expect(asleep).toBeGreaterThan(5), patience);
  expect(home.received).toHaveLength(1);
  writeFileSync(token, 'new\n');
  await vi.waitFor(() => expect(waiting()).toEqual([0]), patience);
  expect(home.received).toHaveLength(2);
});

test('a token file that is a FIFO, or enormous, is trouble that ends with it, and holds up nothing else', async () => {
  const directory = temporaryDirectory();
  const [fifo, token] = [join(directory, 'fifo'), join(directory, 'token')];
  execFileSync('mkfifo', [fifo]);
  writeFileSync(token, 'x'.repeat(2 ** 21));
  const home = await stubHome();
  const { add, waiting, said } = deliver([
    named('fifo', home.url, { tokenPath: fifo }),
    named('huge', home.url, { tokenPath: token }),
    named('good', home.url),
  ]);
  add('a');
  await vi.waitFor(() => expect(waiting()).toEqual([1, 1, 0]), patience);
  await vi.waitFor(() => expect(said).toHaveLength(2), patience);
  const code = 'credential-unreadable';
  expect(said.map(([, facts]) => facts)).toEqual([
    { receiver: 'fifo', code, error: 'EMPTY' },
    { receiver: 'huge', code, error: 'TOO_LARGE' },
  ]);
  rmSync(fifo);
  writeFileSync(fifo, 'token');
  writeFileSync(token, 'token');
  await vi.waitFor(() => expect(waiting()).toEqual([0, 0, 0]), patience);
});

test('an answer of one octet a second is cut off by the deadline, and what was said by then counts', async () => {
  const home = await stubHome((_, response) => {
    response.writeHead(200, { 'content-length': '3600' });
    const drip = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(drip));
    return 'handled';
  });
  const deadline: Clock = {
    ...systemClock,
    after: (delayMs, callback) => systemClock.after(Math.min(delayMs, 200), callback),
  };
  const { add, waiting } = deliver([named('home', home.url)], deadline);
  add('a', 'b');
  await vi.waitFor(() => expect(waiting()).toEqual([0]), patience);
  expect(taken(home)).toEqual(['a', 'b']);
});

test('home is dialled by another address where one is given, under its own name', async () => {
  const home = await stubHome();
  const url = new URL(home.url.href.replace('127.0.0.1', '127.0.0.2'));
  const { add, waiting } = deliver([named('home', url, { address: '127.0.0.1' })]);
  add('a');
  await vi.waitFor(() => expect(waiting()).toEqual([0]), patience);
  expect(home.received[0]?.headers.host).toBe(`127.0.0.2:${home.url.port}`);
});

test('a disk that is full is told for as long as it is, and each time anew', async () => {
  const down = await stubHome(() => 503);
  const { delivery, add, said, state } = deliver([named('down', down.url)]);
  add('a');
  for (const id of ['b', 'c']) {
    const { page_count: pages } = state.db.prepare('PRAGMA page_count').get() ?? {};
    state.db.exec(`PRAGMA max_page_count = ${Number(pages)}`);
    expect(delivery.isHolding()).toBe(false);
    delivery.add(someReport({ id, padding: 200_000 }));
    expect(delivery.isHolding()).toBe(true);
    state.db.exec('PRAGMA max_page_count = 1000000');
    await vi.waitFor(() => expect(delivery.isHolding()).toBe(false), patience);
  }
  const held = said.filter(([message]) => message.startsWith('the disk does not take reports'));
  expect(held).toHaveLength(2);
  expect(delivery.stats().homes[0]).toMatchObject({ waiting: 3, lost: { size: 0 } });
});
