import { expect, test } from 'vitest';
import { Rations } from '../../src/home/rations.ts';
import { steppedClock } from '../state/temporary.ts';

test('a sender that was away for a week brings its 10,000 reports at once', () => {
  const rations = new Rations(steppedClock());
  expect(rations.take('paris', 'reports', 10_000)).toBe(0);
});

test('a whole fleet may come with one token: 2,000 reports a second for a minute', () => {
  const clock = steppedClock();
  const rations = new Rations(clock);
  for (let second = 0; second < 60; second += 1) {
    expect(rations.take('shared', 'reports', 2_000)).toBe(0);
    expect(rations.take('shared', 'octets', 2_000 * 9_500)).toBe(0);
    clock.pass(1_000);
  }
});

test('whoever brings too much waits, and nobody else does', () => {
  const clock = steppedClock();
  const rations = new Rations(clock);
  const refused = (): number => rations.take('flood', 'reports', 5_000);
  let waitMs = refused();
  for (let batch = 0; batch < 20 && waitMs === 0; batch += 1) waitMs = refused();
  expect(waitMs).toBeGreaterThan(0);
  expect(rations.take('paris', 'reports', 10_000)).toBe(0);
  clock.pass(waitMs);
  expect(refused()).toBe(0);
});

test('a refusal takes nothing', () => {
  const clock = steppedClock();
  const rations = new Rations(clock);
  for (let batch = 0; batch < 20; batch += 1) rations.take('flood', 'reports', 5_000);
  const waitMs = rations.take('flood', 'reports', 1_000);
  for (let again = 0; again < 100; again += 1) rations.take('flood', 'reports', 1_000);
  expect(rations.take('flood', 'reports', 1_000)).toBe(waitMs);
});

test('what is larger than any bucket goes through when the bucket is full, once', () => {
  const rations = new Rations(steppedClock());
  expect(rations.take('big', 'octets', 1e12)).toBe(0);
  expect(rations.take('big', 'octets', 1)).toBe(0);
  expect(rations.take('big', 'octets', 1e12)).toBeGreaterThan(0);
});

test('of a hundred thousand senders no more than 20,000 are remembered', () => {
  const rations = new Rations(steppedClock());
  for (let sender = 0; sender < 100_000; sender += 1) rations.take(`s${sender}`, 'reports', 1);
  expect(rations.senders).toBeLessThanOrEqual(20_000);
  expect(rations.senders).toBeGreaterThanOrEqual(18_000);
});
