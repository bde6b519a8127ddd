/** A list that stays sorted by order of arrival and keeps the earliest, whatever the order of additions. */

export interface Ordered {
  readonly order: number;
}

/** Entries of one order keep the order in which they were added. */
export class BoundedOrder<Entry extends Ordered> {
  readonly #limit: number;
  readonly #entries: Entry[] = [];
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get dropped(): number {
    return this.#dropped;
  }

  add(entry: Entry): void {
    let at = this.#entries.length;
    while (at > 0 && (this.#entries[at - 1]?.order ?? 0) > entry.order) at -= 1;
    this.#entries.splice(at, 0, entry);
    if (this.#entries.length > this.#limit) {
      this.#entries.pop();
      this.#dropped += 1;
    }
  }
}
