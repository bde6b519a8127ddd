/** A clock that begins in the past, is moved on by hand, and then goes on as the machine's own. */
import { type Clock, systemClock } from '../../src/base/clock.ts';

/** Shorter waits gather what arrives together, and are real. */
const realBelowMs = 500;

interface Waiting {
  readonly atMs: number;
  readonly callback: () => void;
  cancel?: () => void;
}

export class MovingClock implements Clock {
  #nowMs: number | undefined;
  readonly #waiting = new Set<Waiting>();

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs ?? systemClock.now();
  }

  monotonicMs(): number {
    return this.now();
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(delayMs, signal);
  }

  after(delayMs: number, callback: () => void): () => void {
    if (this.#nowMs === undefined || delayMs < realBelowMs) {
      return systemClock.after(delayMs, callback);
    }
    const waiting: Waiting = { atMs: this.#nowMs + delayMs, callback };
    this.#waiting.add(waiting);
    return () => {
      this.#waiting.delete(waiting);
      waiting.cancel?.();
    };
  }

  moveTo(nowMs: number): void {
    this.#nowMs = nowMs;
    for (const waiting of [...this.#waiting]) {
      if (waiting.atMs <= nowMs && this.#waiting.delete(waiting)) waiting.callback();
    }
  }

  /** From now on it is the machine's. */
  release(): void {
    this.#nowMs = undefined;
    for (const waiting of this.#waiting) {
      const delayMs = Math.max(waiting.atMs - this.now(), 0);
      waiting.cancel = systemClock.after(delayMs, waiting.callback);
    }
    this.#waiting.clear();
  }
}
