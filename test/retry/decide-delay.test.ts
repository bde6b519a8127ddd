import { expect, test } from 'vitest';
import type { AttemptClass, RetryState } from '../../src/retry/decide-delay.ts';
import { initialRetryState, nextDelay } from '../../src/retry/decide-delay.ts';

const intervalMs = 60_000;
const almostOne = 1 - Number.EPSILON;

function after(attempts: readonly AttemptClass[], state: RetryState = initialRetryState) {
  let current = { state, delayMs: 0 };
  for (const attempt of attempts)
    current = nextDelay(current.state, attempt, intervalMs, almostOne);
  return { failures: current.state.failures, delayMs: Math.round(current.delayMs) };
}

const failed: AttemptClass = { kind: 'failed' };
const refused: AttemptClass = { kind: 'refused' };

test.for<{ said: string; attempts: AttemptClass[]; failures: number; delayMs: number }>([
  {
    said: 'accepted waits the interval',
    attempts: [{ kind: 'accepted', heldMs: 0 }],
    failures: 0,
    delayMs: 60_000,
  },
  { said: 'a failure waits up to the base', attempts: [failed], failures: 1, delayMs: 5_000 },
  {
    said: 'failures double up to 120 s',
    attempts: Array(12).fill(failed),
    failures: 12,
    delayMs: 120_000,
  },
  {
    said: 'refusals double up to 300 s',
    attempts: Array(12).fill(refused),
    failures: 12,
    delayMs: 300_000,
  },
  {
    said: 'acceptance of 59.999 s keeps the count',
    attempts: [failed, failed, { kind: 'accepted', heldMs: 59_999 }, failed],
    failures: 3,
    delayMs: 20_000,
  },
  {
    said: 'acceptance held for 60 s forgets the count',
    attempts: [failed, failed, { kind: 'accepted', heldMs: 60_000 }, failed],
    failures: 1,
    delayMs: 5_000,
  },
  {
    said: 'a local fault waits 15 min and counts nothing',
    attempts: [failed, { kind: 'local-fault' }],
    failures: 1,
    delayMs: 900_000,
  },
  {
    said: 'overload honours Retry-After',
    attempts: [{ kind: 'overloaded', retryAfterMs: 200_000 }],
    failures: 1,
    delayMs: 300_000,
  },
  {
    said: 'overload without Retry-After backs off',
    attempts: [{ kind: 'overloaded' }],
    failures: 1,
    delayMs: 5_000,
  },
])('$said', ({ attempts, failures, delayMs }) => {
  expect(after(attempts)).toEqual({ failures, delayMs });
});
