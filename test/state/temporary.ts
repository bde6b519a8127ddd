/** Directories that end with the test, clocks that stand still, reports small enough to read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import { isoTime, systemClock } from '../../src/base/clock.ts';
import { systemRandom, uuidV7 } from '../../src/base/random.ts';
import type { Report } from '../../src/report/report.ts';

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sidelight-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface SteppedClock extends Clock {
  /** Time passes: both clocks move. */
  pass(ms: number): void;
  /** The wall clock is set; no time passes. */
  step(ms: number): void;
}

export function steppedClock(startMs = Date.UTC(2026, 10, 23, 14)): SteppedClock {
  let wall = startMs;
  let monotonic = 1_000;
  return {
    ...systemClock,
    now: () => wall,
    monotonicMs: () => monotonic,
    pass: (ms) => {
      wall += ms;
      monotonic += ms;
    },
    step: (ms) => {
      wall += ms;
    },
  };
}

/** As much of a report as the way home looks at. `padding` makes it larger. */
export function someReport(facts: { id?: string; time?: string; padding?: number } = {}): Report {
  const report = {
    schema: 'sidelight.report/1',
    id: facts.id ?? uuidV7(Date.now(), systemRandom),
    time: facts.time ?? isoTime(Date.now()),
    outcome: 'accepted',
    target: { url: 'https://gateway.example/' },
    ...(facts.padding && { padding: 'x'.repeat(facts.padding) }),
  };
  return report as unknown as Report;
}
