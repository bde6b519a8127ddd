import { expect, test } from 'vitest';
import {
  fullJitter,
  initialDelay,
  respectRetryAfter,
  retryDefaults,
} from '../../src/retry/backoff.ts';

const { probe, refusal } = retryDefaults;
const almostOne = 1 - Number.EPSILON;

test.for([
  { failures: 1, boundMs: 5_000 },
  { failures: 2, boundMs: 10_000 },
  { failures: 5, boundMs: 80_000 },
  { failures: 6, boundMs: 120_000 },
  { failures: 10_000, boundMs: 120_000 },
])('failure $failures is followed by 1 s to $boundMs ms', ({ failures, boundMs }) => {
  expect(fullJitter(probe, failures, 0)).toBe(1_000);
  expect(fullJitter(probe, failures, almostOne)).toBeCloseTo(boundMs, 3);
  expect(fullJitter(probe, failures, 0.5)).toBe(1_000 + (boundMs - 1_000) / 2);
});

test('a refusal may be followed by five minutes', () => {
  expect(fullJitter(refusal, 20, almostOne)).toBeCloseTo(300_000, 3);
});

test('a floor above the base is still a floor', () => {
  expect(fullJitter({ baseMs: 10, capMs: 100, floorMs: 50 }, 1, 0.9)).toBe(50);
});

test('Retry-After is a floor with up to half of it added', () => {
  expect(respectRetryAfter(2_000, 30_000, 0)).toBe(30_000);
  expect(respectRetryAfter(2_000, 30_000, almostOne)).toBeCloseTo(45_000, 3);
  expect(respectRetryAfter(90_000, 30_000, 0.5)).toBe(90_000);
  expect(respectRetryAfter(2_000, undefined, 0.5)).toBe(2_000);
});

test('a peer cannot put us to sleep for a year', () => {
  expect(respectRetryAfter(0, 365 * 86_400_000, 0)).toBe(retryDefaults.retryAfterMaxMs);
});

test('the first look is spread over ten seconds', () => {
  expect(initialDelay(0)).toBe(0);
  expect(initialDelay(0.25)).toBe(2_500);
});
