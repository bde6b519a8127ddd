import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { memoryMaxBytes, spoolDefaults } from '../../../src/sink/spool/limits.ts';
import type { SpoolOptions } from '../../../src/sink/spool/spool.ts';
import { Spool } from '../../../src/sink/spool/spool.ts';
import { openState } from '../../../src/state/open-state.ts';
import type { SteppedClock } from '../../state/temporary.ts';
import { someReport, steppedClock, temporaryDirectory } from '../../state/temporary.ts';

const everything = { maxCount: 100_000, maxBytes: Number.MAX_SAFE_INTEGER };

function makeSpool(
  options: Partial<SpoolOptions> & { directory?: string; clock?: SteppedClock } = {},
) {
  const { directory = temporaryDirectory(), clock = steppedClock(), ...rest } = options;
  const state = openState({ directory, exclusive: false, clock });
  onTestFinished(() => {
    if (state.db.isOpen) state.close();
  });
  const spool = new Spool({ state, clock, ...rest });
  return { spool, state, clock, directory };
}

const ids = (spool: Spool): string[] =>
  spool
    .cursor('home')
    .nextBatch(everything)
    .map(({ id }) => id);

function fill(spool: Spool, names: readonly string[], padding = 0): void {
  for (const id of names)
    expect(spool.add(someReport({ id, padding }))).toMatchObject({ outcome: 'kept' });
}

test('reports come out in the order in which they went in, whatever their own times', () => {
  const { spool } = makeSpool();
  spool.add(someReport({ id: 'late', time: '2026-11-23T14:00:09.000Z' }));
  spool.add(someReport({ id: 'stepped-back', time: '2026-11-23T13:00:00.000Z' }));
  expect(ids(spool)).toEqual(['late', 'stepped-back']);
  expect(spool.stats().receivers).toMatchObject([
    { waiting: 2, oldestTime: '2026-11-23T14:00:09.000Z' },
  ]);
});

test('the report comes back word for word', () => {
  const { spool } = makeSpool();
  const report = someReport({ id: 'ü\u0000"\\\u2028😀' });
  const { report: numbered } = spool.add(report);
  expect(numbered).toEqual({ ...report, sequence: 1 });
  const [spooled] = spool.cursor('home').nextBatch(everything);
  expect(spooled?.body).toBe(JSON.stringify(numbered));
  expect(spooled?.sizeBytes).toBe(Buffer.byteLength(JSON.stringify(numbered)));
});

test('a batch ends at its count or its octets, and always holds one report', () => {
  const { spool } = makeSpool();
  fill(spool, ['a', 'b', 'c', 'd'], 1_000);
  expect(spool.cursor('home').nextBatch({ ...everything, maxCount: 3 })).toHaveLength(3);
  expect(spool.cursor('home').nextBatch({ ...everything, maxBytes: 2_500 })).toHaveLength(2);
  expect(spool.cursor('home').nextBatch({ ...everything, maxBytes: 10 })).toHaveLength(1);
});

test('a batch that is sent again does not grow', () => {
  const { spool } = makeSpool();
  fill(spool, ['a', 'b']);
  const through = spool.cursor('home').nextBatch(everything).at(-1)?.sequence ?? 0;
  fill(spool, ['c']);
  expect(
    spool
      .cursor('home')
      .nextBatch({ ...everything, through })
      .map(({ id }) => id),
  ).toEqual(['a', 'b']);
});

test('what is acknowledged is gone, and an acknowledgement may come twice', () => {
  const { spool } = makeSpool();
  fill(spool, ['a', 'b', 'c']);
  spool.cursor('home').acknowledge(['a', 'c', 'never-seen']);
  spool.cursor('home').acknowledge(['a']);
  expect(ids(spool)).toEqual(['b']);
  expect(spool.stats()).toMatchObject({
    waiting: 1,
    lost: { age: 0, size: 0, rejected: 0, storage: 0 },
  });
});

