/** For how long we were not there, by timers that came late. */
import { expect, test } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/clock.ts';
import { meterStalls } from '../../src/probe/stall-meter.ts';
import { failed, timedOut, withinDeadline } from '../../src/probe/step-result.ts';

interface Ticking extends Clock {
  /** Time passes; timers that are due by then come only afterwards, as after a stall. */
  stall(ms: number): void;
  readonly waiting: () => number;
}

function tickingClock(): Ticking {
  let nowMs = 0;
  const timers = new Map<() => void, number>();
  return {
    ...systemClock,
    monotonicMs: () => nowMs,
    after: (delayMs, callback) => {
      const timer = (): void => callback();
      timers.set(timer, nowMs + delayMs);
      return () => void timers.delete(timer);
    },
    stall: (ms) => {
      nowMs += ms;
      for (const [timer, dueMs] of [...timers]) {
        if (dueMs > nowMs || !timers.delete(timer)) continue;
        timer();
      }
    },
    waiting: () => timers.size,
  };
}

test('a timer that comes a little late is no stall, one that comes late is, and so is one that has not come', () => {
  const clock = tickingClock();
  const { stalledMs, stop } = meterStalls(clock);
  clock.stall(150);
  expect(stalledMs()).toBe(0);
  clock.stall(1_100);
  expect(stalledMs()).toBe(1_000);
  clock.stall(350);
  expect(stalledMs()).toBe(1_250);
  stop();
  expect(clock.waiting()).toBe(0);
});

test('a deadline grows by the time in which we were not there, at most to twice its length', async () => {
  const clock = tickingClock();
  const stalls = meterStalls(clock);
  const aborted: number[] = [];
  const work = (signal: AbortSignal) =>
    new Promise<ReturnType<typeof failed>>((resolve) => {
      signal.addEventListener('abort', () => {
        aborted.push(clock.monotonicMs());
        resolve(failed(timedOut));
      });
    });
  const { signal } = new AbortController();
  const ended = withinDeadline(clock, 1_000, signal, work, stalls.stalledMs);
  clock.stall(60_100);
  for (let ms = 0; ms < 950; ms += 50) clock.stall(50);
  expect(aborted).toEqual([]);
  clock.stall(50);
  expect(aborted).toEqual([61_100]);
  expect(await ended).toEqual(failed(timedOut));
  stalls.stop();
});
