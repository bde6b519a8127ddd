/** Full-jitter backoff as arithmetic: attempt number and random fraction in, delay in milliseconds out. */

/** The bounds of one backoff, all in milliseconds. */
export interface Backoff {
  /** Upper bound of the first delay; it doubles with every further failure. */
  readonly baseMs: number;
  /** No upper bound grows beyond this. */
  readonly capMs: number;
  /** No delay is shorter than this. */
  readonly floorMs: number;
}

/** Every parameter of retrying, chosen so that a fleet without an appointment stays without one. */
export const retryDefaults = {
  /** A gateway that did not answer, or answered with trouble of its own. */
  probe: { baseMs: 5_000, capMs: 120_000, floorMs: 1_000 },
  /** A gateway that refused who we are: only a person changes that. */
  refusal: { baseMs: 5_000, capMs: 300_000, floorMs: 1_000 },
  /** A home that did not take a batch. */
  delivery: { baseMs: 5_000, capMs: 300_000, floorMs: 1_000 },
  /** Our own files are at fault: no attempt; the agent watches the files itself. */
  localFaultMs: 15 * 60_000,
  /** The first look after the start is uniform over this. */
  initialSpreadMs: 10_000,
  /** Failures are forgotten once proven acceptance has held for this long. */
  resetAfterMs: 60_000,
  /** A delay that the peer asked for grows by up to this share of itself. */
  retryAfterJitter: 0.5,
  /** No peer puts us to sleep for longer than this. */
  retryAfterMaxMs: 3_600_000,
} as const;

/**
 * Delay after the `failures`th failure in a row (from 1), uniform between the floor and the bound of that failure.
 * `fraction` is uniform over [0, 1).
 */
export function fullJitter(backoff: Backoff, failures: number, fraction: number): number {
  const { baseMs, capMs, floorMs } = backoff;
  const boundMs = Math.min(capMs, baseMs * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return floorMs + fraction * Math.max(boundMs - floorMs, 0);
}

/** Raises a delay to what the peer asked for, plus jitter, so that those who were sent away together do not return together. */
export function respectRetryAfter(
  delayMs: number,
  retryAfterMs: number | undefined,
  fraction: number,
): number {
  if (retryAfterMs === undefined) return delayMs;
  const { retryAfterMaxMs, retryAfterJitter } = retryDefaults;
  const askedMs = Math.min(Math.max(retryAfterMs, 0), retryAfterMaxMs);
  return Math.max(delayMs, askedMs * (1 + retryAfterJitter * fraction));
}

/** Delay before the first look. */
export function initialDelay(fraction: number): number {
  return fraction * retryDefaults.initialSpreadMs;
}