test('the same report twice waits once', () => {
  const { spool } = makeSpool();
  fill(spool, ['a', 'a']);
  expect(spool.stats().waiting).toBe(1);
});

test('at the limit of reports the oldest goes first and is counted', () => {
  const { spool } = makeSpool({ limits: { maxReports: 3 } });
  fill(spool, ['a', 'b', 'c', 'd', 'e']);
  expect(ids(spool)).toEqual(['c', 'd', 'e']);
  expect(spool.stats().lost).toEqual({ age: 0, size: 2, rejected: 0, storage: 0 });
});

test('at the limit of octets as many of the oldest go as the new one needs', () => {
  const { spool } = makeSpool({ limits: { maxBytes: 4_000 } });
  fill(spool, ['a', 'b', 'c'], 1_000);
  fill(spool, ['large'], 2_500);
  expect(ids(spool)).toEqual(['c', 'large']);
  expect(spool.stats().lost.size).toBe(2);
  expect(spool.cursor('home').stats().waitingBytes).toBeLessThanOrEqual(4_000);
});

test('a report that waited too long is dropped and counted', () => {
  const { spool, clock } = makeSpool();
  fill(spool, ['a']);
  clock.pass(spoolDefaults.maxAgeMs - 1);
  fill(spool, ['b']);
  clock.pass(1);
  expect(ids(spool)).toEqual(['a', 'b']);
  clock.pass(1);
  expect(ids(spool)).toEqual(['b']);
  expect(spool.stats().lost).toEqual({ age: 1, size: 0, rejected: 0, storage: 0 });
});

test('a wall clock that is set forward or back ages nothing', () => {
  const { spool, clock } = makeSpool();
  fill(spool, ['a']);
  clock.step(365 * 86_400_000);
  fill(spool, ['b']);
  clock.step(-800 * 86_400_000);
  expect(ids(spool)).toEqual(['a', 'b']);
});

test('a report that is too large is dropped, counted and named', () => {
  const { spool, state } = makeSpool({ limits: { maxReportBytes: 500 } });
  expect(spool.add(someReport({ id: 'huge', padding: 500 }))).toMatchObject({
    outcome: 'too-large',
  });
  expect(spool.stats()).toMatchObject({ waiting: 0, lost: { size: 1 } });
  expect(state.db.prepare('SELECT id, reason, body FROM rejected').all()).toEqual([
    { id: 'huge', reason: 'too-large', body: null },
  ]);
});

test('what home refuses for good is counted and kept for a person, within bounds', () => {
  const { spool, state } = makeSpool({ limits: { maxRejected: 2 } });
  fill(spool, ['a', 'b', 'c', 'd']);
  spool.cursor('home').setAside(['a', 'b', 'c', 'unknown'], 'http-400');
  expect(ids(spool)).toEqual(['d']);
  expect(spool.stats().lost).toEqual({ age: 0, size: 0, rejected: 3, storage: 0 });
  const kept = state.db.prepare('SELECT id, reason FROM rejected ORDER BY sequence').all();
  expect(kept).toEqual([
    { id: 'b', reason: 'http-400' },
    { id: 'c', reason: 'http-400' },
  ]);
});

test('losses and reports outlive the process', () => {
  const { spool, state, directory, clock } = makeSpool({ limits: { maxReports: 1 } });
  fill(spool, ['a', 'b']);
  state.close();
  const again = makeSpool({ directory, clock });
  expect(ids(again.spool)).toEqual(['b']);
  expect(again.spool.stats().lost.size).toBe(1);
});

