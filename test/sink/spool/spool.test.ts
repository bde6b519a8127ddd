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

const ids = (spool: Spool): string[] => spool.nextBatch(everything).map(({ id }) => id);

function fill(spool: Spool, names: readonly string[], padding = 0): void {
  for (const id of names) expect(spool.add(someReport({ id, padding }))).toBe('kept');
}

test('reports come out in the order in which they went in, whatever their own times', () => {
  const { spool } = makeSpool();
  spool.add(someReport({ id: 'late', time: '2026-11-23T14:00:09.000Z' }));
  spool.add(someReport({ id: 'stepped-back', time: '2026-11-23T13:00:00.000Z' }));
  expect(ids(spool)).toEqual(['late', 'stepped-back']);
  expect(spool.stats()).toMatchObject({ waiting: 2, oldestTime: '2026-11-23T14:00:09.000Z' });
});

test('the report comes back word for word', () => {
  const { spool } = makeSpool();
  const report = someReport({ id: 'ü\u0000"\\\u2028😀' });
  spool.add(report);
  const [spooled] = spool.nextBatch(everything);
  expect(spooled?.body).toBe(JSON.stringify(report));
  expect(spooled?.sizeBytes).toBe(Buffer.byteLength(JSON.stringify(report)));
});

test('a batch ends at its count or its octets, and always holds one report', () => {
  const { spool } = makeSpool();
  fill(spool, ['a', 'b', 'c', 'd'], 1_000);
  expect(spool.nextBatch({ ...everything, maxCount: 3 })).toHaveLength(3);
  expect(spool.nextBatch({ ...everything, maxBytes: 2_500 })).toHaveLength(2);
  expect(spool.nextBatch({ ...everything, maxBytes: 10 })).toHaveLength(1);
});

test('a batch that is sent again does not grow', () => {
  const { spool } = makeSpool();
  fill(spool, ['a', 'b']);
  const through = spool.nextBatch(everything).at(-1)?.sequence ?? 0;
  fill(spool, ['c']);
  expect(spool.nextBatch({ ...everything, through }).map(({ id }) => id)).toEqual(['a', 'b']);
});

test('what is acknowledged is gone, and an acknowledgement may come twice', () => {
  const { spool } = makeSpool();
  fill(spool, ['a', 'b', 'c']);
  spool.acknowledge(['a', 'c', 'never-seen']);
  spool.acknowledge(['a']);
  expect(ids(spool)).toEqual(['b']);
  expect(spool.stats()).toMatchObject({ waiting: 1, lost: { age: 0, size: 0, rejected: 0 } });
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
  expect(spool.stats().lost).toEqual({ age: 0, size: 2, rejected: 0 });
});

test('at the limit of octets as many of the oldest go as the new one needs', () => {
  const { spool } = makeSpool({ limits: { maxBytes: 4_000 } });
  fill(spool, ['a', 'b', 'c'], 1_000);
  fill(spool, ['large'], 2_500);
  expect(ids(spool)).toEqual(['c', 'large']);
  expect(spool.stats().lost.size).toBe(2);
  expect(spool.stats().waitingBytes).toBeLessThanOrEqual(4_000);
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
  expect(spool.stats().lost).toEqual({ age: 1, size: 0, rejected: 0 });
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
  expect(spool.add(someReport({ id: 'huge', padding: 500 }))).toBe('too-large');
  expect(spool.stats()).toMatchObject({ waiting: 0, lost: { size: 1 } });
  expect(state.db.prepare('SELECT id, reason, body FROM rejected').all()).toEqual([
    { id: 'huge', reason: 'too-large', body: null },
  ]);
});

test('what home refuses for good is counted and kept for a person, within bounds', () => {
  const { spool, state } = makeSpool({ limits: { maxRejected: 2 } });
  fill(spool, ['a', 'b', 'c', 'd']);
  spool.setAside(['a', 'b', 'c', 'unknown'], 'http-400');
  expect(ids(spool)).toEqual(['d']);
  expect(spool.stats().lost).toEqual({ age: 0, size: 0, rejected: 3 });
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
  const { spool, state, clock } = makeSpool();
  const other = new Spool({ state, clock, home: 'other' });
  fill(spool, ['a', 'b']);
  state.db.exec("INSERT INTO delivery (home, sequence) SELECT 'other', sequence FROM report");
  spool.acknowledge(['a']);
  expect(ids(spool)).toEqual(['b']);
  expect(ids(other)).toEqual(['a', 'b']);
  clock.pass(spoolDefaults.maxAgeMs + 1);
  expect(ids(other)).toEqual([]);
  expect(spool.stats().lost.age).toBe(1);
  expect(other.stats().lost.age).toBe(2);
});

test('in memory the queue is bounded to 4 MiB', () => {
  const clock = steppedClock();
  const state = openState({ exclusive: false, clock });
  onTestFinished(() => state.close());
  const spool = new Spool({ state, clock });
  for (let i = 0; i < 30; i += 1) spool.add(someReport({ padding: 200_000 }));
  expect(spool.stats().waitingBytes).toBeLessThanOrEqual(memoryMaxBytes);
  expect(spool.stats().waiting).toBe(20);
  expect(spool.stats().lost.size).toBe(10);
});

test('a full disk loses the new report, says so, and counts it once there is room', () => {
  const { spool, state, directory, clock } = makeSpool();
  fill(spool, ['a']);
  const { page_count: pages } = state.db.prepare('PRAGMA page_count').get() ?? {};
  state.db.exec(`PRAGMA max_page_count = ${Number(pages) + 2}`);
  expect(spool.add(someReport({ padding: 100_000 }))).toBe('not-written');
  expect(spool.stats().lost.size).toBe(1);
  state.db.exec('PRAGMA max_page_count = 100000');
  fill(spool, ['b']);
  expect(ids(spool)).toEqual(['a', 'b']);
  state.close();
  expect(makeSpool({ directory, clock }).spool.stats().lost.size).toBe(1);
});

test('a database that another process holds is no reason to end: the report is dropped, and counted later', () => {
  const { spool, state, directory, clock } = makeSpool();
  state.db.exec('PRAGMA busy_timeout = 10');
  const other = openState({ directory, exclusive: false, clock });
  other.db.exec('BEGIN IMMEDIATE');
  expect(spool.add(someReport({ id: 'a' }))).toBe('not-written');
  other.db.exec('ROLLBACK');
  other.close();
  fill(spool, ['b']);
  expect(ids(spool)).toEqual(['b']);
  expect(spool.stats().lost.size).toBe(1);
});

test('delivered reports give their room on disk back', () => {
  const { spool, state } = makeSpool();
  const names = Array.from({ length: 40 }, (_, i) => `r${i}`);
  fill(spool, names, 50_000);
  const pages = (): number => Number(state.db.prepare('PRAGMA page_count').get()?.['page_count']);
  const before = pages();
  for (const id of names) spool.acknowledge([id]);
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
  expect(state.durable && state.setAside).toBe(undefined);
  const found = ids(new Spool({ state, clock: systemClock }));
  expect(found.slice(0, claimed.length)).toEqual(claimed.map((i) => `r${i}`));
});
