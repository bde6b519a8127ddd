/** Numbers of reports, clocks that step between two lives, and receivers that come and go. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { Spool, type SpoolOptions } from '../../../src/sink/spool/spool.ts';
import { openState } from '../../../src/state/open-state.ts';
import { takeSequence } from '../../../src/state/sequence.ts';
import type { SteppedClock } from '../../state/temporary.ts';
import { someReport, steppedClock, temporaryDirectory } from '../../state/temporary.ts';

const everything = { maxCount: 100_000, maxBytes: Number.MAX_SAFE_INTEGER };
const day = 86_400_000;
const hour = 3_600_000;

function live(
  directory: string,
  clock: SteppedClock,
  options: Partial<SpoolOptions> & { readonly exclusive?: boolean } = {},
) {
  const { exclusive = true, ...rest } = options;
  const state = openState({ directory, exclusive, clock });
  onTestFinished(() => {
    if (state.db.isOpen) state.close();
  });
  return { spool: new Spool({ state, clock, ...rest }), state };
}

const ids = (spool: Spool, receiver = 'home') =>
  spool
    .cursor(receiver)
    .nextBatch(everything)
    .map(({ id }) => id);

test('every report has a number, one after the other, over lives, guests and reports that are too large', () => {
  const directory = temporaryDirectory();
  const clock = steppedClock();
  const limits = { maxReportBytes: 5_000 };
  const { spool, state } = live(directory, clock, { limits });
  const numberOf = (padding = 0): number | undefined =>
    spool.add(someReport({ padding })).report.sequence;
  expect([numberOf(), numberOf(10_000), numberOf()]).toEqual([1, 2, 3]);
  const guest = live(directory, clock, { exclusive: false });
  const taken = takeSequence(guest.state.db);
  expect(taken).toBe(4);
  const given = { ...someReport({}), sequence: 4 };
  expect(guest.spool.add(given)).toMatchObject({ outcome: 'kept', report: { sequence: 4 } });
  guest.state.close();
  expect(numberOf()).toBe(5);
  spool.cursor('home').acknowledge(ids(spool));
  state.close();
  const again = live(directory, clock).spool;
  expect(again.add(someReport({})).report.sequence).toBe(6);
});

test('without a receiver a report gets a number all the same, and waits nowhere', () => {
  const { spool } = live(temporaryDirectory(), steppedClock(), { receivers: [] });
  const numbers = [1, 2].map(() => spool.add(someReport({})).report.sequence);
  expect(numbers).toEqual([1, 2]);
  expect(spool.stats()).toMatchObject({ waiting: 0, receivers: [] });
});

test('no number is used twice, whenever the agent is killed', async () => {
  const directory = temporaryDirectory();
  const src = `${import.meta.dirname}/../../../src`;
  const script = `
    const { openState } = await import('${src}/state/open-state.ts');
    const { systemClock: clock } = await import('${src}/base/clock.ts');
    const { Spool } = await import('${src}/sink/spool/spool.ts');
    const { writeSync } = await import('node:fs');
    globalThis.state = openState({ directory: process.argv[1], exclusive: true, clock });
    const spool = new Spool({ state, clock, limits: { maxReports: 20 } });
    const name = process.pid + '-';
    for (let i = 0; ; i += 1) {
      const { report } = spool.add({ id: name + i, time: '2026-11-23T14:00:00.000Z' });
      writeSync(1, report.sequence + '\\n');
    }`;
  const said: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, directory], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > 150) child.kill('SIGKILL');
    });
    await once(child, 'close');
    said.push(...text.split('\n').slice(0, -1).map(Number));
  }
  expect(said.length).toBeGreaterThan(100);
  expect(new Set(said).size).toBe(said.length);
  expect(said).toEqual(said.toSorted((one, other) => one - other));
});

test.for([
  { title: 'a day forward', stepMs: day, ages: 24 * hour },
  { title: 'a year forward', stepMs: 365 * day, ages: 24 * hour },
  { title: 'a day back', stepMs: -day, ages: 0 },
  { title: 'a year back', stepMs: -365 * day, ages: 0 },
  { title: 'an hour that really passed', stepMs: hour, ages: hour },
])(
  'the wall clock steps between two lives, $title: reports age by $ages ms',
  ({ stepMs, ages }) => {
    const directory = temporaryDirectory();
    const clock = steppedClock();
    const first = live(directory, clock);
    first.spool.add(someReport({ id: 'old' }));
    clock.pass(40 * hour);
    first.spool.add(someReport({ id: 'young' }));
    first.state.close();
    clock.step(stepMs);
    const { spool } = live(directory, clock);
    expect(ids(spool)).toEqual(['old', 'young']);
    clock.pass(32 * hour - ages);
    expect(ids(spool)).toEqual(['old', 'young']);
    clock.pass(1);
    expect(ids(spool)).toEqual(['young']);
    clock.pass(40 * hour);
    expect(ids(spool)).toEqual([]);
  },
);

test('what waits for a receiver of the past goes first when room is needed, and is there when it comes back', () => {
  const directory = temporaryDirectory();
  const clock = steppedClock();
  const limits = { maxReports: 4 };
  const first = live(directory, clock, { receivers: ['home', 'past'], limits });
  for (const id of ['a', 'b', 'c']) first.spool.add(someReport({ id }));
  first.spool.cursor('home').acknowledge(['b', 'c']);
  first.state.close();
  const second = live(directory, clock, { limits });
  for (const id of ['d', 'e']) second.spool.add(someReport({ id }));
  expect(ids(second.spool)).toEqual(['a', 'd', 'e']);
  expect(second.spool.cursor('home').stats().lost.size).toBe(0);
  // Of whoever it was, a loss is a loss.
  expect(second.spool.stats()).toMatchObject({
    lost: { size: 1 },
    receivers: [
      { name: 'home', lost: { size: 0 } },
      { name: 'past', waiting: 2, lost: { size: 1 } },
    ],
  });
  expect(second.spool.newlyLost()).toBe(1);
  second.state.close();
  const third = live(directory, clock, { receivers: ['home', 'past'], limits }).spool;
  expect(ids(third, 'past')).toEqual(['a', 'c']);
  expect(third.cursor('past').stats().lost.size).toBe(1);
});

test('a receiver that is gone for good gets no more reports, and its own go first', () => {
  const clock = steppedClock();
  const { spool } = live(temporaryDirectory(), clock, {
    receivers: ['home', 'gone'],
    limits: { maxReports: 2 },
  });
  spool.add(someReport({ id: 'a' }));
  spool.add(someReport({ id: 'b' }));
  spool.cursor('home').acknowledge(['b']);
  spool.retire('gone');
  spool.add(someReport({ id: 'c' }));
  expect(ids(spool)).toEqual(['a', 'c']);
  expect(ids(spool, 'gone')).toEqual(['a']);
  const { lost } = spool.cursor('gone').stats();
  expect(lost).toMatchObject({ size: 1, rejected: 1 });
  expect(spool.cursor('home').stats().lost).toMatchObject({ size: 0, rejected: 0 });
});

test('what a home lost that has another name now is told of, and is news', () => {
  const directory = temporaryDirectory();
  const clock = steppedClock();
  const first = live(directory, clock, { receivers: ['b'] });
  for (const id of ['x', 'y', 'z']) first.spool.add(someReport({ id }));
  first.state.close();
  const { spool } = live(directory, clock, { receivers: ['c'] });
  expect(spool.stats().receivers).toMatchObject([
    { name: 'c', waiting: 0 },
    { name: 'b', waiting: 3 },
  ]);
  clock.pass(73 * hour);
  spool.add(someReport({ id: 'new' }));
  expect(spool.stats()).toMatchObject({
    waiting: 1,
    lost: { age: 3 },
    receivers: [
      { name: 'c', waiting: 1, lost: { age: 0 } },
      { name: 'b', waiting: 0, lost: { age: 3 } },
    ],
  });
  expect(spool.newlyLost()).toBe(3);
  spool.lossesTold();
  expect(spool.newlyLost()).toBe(0);
});
