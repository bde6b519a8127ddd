/** Which reports of one batch home has answered for, and how: whatever order, how often and over how many connections. */
import type { Delivered } from '../../delivery/carrier.ts';

export class BatchAnswers {
  readonly #ids: ReadonlySet<string>;
  readonly #stored = new Set<string>();
  /** Reason by id. */
  readonly #refused = new Map<string, string>();

  /** What was answered of `earlier` holds on: an acknowledgement does not end with its connection. */
  constructor(ids: readonly string[], earlier?: BatchAnswers) {
    this.#ids = new Set(ids);
    if (!earlier) return;
    for (const id of earlier.#stored) this.store(id);
    for (const [id, reason] of earlier.#refused) this.refuse(id, reason);
  }

  isOpen(id: string): boolean {
    return this.#ids.has(id) && !this.#stored.has(id) && !this.#refused.has(id);
  }

  get isComplete(): boolean {
    return this.#stored.size + this.#refused.size === this.#ids.size;
  }

  /** Whether it was news. The first answer for an id is the one that counts. */
  store(id: string): boolean {
    const isNews = this.isOpen(id);
    if (isNews) this.#stored.add(id);
    return isNews;
  }

  refuse(id: string, reason: string): boolean {
    const isNews = this.isOpen(id);
    if (isNews) this.#refused.set(id, reason);
    return isNews;
  }

  /** To be asked when it is complete. */
  delivered(): Delivered {
    if (this.#refused.size === 0) return { verdict: 'delivered' };
    const reasons = [...new Set(this.#refused.values())].sort();
    const refused = { ids: [...this.#refused.keys()], reason: reasons.slice(0, 4).join(',') };
    return { verdict: 'delivered', refused };
  }
}
