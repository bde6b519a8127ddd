import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openEventStore } from '../../src/home/event-store.ts';
import { readEvent } from '../../src/home/read-event.ts';
import { type Keep, keepWithin, usedOctets } from '../../src/home/retention.ts';
import { temporaryDirectory } from '../state/temporary.ts';
import { reportEvent } from './open-home.ts';

const sender = { name: 'a', identity: 'a' };
const nowMs = Date.UTC(2026, 10, 23, 14);

function keeping(keep: Keep) {
  const store = openEventStore(temporaryDirectory());
  const faults: unknown[] = [];
  // Timers fire at once, one after the other, until the database is closed.
  const pending: (() => void)[] = [];
  const clock = {
    ...systemClock,
    now: () => nowMs,
    after: (_delayMs: number, callback: () => void) => {
      pending.push(callback);
      return () => void pending.splice(pending.indexOf(callback), 1);
    },
  };
  const end = keepWithin(keep, { db: store.db, clock, onFault: (error) => faults.push(error) });
  onTestFinished(() => store.close());
  const add = (count: number, receivedMs: number, padding = 1_000): void => {
    for (let index = 0; index < count; index += 1) {
      const event = readEvent(
        reportEvent(`${receivedMs}-${index}`, { padding: 'x'.repeat(padding) }),
      );
      store.store([{ event, sender }], receivedMs);
    }
  };
  const step = (): void => pending.shift()?.();
  const arrivals = () =>
    store.db.prepare('SELECT min(arrival) AS first, count(*) AS count FROM event').get();
  return { store, add, step, arrivals, faults, end, pending };
}

test('what arrived too long ago goes, oldest first, a few at a time', () => {
  const { add, step, arrivals, faults } = keeping({ ageMs: 60_000 });
  add(150, nowMs - 70_000);
  add(10, nowMs - 50_000);
  step();
  expect(arrivals()).toEqual({ first: 65, count: 96 });
  for (let turn = 0; turn < 10; turn += 1) step();
  expect(arrivals()).toEqual({ first: 151, count: 10 });
  expect(faults).toEqual([]);
});

test('beyond the size the oldest go, and their pages with them', () => {
  const { store, add, step, arrivals } = keeping({ octets: 1_000_000 });
  add(400, nowMs, 8_000);
  const before = usedOctets(store.db);
  expect(before).toBeGreaterThan(3_000_000);
  for (let turn = 0; turn < 100; turn += 1) step();
  expect(usedOctets(store.db)).toBeLessThanOrEqual(1_000_000);
  expect(Number(arrivals()?.['count'])).toBeGreaterThan(30);
  const { page_count: pages = 0 } = store.db.prepare('PRAGMA page_count').get() ?? {};
  expect(Number(pages) * 4_096).toBeLessThan(before / 2);
});

test('within both bounds nothing goes', () => {
  const { add, step, arrivals } = keeping({ ageMs: 60_000, octets: 100_000_000 });
  add(100, nowMs - 59_000);
  for (let turn = 0; turn < 10; turn += 1) step();
  expect(arrivals()).toEqual({ first: 1, count: 100 });
});

test('a database that fails is told of and tried again; ended, it is let alone', () => {
  const { store, add, step, faults, end, pending } = keeping({ ageMs: 1 });
  add(1, nowMs - 10);
  store.db.exec('PRAGMA query_only = 1');
  step();
  expect(faults).toHaveLength(1);
  expect(pending).toHaveLength(1);
  end();
  expect(pending).toEqual([]);
});
