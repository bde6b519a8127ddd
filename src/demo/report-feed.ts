/** The agent's reports as they come, for a story that waits for the next one. */
import type { Clock } from '../base/clock.ts';
import type { Report } from '../report/report.ts';

const patienceMs = 30_000;

export class ReportFeed {
  readonly #clock: Clock;
  #wanted: { readonly outcome: string; readonly give: (report?: Report) => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(report: Report): void {
    if (report.outcome === this.#wanted?.outcome) this.#wanted.give(report);
  }

  /** The next report with this outcome; undefined when none comes in time, or the signal ends the wait. */
  async next(outcome: Report['outcome'], signal: AbortSignal): Promise<Report | undefined> {
    const { promise, resolve } = Promise.withResolvers<Report | undefined>();
    const giveUp = (): void => resolve(undefined);
    this.#wanted = { outcome, give: resolve };
    const cancel = this.#clock.after(patienceMs, giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      return await promise;
    } finally {
      cancel();
      signal.removeEventListener('abort', giveUp);
      this.#wanted = undefined;
    }
  }
}
