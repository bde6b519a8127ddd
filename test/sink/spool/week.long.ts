/** A week without home, a report a minute: what the limits drop is counted exactly, and nothing grows beyond them. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../../src/base/clock.ts';
import { isoTime } from '../../../src/base/clock.ts';
import { DeliveryLoop } from '../../../src/sink/delivery/delivery-loop.ts';
import { spoolDefaults } from '../../../src/sink/spool/limits.ts';
import { Spool } from '../../../src/sink/spool/spool.ts';
import { openState } from '../../../src/state/open-state.ts';
import { someReport } from '../../state/temporary.ts';

const minute = 60_000;
const minutes = 7 * 24 * 60;

/** Nobody waits for real: time passes when the test says so, and sleepers wake with it. */
function simulatedClock(): Clock & { pass(ms: number): Promise<void> } {
  let nowMs = Date.UTC(2026, 10, 16);
  const sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();
  const wakeAt = (delayMs: number, wake: () => void): (() => void) => {
    const sleeper = { atMs: nowMs + delayMs, wake };
    sleepers.add(sleeper);
    return () => void sleepers.delete(sleeper);
  };
  return {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    after: wakeAt,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        const cancel = wakeAt(delayMs, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          resolve();
        });
      }),
    pass: async (ms) => {
      nowMs += ms;
      for (const sleeper of sleepers) {
        if (sleeper.atMs > nowMs) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await new Promise(setImmediate);
    },
  };
}

/** Four days of usual reports, then three of the largest that were ever measured. */
const paddingOf = (number: number): number => (number < 4 * 24 * 60 ? 9_000 : 20_000);

interface Modelled {
  readonly id: string;
  readonly atMs: number;
  readonly sizeBytes: number;
}

/** The rules, said once more: from the oldest on, what is too old goes, then what is too much. */
function model(all: readonly Modelled[]) {
  const lost = { age: 0, size: 0 };
  let [first, bytes] = [0, 0];
  const drop = (reason: 'age' | 'size'): void => {
    bytes -= all[first]?.sizeBytes ?? 0;
    first += 1;
    lost[reason] += 1;
  };
  for (const [index, report] of all.entries()) {
    while (report.atMs - (all[first]?.atMs ?? 0) > spoolDefaults.maxAgeMs) drop('age');
    bytes += report.sizeBytes;
    while (bytes > spoolDefaults.maxBytes || index - first >= spoolDefaults.maxReports)
      drop('size');
  }
  return { kept: all.slice(first).map(({ id }) => id), lost };
}

test('a week without home', { timeout: 120_000 }, async () => {
  // Syncing ten thousand times would test the disk.
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const directory = mkdtempSync(join(parent, 'sidelight-week-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const clock = simulatedClock();
  const state = openState({ directory, exclusive: true, clock });
  const spool = new Spool({ state, clock });
  let tries = 0;
  const loop = new DeliveryLoop({
    carrier: {
      carry: async () => {
        tries += 1;
        return {
          verdict: 'retry',
          trouble: { code: 'overloaded', status: 503 },
          retryAfterMs: 3_600_000,
        };
      },
      close: async () => undefined,
    },
    spool: spool.cursor('home'),
    clock,
    random: { fraction: () => 0.5, bytes: (count) => new Uint8Array(count) },
  });
  loop.start();
  const heapBefore = process.memoryUsage().heapUsed;
  const all: Modelled[] = [];
  const outcomes = new Set<string>();
  let largest = 0;
  for (let number = 0; number < minutes; number += 1) {
    const id = `r${number}`;
    const report = someReport({ id, time: isoTime(clock.now()), padding: paddingOf(number) });
    const added = spool.add(report);
    outcomes.add(added.outcome);
    const sizeBytes = Buffer.byteLength(JSON.stringify(added.report));
    all.push({ id, atMs: clock.now(), sizeBytes });
    loop.wake();
    if (number % 500 === 0) largest = Math.max(largest, sizeOf(directory));
    await clock.pass(minute);
  }
  expect([...outcomes]).toEqual(['kept']);
  const { kept, lost } = model(all);
  await loop.stop();
  const waiting = spool.cursor('home').nextBatch({ maxCount: 20_000, maxBytes: 2 ** 40 });
  expect(waiting.map(({ id }) => id)).toEqual(kept);
  expect(spool.stats().lost).toEqual({ ...lost, rejected: 0, storage: 0 });
  expect(lost.age).toBeGreaterThan(1_000);
  expect(lost.size).toBeGreaterThan(500);
  expect(lost.age + lost.size + kept.length).toBe(minutes);
  expect(spool.newlyLost()).toBe(lost.age + lost.size);
  // What is gone is told by the numbers too: the gap before the first that is left.
  expect(waiting[0]?.sequence).toBe(lost.age + lost.size + 1);
  // As seldom as home asked for, with up to half as much again.
  expect(tries).toBeGreaterThan((7 * 24) / 1.5);
  expect(tries).toBeLessThan(7 * 24);
  expect(Math.max(largest, sizeOf(directory))).toBeLessThan(spoolDefaults.maxBytes * 1.25);
  expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(128 * 1024 * 1024);
  state.close();
});

function sizeOf(directory: string): number {
  return readdirSync(directory).reduce(
    (sum, name) => sum + statSync(join(directory, name)).size,
    0,
  );
}
