/** The Retry-After header of HTTP (RFC 9110 section 10.2.3): seconds or a date. */
import { parseTime } from '../base/clock.ts';

/** Milliseconds from `nowMs` that the peer asks us to wait, never negative; undefined when the header says nothing readable. */
export function parseRetryAfter(header: string, nowMs: number): number | undefined {
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  const untilMs = parseTime(text);
  return untilMs === undefined ? undefined : Math.max(untilMs - nowMs, 0);
}
