import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openEventStore } from '../../src/home/event-store.ts';
import { openIntake, type StoredEvent } from '../../src/home/intake.ts';
import { temporaryDirectory } from '../state/temporary.ts';
import { openHome, openSender, reportEvent } from './open-home.ts';

const paris = { name: 'paris', identity: 'paris' };
const rome = { name: 'rome', identity: 'rome' };

function open() {
  const directory = temporaryDirectory();
  const store = openEventStore(directory);
  const faults: unknown[] = [];
  const onFault = (error: unknown) => void faults.push(error);
  const intake = openIntake({ store, clock: systemClock, random: systemRandom, onFault });
  const other = new DatabaseSync(join(directory, 'home.db'), { readOnly: true });
  onTestFinished(() => {
    other.close();
    store.close();
  });
  return { intake, store, faults, other };
}

test('an answer names every id by what became of it', async () => {
  const { intake } = open();
  await intake.take([reportEvent('a')], paris);
  const events = [reportEvent('a'), reportEvent('b'), 7, { ...reportEvent('c'), type: 'x' }];
  expect(await intake.take(events, paris)).toEqual({
    kind: 'taken',
    stored: ['b'],
    duplicates: ['a'],
    rejected: [
      { index: 2, reason: 'not-an-object' },
      { index: 3, id: 'c', reason: 'type' },
    ],
  });
  expect(intake.counts).toMatchObject({ stored: 2, duplicates: 1, queuedReports: 0 });
  expect([...intake.counts.rejected]).toEqual([
    ['not-an-object', 1],
    ['type', 1],
  ]);
});

test('what arrives together is one commit, and another process sees all of it once it is acknowledged', async () => {
  const { intake, other } = open();
  const commits: number[] = [];
  intake.onStored((events) => void commits.push(events.length));
  await Promise.all(
    Array.from({ length: 150 }, (_, index) => intake.take([reportEvent(`e${index}`)], paris)),
  );
  expect(commits).toEqual([150]);
  expect(other.prepare('SELECT count(*) AS count FROM event').get()).toEqual({ count: 150 });
});

