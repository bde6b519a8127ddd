/** Where notices wait: how many, for how long, and for whom. */
import { expect, onTestFinished, test } from 'vitest';
import { openEventStore } from '../../../src/home/event-store.ts';
import { homeId, openOutbox } from '../../../src/home/notify/outbox.ts';
import { transaction } from '../../../src/state/open-database.ts';
import { temporaryDirectory } from '../../state/temporary.ts';
import { records } from './records.ts';

const [record] = records as [(typeof records)[0]];
const limits = { maxCount: 5, maxAgeMs: 1_000 };

function outboxFor(receivers: readonly string[], directory = temporaryDirectory()) {
  const { db, close } = openEventStore(directory);
  onTestFinished(close);
  return { db, directory, ...openOutbox(db, receivers, limits) };
}

const countIn = ({ db }: ReturnType<typeof outboxFor>): unknown =>
  db.prepare('SELECT count(*) AS count FROM notice').get()?.['count'];

test('each receiver has a place of its own, and what both have is kept no longer', () => {
  const outbox = outboxFor(['a', 'b']);
  outbox.add(record, 0);
  outbox.add(record, 0);
  outbox.done('a', outbox.next('a')?.sequence ?? 0);
  expect([outbox.waiting('a'), outbox.waiting('b')]).toEqual([1, 2]);
  expect(outbox.prune(500)).toEqual(new Map());
  expect(countIn(outbox)).toBe(2);
  outbox.done('b', outbox.next('b')?.sequence ?? 0);
  outbox.prune(500);
  expect(countIn(outbox)).toBe(1);
  expect(outbox.next('a')).toMatchObject({ record });
});

test('what is too old or too many goes, the oldest first, and is counted for whoever lacks it', () => {
  const outbox = outboxFor(['a', 'b']);
  for (let number = 0; number < 8; number += 1) outbox.add(record, number);
  outbox.done('a', 2);
  expect(outbox.prune(500)).toEqual(
    new Map([
      ['a', 1],
      ['b', 3],
    ]),
  );
  expect([outbox.waiting('a'), outbox.waiting('b')]).toEqual([5, 5]);
  expect(outbox.prune(2_000)).toEqual(
    new Map([
      ['a', 5],
      ['b', 5],
    ]),
  );
  expect(countIn(outbox)).toBe(0);
  outbox.add(record, 2_000);
  expect(outbox.next('a')?.sequence).toBe(9);
});

test('a receiver that is forgotten or configured no longer holds up nothing', () => {
  const first = outboxFor(['a', 'b', 'c']);
  first.add(record, 0);
  first.done('a', 1);
  first.forget('b');
  expect([first.waiting('b'), first.next('b')]).toEqual([0, undefined]);
  const second = outboxFor(['a'], first.directory);
  second.prune(500);
  expect(countIn(second)).toBe(0);
});

test('a notice of a transaction that failed was never there', () => {
  const outbox = outboxFor(['a']);
  const failing = (): void => {
    outbox.add(record, 0);
    throw new Error('full');
  };
  expect(() => transaction(outbox.db, failing)).toThrow('full');
  expect(outbox.waiting('a')).toBe(0);
});

test('a home keeps its identity', () => {
  const { db } = outboxFor([]);
  expect(homeId(db, () => 'one')).toBe('one');
  expect(homeId(db, () => 'two')).toBe('one');
});
