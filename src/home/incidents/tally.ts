/** How many began to fail when, in steps of half a minute: where most of them lie within one window. */

export interface Tally {
  count: number;
  /** By number of the step since 1970; empty steps are absent. */
  readonly steps: Map<number, number>;
}

export interface Window {
  /** Its beginning, milliseconds since 1970. */
  readonly fromMs: number;
  readonly count: number;
}

const stepMs = 30_000;

export function newTally(): Tally {
  return { count: 0, steps: new Map() };
}

/** `by` is 1 or -1. */
export function addToTally(tally: Tally, atMs: number, by: 1 | -1): void {
  const step = Math.floor(atMs / stepMs);
  const there = (tally.steps.get(step) ?? 0) + by;
  tally.count += by;
  if (there > 0) tally.steps.set(step, there);
  else tally.steps.delete(step);
}

/** Of the windows of this length that hold the time, the one that holds most; of equals the earliest. */
export function densestWindow({ steps }: Tally, aroundMs: number, windowMs: number): Window {
  const length = Math.max(Math.ceil(windowMs / stepMs), 1);
  const around = Math.floor(aroundMs / stepMs);
  const first = around - length + 1;
  let count = 0;
  for (let step = first; step <= around; step += 1) count += steps.get(step) ?? 0;
  let best = { fromMs: first * stepMs, count };
  for (let from = first + 1; from <= around; from += 1) {
    count += (steps.get(from + length - 1) ?? 0) - (steps.get(from - 1) ?? 0);
    if (count > best.count) best = { fromMs: from * stepMs, count };
  }
  return best;
}

/** How many lie in the window of this length that begins then. */
export function countWithin({ steps }: Tally, fromMs: number, windowMs: number): number {
  const first = Math.floor(fromMs / stepMs);
  const end = first + Math.max(Math.ceil(windowMs / stepMs), 1);
  let count = 0;
  for (let step = first; step < end; step += 1) count += steps.get(step) ?? 0;
  return count;
}

/** Of all windows of this length, the one that holds most. */
export function densestOfAll(tally: Tally, windowMs: number): Window {
  let best: Window = { fromMs: 0, count: 0 };
  for (const step of tally.steps.keys()) {
    const window = densestWindow(tally, step * stepMs, windowMs);
    if (window.count > best.count) best = window;
  }
  return best;
}
