/**
 * How many sources each sender may bring: nobody crowds out others by names that it makes up. A source keeps its place
 * while it reports; a new one gets that of one that has long been silent, so that restarted pods are no crowd.
 */
import type { Clock } from '../base/clock.ts';

/** Of sources, by how long ago each was brought; the longest first. */
type Held = Map<string, number>;

/** Three heartbeats, as agents send them unless told otherwise. */
const silentMs = 15 * 60_000;
/** Of all senders together; beyond it those who have not been seen longest are forgotten, and begin anew. */
const maxHeld = 200_000;

export class SourcePlaces {
  readonly #clock: Clock;
  readonly #placesOf: (identity: string) => number;
  /** By identity; whoever was not seen longest first. */
  readonly #bySender = new Map<string, Held>();
  #count = 0;

  constructor(clock: Clock, placesOf: (identity: string) => number) {
    this.#clock = clock;
    this.#placesOf = placesOf;
  }

  /** Gives 0 when the source has a place now, or the milliseconds until the next one may be free. */
  take(identity: string, source: string): number {
    const places = this.#placesOf(identity);
    if (places === Number.POSITIVE_INFINITY) return 0;
    const nowMs = this.#clock.monotonicMs();
    const held = this.#heldBy(identity);
    if (held.delete(source)) this.#count -= 1;
    else {
      const waitMs = this.#makeRoom(held, places, nowMs);
      if (waitMs > 0) return waitMs;
    }
    held.set(source, nowMs);
    this.#count += 1;
    if (this.#count > maxHeld) this.#forget(identity);
    return 0;
  }

  #heldBy(identity: string): Held {
    const held: Held = this.#bySender.get(identity) ?? new Map();
    this.#bySender.delete(identity);
    this.#bySender.set(identity, held);
    return held;
  }

  #makeRoom(held: Held, places: number, nowMs: number): number {
    for (const [source, heardMs] of held) {
      if (held.size < places) return 0;
      const waitMs = heardMs + silentMs - nowMs;
      if (waitMs > 0) return waitMs;
      held.delete(source);
      this.#count -= 1;
    }
    return 0;
  }

  #forget(current: string): void {
    for (const [identity, { size }] of this.#bySender) {
      if (identity === current) return;
      this.#bySender.delete(identity);
      this.#count -= size;
      if (this.#count <= maxHeld / 2) return;
    }
  }
}
