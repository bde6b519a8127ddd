/**
 * The clock by which reports age. Within a process it is the monotonic one, so that a step of the wall clock ages
 * nothing; between two lives there is only the wall clock, which is believed for a day at most.
 */
import type { Clock } from '../../base/clock.ts';

/** What is kept between two lives: the wall clock and this one, read at the same moment, both in milliseconds. */
interface Reading {
  readonly wallMs: number;
  readonly spoolMs: number;
}

/** Of the 72 hours that a report may wait, a wrong clock takes a third at most. */
const maxAbsenceMs = 24 * 3_600_000;

/** Milliseconds; only differences mean anything. `kept` is what `readingText` gave in an earlier life. */
export function spoolClock(clock: Clock, kept: string | undefined): () => number {
  const offsetMs = begin(clock.now(), kept) - clock.monotonicMs();
  return () => Math.trunc(offsetMs + clock.monotonicMs());
}

export function readingText(clock: Clock, spoolMs: number): string {
  return `${Math.trunc(clock.now())} ${spoolMs}`;
}

function begin(wallMs: number, kept: string | undefined): number {
  const before = parse(kept);
  if (!before) return wallMs;
  return before.spoolMs + Math.min(Math.max(wallMs - before.wallMs, 0), maxAbsenceMs);
}

function parse(text: string | undefined): Reading | undefined {
  const [, wall, spool] = /^(\d{1,15}) (\d{1,15})$/.exec(text ?? '') ?? [];
  return wall === undefined || spool === undefined
    ? undefined
    : { wallMs: Number(wall), spoolMs: Number(spool) };
}
