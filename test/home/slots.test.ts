import { expect, test } from 'vitest';
import { Slots } from '../../src/home/slots.ts';
import { steppedClock } from '../state/temporary.ts';

test('ten thousand who are refused at once are spread over the time that they will take', () => {
  const clock = steppedClock();
  const slots = new Slots(clock);
  const waits = Array.from({ length: 10_000 }, () => slots.next(1_000));
  expect(waits[0]).toBeLessThan(500);
  expect(waits.at(-1)).toBeGreaterThan(4_000);
  expect(waits.at(-1)).toBeLessThan(5_000);
});

test('the pace is the one at which home works', () => {
  const clock = steppedClock();
  const slots = new Slots(clock);
  slots.did(500);
  clock.pass(1_000);
  expect(slots.next(0)).toBe(2);
  expect(slots.next(1_000)).toBe(2_002);
});

test('what was measured long ago, or while home was idle, says nothing', () => {
  const clock = steppedClock();
  const slots = new Slots(clock);
  slots.did(10);
  clock.pass(60_000);
  expect(slots.next(0)).toBe(1);
});

test('a home that works off nothing asks for patience and not for eternity', () => {
  const clock = steppedClock();
  const slots = new Slots(clock);
  slots.next(0);
  clock.pass(1_000);
  expect(slots.next(1_000)).toBe(20_020);
});

test('moments that have passed are not kept', () => {
  const clock = steppedClock();
  const slots = new Slots(clock);
  for (let index = 0; index < 2_500; index += 1) slots.next(0);
  clock.pass(10_000);
  expect(slots.next(0)).toBe(1);
});
