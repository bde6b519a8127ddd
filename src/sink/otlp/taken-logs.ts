/** Which reports of the batches in hand are logs at the Collector already, so that trouble with metrics sends none again. */
import type { ReadReport } from './read-batch.ts';

/** Ten batches; what is forgotten is sent again, and known downstream by its id. */
const maxTaken = 1_000;

export class TakenLogs {
  readonly #ids = new Set<string>();
  #rejected = 0;

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** `rejected` of them were refused for good. */
  add(reports: readonly ReadReport[], rejected: number): void {
    this.#rejected += rejected;
    for (const { id } of reports) this.#ids.add(id);
    for (const id of this.#ids) {
      if (this.#ids.size <= maxTaken) break;
      this.#ids.delete(id);
    }
  }

  /** These are done with; how many were refused since the last time. */
  settle(reports: readonly ReadReport[]): number {
    for (const { id } of reports) this.#ids.delete(id);
    const rejected = this.#rejected;
    this.#rejected = 0;
    return rejected;
  }
}