test('two homes wait apart: a report stays until both have it, and a drop is a loss to each that waited', () => {
  const { spool, state, clock } = makeSpool({ receivers: ['home', 'other'] });
  const [one, other] = [spool.cursor('home'), spool.cursor('other')];
  fill(spool, ['a', 'b']);
  one.acknowledge(['a']);
  expect(one.nextBatch(everything).map(({ id }) => id)).toEqual(['b']);
  expect(other.nextBatch(everything).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(state.db.prepare('SELECT count(*) AS n FROM report').get()).toEqual({ n: 2 });
  other.acknowledge(['a']);
  expect(state.db.prepare('SELECT count(*) AS n FROM report').get()).toEqual({ n: 1 });
  clock.pass(spoolDefaults.maxAgeMs + 1);
  expect(other.nextBatch(everything)).toEqual([]);
  expect(one.stats().lost.age).toBe(1);
  expect(other.stats().lost.age).toBe(1);
  expect(spool.stats().lost.age).toBe(2);
});

test('in memory the queue is bounded to 4 MiB', () => {
  const clock = steppedClock();
  const state = openState({ exclusive: false, clock });
  onTestFinished(() => state.close());
  const spool = new Spool({ state, clock });
  for (let i = 0; i < 30; i += 1) spool.add(someReport({ padding: 200_000 }));
  expect(spool.cursor('home').stats().waitingBytes).toBeLessThanOrEqual(memoryMaxBytes);
  expect(spool.stats().waiting).toBe(20);
  expect(spool.stats().lost.size).toBe(10);
});

test('a full disk holds the new report in memory, and writes it in order once there is room', () => {
  const { spool, state, directory, clock } = makeSpool();
  fill(spool, ['a']);
  const { page_count: pages } = state.db.prepare('PRAGMA page_count').get() ?? {};
  state.db.exec(`PRAGMA max_page_count = ${Number(pages) + 2}`);
  for (const id of ['b', 'c']) {
    expect(spool.add(someReport({ id, padding: 100_000 }))).toMatchObject({ outcome: 'held' });
  }
  expect(spool.stats()).toMatchObject({ waiting: 3, lost: { storage: 0 } });
  expect(ids(spool)).toEqual(['a']);
  expect(spool.writeHeld()).toBe(false);
  state.db.exec('PRAGMA max_page_count = 100000');
  expect(spool.writeHeld()).toBe(true);
  expect(ids(spool)).toEqual(['a', 'b', 'c']);
  state.close();
  const later = makeSpool({ directory, clock }).spool.cursor('home').nextBatch(everything);
  expect(later.map(({ id, sequence }) => [id, sequence])).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ]);
});

test('delivered reports give their room on disk back', () => {
  const { spool, state } = makeSpool();
  const names = Array.from({ length: 40 }, (_, i) => `r${i}`);
  fill(spool, names, 50_000);
  const pages = (): number => Number(state.db.prepare('PRAGMA page_count').get()?.['page_count']);
  const before = pages();
  for (const id of names) spool.cursor('home').acknowledge([id]);
  expect(pages()).toBeLessThan(before / 4);
});

test('every report that was added before SIGKILL is there after it', async () => {
  const directory = temporaryDirectory();
  const src = `${import.meta.dirname}/../../../src`;
  const script = `
    const { openState } = await import('${src}/state/open-state.ts');
    const { systemClock: clock } = await import('${src}/base/clock.ts');
    const { Spool } = await import('${src}/sink/spool/spool.ts');
    const { writeSync } = await import('node:fs');
    globalThis.state = openState({ directory: process.argv[1], exclusive: true, clock });
    const spool = new Spool({ state, clock });
    for (let i = 0; ; i += 1) {
      spool.add({ id: 'r' + i, time: '2026-11-23T14:00:00.000Z' });
      writeSync(1, i + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, directory], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.length > 500) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const claimed = said.split('\n').slice(0, -1);
  expect(claimed.length).toBeGreaterThan(100);
  const state = openState({ directory, exclusive: true, clock: systemClock });
  onTestFinished(() => state.close());
  expect(state.durable && state.damage).toBe(undefined);
  const found = ids(new Spool({ state, clock: systemClock }));
  expect(found.slice(0, claimed.length)).toEqual(claimed.map((i) => `r${i}`));
});
