/** Holds the distances between looks, and the number of experiments, to what the README promises. */
import type { LookSeen } from './world.ts';

export const intervalMs = 60_000;
const hourMs = 3_600_000;
const heartbeatMs = 300_000;
const leastMs = 1_000;
const slackMs = 5;
/** A file is looked at every second, and has to rest for one. */
export const wakeMs = 3_000;
const maxExperimentsPerHour = 60;
const maxExperimentsALook = 8;

/**
 * Undefined when the distance is within the rules. `wokenMs`: monotonic times, not long ago, at which files changed, or
 * somebody asked for a look, which may then come before its time.
 */
export function judgeGap(
  before: LookSeen,
  now: LookSeen,
  wokenMs: readonly number[],
): string | undefined {
  const gapMs = now.beganMs - before.endedMs;
  const isWoken = wokenMs.some((atMs) => atMs <= now.beganMs);
  const [fromMs, toMs] = boundsOf(before);
  const isTooLate = gapMs > toMs + slackMs;
  const isTooEarly = gapMs < fromMs - slackMs && !isWoken;
  if (!isTooLate && !isTooEarly) return undefined;
  const what = before.isLocal ? 'a local fault' : before.condition.name;
  return `a look came ${Math.round(gapMs)} ms after ${what}, for which ${fromMs} to ${toMs} ms are right`;
}

/** Who changes a file, or asks, has a look within seconds. */
export function judgeWake(
  wokenMs: readonly number[],
  before: LookSeen,
  { beganMs }: LookSeen,
): string | undefined {
  const lateMs = Math.max(
    0,
    ...wokenMs
      .filter((atMs) => atMs > before.beganMs && atMs <= beganMs)
      .map((atMs) => beganMs - atMs),
  );
  return lateMs > wakeMs ? `woken, it looked ${Math.round(lateMs)} ms later` : undefined;
}

function boundsOf({ condition, isLocal }: LookSeen): readonly [fromMs: number, toMs: number] {
  if (isLocal) return [heartbeatMs, heartbeatMs];
  const { outcome, retryAfterMs } = condition;
  if (outcome === 'accepted') return [intervalMs, intervalMs];
  if (outcome === 'rejected') return [leastMs, 300_000];
  if (retryAfterMs === undefined) return [leastMs, 120_000];
  // Nobody puts us to sleep for longer than an hour; jitter adds half at most.
  const askedMs = Math.min(retryAfterMs, hourMs);
  return [Math.max(askedMs, leastMs), Math.max(askedMs * 1.5, 120_000)];
}

/** The most in any hour. */
export function busiestHour(timesMs: readonly number[]): number {
  return busiest(timesMs, hourMs);
}

function busiest(timesMs: readonly number[], withinMs: number): number {
  let first = 0;
  let most = 0;
  for (const [index, atMs] of timesMs.entries()) {
    while ((timesMs[first] ?? atMs) <= atMs - withinMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Of one life of the agent. */
export function judgeExperiments(timesMs: readonly number[]): readonly string[] {
  const inAnHour = busiestHour(timesMs);
  const atOnce = busiest(timesMs, 1);
  return [
    ...(inAnHour > maxExperimentsPerHour ? [`${inAnHour} experiments in an hour`] : []),
    ...(atOnce > maxExperimentsALook ? [`${atOnce} experiments after one look`] : []),
  ];
}
