/**
 * How much each sender may bring. Each has a bucket of its own, filled at a rate that one delegate never
 * needs and deep enough for a week's backlog; what goes beyond it is taken from one pool that all share, so
 * that a whole fleet may come with one token, and nobody can use up what belongs to another.
 */
import type { Clock } from '../base/clock.ts';

type Goods = 'reports' | 'octets';

interface Ration {
  readonly perSecond: number;
  readonly burst: number;
}

const own: Readonly<Record<Goods, Ration>> = {
  reports: { perSecond: 100, burst: 10_000 },
  octets: { perSecond: 2e6, burst: 128e6 },
};
const shared: Readonly<Record<Goods, Ration>> = {
  reports: { perSecond: 3_000, burst: 30_000 },
  octets: { perSecond: 40e6, burst: 256e6 },
};
/** Beyond it, those who have not been seen longest are forgotten, and begin anew with a full bucket. */
const maxSenders = 20_000;

export class Rations {
  readonly #clock: Clock;
  readonly #pool: Readonly<Record<Goods, Bucket>>;
  readonly #own = new Map<string, Readonly<Record<Goods, Bucket>>>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#pool = bucketsOf(shared, clock.monotonicMs());
  }

  get senders(): number {
    return this.#own.size;
  }

  /** Takes all of it and gives 0, or takes nothing and gives the milliseconds to wait. */
  take(identity: string, goods: Goods, amount: number): number {
    const nowMs = this.#clock.monotonicMs();
    const bucket = this.#ownOf(identity, nowMs)[goods];
    const waitMs = bucket.take(amount, nowMs);
    if (waitMs === 0) return 0;
    return Math.min(waitMs, this.#pool[goods].take(amount, nowMs));
  }

  #ownOf(identity: string, nowMs: number): Readonly<Record<Goods, Bucket>> {
    const buckets = this.#own.get(identity) ?? bucketsOf(own, nowMs);
    // Anew at the end: the first is whoever was not seen longest.
    this.#own.delete(identity);
    this.#own.set(identity, buckets);
    if (this.#own.size > maxSenders) this.#forget();
    return buckets;
  }

  /** Many at once, for the first of a map is slow to find. */
  #forget(): void {
    let left = maxSenders / 10;
    for (const identity of this.#own.keys()) {
      if (left === 0) return;
      this.#own.delete(identity);
      left -= 1;
    }
  }
}

function bucketsOf(
  rations: Readonly<Record<Goods, Ration>>,
  nowMs: number,
): Readonly<Record<Goods, Bucket>> {
  return {
    reports: new Bucket(rations.reports, nowMs),
    octets: new Bucket(rations.octets, nowMs),
  };
}

class Bucket {
  readonly #ration: Ration;
  #level: number;
  #atMs: number;

  constructor(ration: Ration, nowMs: number) {
    this.#ration = ration;
    this.#level = ration.burst;
    this.#atMs = nowMs;
  }

  take(amount: number, nowMs: number): number {
    const { perSecond, burst } = this.#ration;
    this.#level = Math.min(burst, this.#level + ((nowMs - this.#atMs) / 1_000) * perSecond);
    this.#atMs = nowMs;
    // More than it can ever hold is let through when it is full.
    const missing = Math.min(amount, burst) - this.#level;
    if (missing > 0) return Math.ceil((missing / perSecond) * 1_000);
    this.#level -= amount;
    return 0;
  }
}
