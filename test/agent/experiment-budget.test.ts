import { expect, test } from 'vitest';
import { connectionsPerHour, ExperimentBudget } from '../../src/agent/experiment-budget.ts';
import { systemClock } from '../../src/base/clock.ts';

const minuteMs = 60_000;

test('so many connections in any hour, and no more', () => {
  let nowMs = 0;
  const { grant } = new ExperimentBudget({ ...systemClock, monotonicMs: () => nowMs });
  expect(grant(8)).toBe(8);
  nowMs = 30 * minuteMs;
  expect(grant(connectionsPerHour)).toBe(connectionsPerHour - 8);
  expect(grant(8)).toBe(0);
  nowMs = 60 * minuteMs - 1;
  expect(grant(8)).toBe(0);
  // The first eight are an hour old; the others are not.
  nowMs = 60 * minuteMs;
  expect(grant(20)).toBe(8);
  nowMs = 90 * minuteMs;
  expect(grant(connectionsPerHour)).toBe(connectionsPerHour - 8);
});
