/** When those who are turned away find room: one after the other, at the pace at which home works off what it has. */
import type { Clock } from '../base/clock.ts';

/** As long as nothing has been measured. */
const usualPerSecond = 2_500;
const leastPerSecond = 50;
/** Less says little, more is of another time. */
const window = { leastMs: 500, mostMs: 5_000 } as const;

/**
 * Each who is refused is given the next free moment, so that ten thousand do not come back to a home that can take
 * five hundred a second, and are refused again.
 */
export class Slots {
  readonly #clock: Clock;
  #perSecond = usualPerSecond;
  #done = 0;
  #sinceMs: number;
  #lastMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonicMs();
  }

  /** So many were worked off. */
  did(count: number): void {
    this.#done += count;
  }

  /** Milliseconds until somebody who would bring `count` finds room behind the `waiting` and behind those who were told before. */
  next(waiting: number, count = 1): number {
    const nowMs = this.#clock.monotonicMs();
    this.#measure(nowMs);
    const freeMs = nowMs + (waiting / this.#perSecond) * 1_000;
    this.#lastMs = Math.max(this.#lastMs, freeMs) + (count / this.#perSecond) * 1_000;
    return Math.ceil(this.#lastMs - nowMs);
  }

  /** Only while somebody is refused, for an idle home works off little. */
  #measure(nowMs: number): void {
    const elapsedMs = nowMs - this.#sinceMs;
    if (elapsedMs < window.leastMs) return;
    if (elapsedMs <= window.mostMs) {
      this.#perSecond = Math.max(leastPerSecond, (this.#done / elapsedMs) * 1_000);
    }
    this.#done = 0;
    this.#sinceMs = nowMs;
  }
}
