/** A clock whose time passes only when it is told to, so that weeks take minutes; its wall clock can be wrong. */
import type { Clock } from '../../src/base/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly ring: () => void;
}

export class SimulatedClock implements Clock {
  readonly #startMs: number;
  readonly #timers = new Set<Timer>();
  #elapsedMs = 0;
  #wrongByMs = 0;
  #sleepers = 0;

  /** `startMs`: what the wall clock says at the beginning. */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.trueMs() + this.#wrongByMs;
  }

  /** What every other machine's clock says. */
  trueMs(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      this.#sleepers += 1;
      const done = (): void => {
        this.#sleepers -= 1;
        cancel();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.after(delayMs, done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: this.#elapsedMs + delayMs, ring: callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Somebody set the wall clock; no time passes. 0: it is right again. */
  setWrongBy(ms: number): void {
    this.#wrongByMs = ms;
  }

  /** How many wait for time to pass, and for nothing else. */
  get sleepers(): number {
    return this.#sleepers;
  }

  /** When the next timer is due; never later than `untilMs`, monotonic. */
  nextMs(untilMs: number): number {
    let next = untilMs;
    for (const { dueMs } of this.#timers) next = Math.min(next, dueMs);
    return Math.max(next, this.#elapsedMs);
  }

  /** Time passes until then, and what is due by then rings, the earliest first. */
  passTo(elapsedMs: number): void {
    this.#elapsedMs = Math.max(this.#elapsedMs, elapsedMs);
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= this.#elapsedMs);
    for (const timer of due.toSorted((one, other) => one.dueMs - other.dueMs)) {
      if (this.#timers.delete(timer)) timer.ring();
    }
  }
}
