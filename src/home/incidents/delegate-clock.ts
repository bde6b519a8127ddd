/** How late a report is, though the clock of its agent may be wrong by hours. */
import type { DelegateClock } from '../fleet/records.ts';

export interface Lateness {
  /** How much longer it took than it takes of late; 0 where that cannot be told. */
  readonly lateMs: number;
  /** Whether it tells of the past. */
  readonly isLate: boolean;
}

/** Reports this far apart come one by one; those that had to wait come together. */
const apartMs = 20_000;
const jitterMs = 10_000;

/**
 * The clocks' difference is the least time that a report took. It also becomes what a report took that came as long
 * after the one before by our clock as by the agent's: that one did not wait, and the agent's clock was set back.
 */
export function learnLateness(
  clock: DelegateClock,
  receivedMs: number,
  timeMs: number,
  limitMs: number,
): Lateness {
  const tookMs = receivedMs - timeMs;
  const before = clock.offsetMs;
  const ours = receivedMs - clock.receivedMs;
  const theirs = timeMs - clock.timeMs;
  const isSteady = before !== undefined && ours >= apartMs && Math.abs(ours - theirs) <= jitterMs;
  if (before === undefined || tookMs < before || isSteady) clock.offsetMs = tookMs;
  clock.receivedMs = receivedMs;
  clock.timeMs = timeMs;
  if (before === undefined) return { lateMs: 0, isLate: Math.abs(tookMs) > limitMs };
  const lateMs = tookMs - (clock.offsetMs ?? tookMs);
  return { lateMs, isLate: lateMs > limitMs };
}
