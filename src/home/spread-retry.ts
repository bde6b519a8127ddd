/** When to come again, told so that those who were turned away together do not return together. */
import type { Random } from '../base/random.ts';

const leastMs = 1_000;
const mostMs = 300_000;

/** From the wait itself to twice as long, in whole milliseconds, between 1 s and 5 min. */
export function spreadRetry(waitMs: number, random: Random): number {
  const baseMs = Math.min(Math.max(waitMs, leastMs), mostMs / 2);
  return Math.round(baseMs * (1 + random.fraction()));
}

/** As Retry-After carries it: whole seconds, never early. */
export function retryAfterSeconds(retryAfterMs: number): string {
  return String(Math.ceil(retryAfterMs / 1_000));
}
