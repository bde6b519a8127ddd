/** Places for connections, of which the last are kept for senders that hold few: one that takes all it can get shuts nobody out. */

export interface PlaceLimits {
  readonly connections: number;
  /** Of them, for senders that hold at most `few`. */
  readonly reserved: number;
  readonly few: number;
}

export class Places {
  readonly #limits: PlaceLimits;
  readonly #bySender = new Map<string, number>();
  #taken = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /** Whether there was one. */
  take(identity: string): boolean {
    const { connections, reserved, few } = this.#limits;
    const own = this.#bySender.get(identity) ?? 0;
    if (this.#taken >= (own < few ? connections : connections - reserved)) return false;
    this.#taken += 1;
    this.#bySender.set(identity, own + 1);
    return true;
  }

  leave(identity: string): void {
    const own = this.#bySender.get(identity) ?? 0;
    this.#taken -= 1;
    if (own > 1) this.#bySender.set(identity, own - 1);
    else this.#bySender.delete(identity);
  }
}