test('listeners get what was stored, parsed, in order of arrival, after it is on disk', async () => {
  const { intake, other } = open();
  const seen: StoredEvent[] = [];
  intake.onStored((events) => {
    const count = other.prepare('SELECT count(*) AS count FROM event').get()?.['count'];
    expect(count).toBe(Number(events.at(-1)?.arrival));
    seen.push(...events);
  });
  const facts = {
    agent: { host: 'h1', delegate: { name: 'd1', account: 'acc' } },
    target: { url: 'https://gateway/', host: 'gateway' },
    outcome: 'rejected',
    layer: 'tls',
    cause: { code: 'client-certificate-expired' },
    event: 'heartbeat',
  };
  await intake.take(
    [{ ...reportEvent('a', facts), sequence: '41' }, reportEvent('b', { sequence: 42 })],
    paris,
  );
  await intake.take([reportEvent('a')], paris);
  expect(seen.map(({ id, arrival }) => [id, arrival])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(seen[0]).toMatchObject({
    sender: 'paris',
    delegate: 'urn:sidelight:agent:a',
    timeMs: Date.UTC(2026, 10, 23, 14),
    document: { cause: { code: 'client-certificate-expired' } },
    facts: { sequence: 41 },
  });
  const [row] = other.prepare('SELECT * FROM event').all();
  expect(row).toMatchObject({
    ...{ delegate_name: 'd1', account: 'acc', host: 'h1', target: 'https://gateway/' },
    ...{ outcome: 'rejected', layer: 'tls', cause: 'client-certificate-expired' },
    ...{ event: 'heartbeat', sequence: 41 },
  });
});

test('a listener that throws harms neither the others nor the sender', async () => {
  const { intake, faults } = open();
  const fault = new Error('mine');
  intake.onStored(() => {
    throw fault;
  });
  let told = 0;
  const end = intake.onStored(() => {
    told += 1;
  });
  expect(await intake.take([reportEvent('a')], paris)).toMatchObject({ stored: ['a'] });
  end();
  await intake.take([reportEvent('b')], paris);
  expect(told).toBe(1);
  expect(faults).toEqual([fault, fault]);
});

test("one sender's forged source and ids neither use up nor become another's", async () => {
  const { intake } = open();
  const seen: StoredEvent[] = [];
  intake.onStored((events) => void seen.push(...events));
  const source = 'urn:sidelight:agent:paris';
  await intake.take([reportEvent('first', { source })], paris);
  const forged = await intake.take([reportEvent('next', { source, outcome: 'forged' })], rome);
  expect(forged).toMatchObject({ stored: ['next'] });
  const real = await intake.take([reportEvent('next', { source, outcome: 'accepted' })], paris);
  expect(real).toMatchObject({ stored: ['next'], duplicates: [] });
  expect(seen.map(({ delegate, facts }) => [delegate, facts.outcome])).toEqual([
    [source, undefined],
    [`rome ${source}`, 'forged'],
    [source, 'accepted'],
  ]);
});

test('whose a source is is remembered after a restart', async () => {
  const directory = temporaryDirectory();
  const take = async (sender: typeof paris, id: string) => {
    const store = openEventStore(directory);
    const intake = openIntake({
      store,
      clock: systemClock,
      random: systemRandom,
      onFault: () => {},
    });
    const delegates: string[] = [];
    intake.onStored((events) => void delegates.push(...events.map(({ delegate }) => delegate)));
    await intake.take([reportEvent(id)], sender);
    await intake.close();
    store.close();
    return delegates;
  };
  await take(paris, 'a');
  expect(await take(rome, 'b')).toEqual(['rome urn:sidelight:agent:a']);
  expect(await take(paris, 'c')).toEqual(['urn:sidelight:agent:a']);
});

test('a full disk loses nothing: everything is refused with a time to come again, and taken then', async () => {
  const { intake, store, faults } = open();
  const pages = Number(store.db.prepare('PRAGMA page_count').get()?.['page_count']);
  store.db.exec(`PRAGMA max_page_count = ${pages + 20}`);
  const large = Array.from({ length: 300 }, (_, index) =>
    reportEvent(`e${index}`, { padding: 'x'.repeat(2_000) }),
  );
  const refused = await intake.take(large, paris);
  expect(refused).toMatchObject({ kind: 'busy', because: 'storage' });
  expect((refused as { retryAfterMs: number }).retryAfterMs).toBeGreaterThanOrEqual(30_000);
  expect(faults).not.toEqual([]);
  expect(intake.counts.queuedReports).toBe(0);
  expect(intake.counts.queuedOctets).toBe(0);
  store.db.exec('PRAGMA max_page_count = 1000000');
  const taken = await intake.take(large, paris);
  expect(taken).toMatchObject({ kind: 'taken', rejected: [] });
  expect(store.db.prepare('SELECT count(*) AS count FROM event').get()).toEqual({ count: 300 });
});

test('over HTTP a full disk is 503 with Retry-After', async () => {
  const { url, store } = await openHome();
  const send = openSender(url);
  store.db.exec('PRAGMA max_page_count = 1');
  const pages = Number(store.db.prepare('PRAGMA page_count').get()?.['page_count']);
  const fill = Array.from({ length: pages * 4 }, (_, index) =>
    reportEvent(`e${index}`, { padding: 'x'.repeat(4_000) }),
  );
  const answer = await send(fill);
  expect(answer).toMatchObject({ status: 503 });
  expect(Number(answer.retryAfter)).toBeGreaterThanOrEqual(30);
});

test("one sender's long queue is not another's", async () => {
  const { intake } = open();
  const order: string[] = [];
  intake.onStored((events) => void order.push(...events.map(({ sender }) => sender)));
  const many = Array.from({ length: 2_000 }, (_, index) => reportEvent(`m${index}`));
  const slow = intake.take(many, paris);
  await intake.take([reportEvent('quick')], rome);
  await slow;
  expect(order.indexOf('rome')).toBeLessThan(400);
  expect(order).toHaveLength(2_001);
});

test('when much waits, more is refused and told to come again at times that differ', async () => {
  const { intake } = open();
  const batch = (name: string) =>
    Array.from({ length: 100 }, (_, index) =>
      reportEvent(`${name}-${index}`, { padding: 'x'.repeat(100_000) }),
    );
  const first = intake.take(batch('first'), paris);
  while (intake.counts.queuedReports === 0) await systemClock.sleep(1);
  const answers = [intake.admit(rome, 1), intake.admit(rome, 1), await intake.take([], rome)];
  expect(answers).toMatchObject(Array(3).fill({ kind: 'busy', because: 'queue' }));
  expect(
    new Set(answers.map((answer) => answer && 'retryAfterMs' in answer && answer.retryAfterMs))
      .size,
  ).toBeGreaterThan(1);
  expect(await first).toMatchObject({ kind: 'taken', rejected: [] });
  expect(await intake.take([reportEvent('later')], rome)).toMatchObject({ stored: ['later'] });
});

test('five thousand reports in one batch let everybody else have a turn', async () => {
  const { intake } = open();
  const events = Array.from({ length: 5_000 }, (_, index) =>
    JSON.stringify(reportEvent(`e${index}`, { padding: 'x'.repeat(800) })),
  );
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  turn();
  function* parsed() {
    for (const text of events) yield JSON.parse(text);
  }
  await intake.take(parsed(), paris);
  isOver = true;
  // 4 MB are read in turns of 256 KiB, and stored in more.
  expect(turns).toBeGreaterThan(15);
});
