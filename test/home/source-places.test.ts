import { expect, test } from 'vitest';
import { SourcePlaces } from '../../src/home/source-places.ts';
import { steppedClock } from '../state/temporary.ts';

const minute = 60_000;

test('a source keeps its place while it reports, and a new one gets that of one that was long silent', () => {
  const clock = steppedClock();
  const places = new SourcePlaces(clock, () => 2);
  expect([places.take('paris', 'a'), places.take('paris', 'b')]).toEqual([0, 0]);
  clock.pass(10 * minute);
  expect(places.take('paris', 'a')).toBe(0);
  expect(places.take('paris', 'c')).toBe(5 * minute);
  expect(places.take('rome', 'c')).toBe(0);
  clock.pass(5 * minute);
  expect(places.take('paris', 'c')).toBe(0);
  expect(places.take('paris', 'b')).toBe(10 * minute);
  expect(places.take('paris', 'a')).toBe(0);
});

test('a share that shrinks or grows while home runs counts at once', () => {
  const clock = steppedClock();
  let share = 1;
  const places = new SourcePlaces(clock, () => share);
  expect(places.take('paris', 'a')).toBe(0);
  expect(places.take('paris', 'b')).toBeGreaterThan(0);
  share = 3;
  expect([places.take('paris', 'b'), places.take('paris', 'c')]).toEqual([0, 0]);
  share = 1;
  expect(places.take('paris', 'd')).toBeGreaterThan(0);
  expect(places.take('paris', 'a')).toBe(0);
});

test('of very many senders those that were not seen longest begin anew', () => {
  const places = new SourcePlaces(steppedClock(), () => 1_000);
  for (let n = 0; n < 201; n += 1) {
    for (let source = 0; source < 1_000; source += 1) places.take(`sender-${n}`, `${source}`);
  }
  expect(places.take('sender-200', 'one more')).toBeGreaterThan(0);
  expect(places.take('sender-150', 'one more')).toBeGreaterThan(0);
  expect(places.take('sender-0', 'one more')).toBe(0);
});
