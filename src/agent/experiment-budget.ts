/** How many experiments one target may cost: so many connections in any hour. */
import type { Clock } from '../base/clock.ts';

/** Of `run`, for each target. Each experiment is one connection. */
export const connectionsPerHour = 60;

const hourMs = 3_600_000;

/** One for each target under watch. */
export class ExperimentBudget {
  readonly #clock: Clock;
  #spentAtMs: readonly number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Spends up to `wanted` connections and gives how many that are. */
  readonly grant = (wanted: number): number => {
    const nowMs = this.#clock.monotonicMs();
    const recent = this.#spentAtMs.filter((atMs) => nowMs - atMs < hourMs);
    const granted = Math.min(wanted, connectionsPerHour - recent.length);
    this.#spentAtMs = [...recent, ...Array<number>(granted).fill(nowMs)];
    return granted;
  };
}
