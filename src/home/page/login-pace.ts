/** How often somebody may try to log in: a few at once, and then slowly, from one network and from all together. */
import type { Clock } from '../../base/clock.ts';

interface Bucket {
  left: number;
  atMs: number;
}

const maxNetworks = 1_000;
const each = { burst: 10, refillMs: 6_000 } as const;
const together = { burst: 100, refillMs: 600 } as const;

export class LoginPace {
  readonly #clock: Clock;
  readonly #together: Bucket;
  readonly #networks = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#together = { left: together.burst, atMs: clock.monotonicMs() };
  }

  /** Milliseconds to wait; 0: go on. */
  take(network: string): number {
    const nowMs = this.#clock.monotonicMs();
    const bucket = this.#networks.get(network) ?? { left: each.burst, atMs: nowMs };
    this.#networks.delete(network);
    this.#networks.set(network, bucket);
    const [oldest] = this.#networks.keys();
    if (oldest !== undefined && this.#networks.size > maxNetworks) this.#networks.delete(oldest);
    const waitMs = Math.max(refill(bucket, each, nowMs), refill(this.#together, together, nowMs));
    if (waitMs > 0) return waitMs;
    bucket.left -= 1;
    this.#together.left -= 1;
    return 0;
  }

  /** Who succeeded is not held to it. */
  giveBack(network: string): void {
    const bucket = this.#networks.get(network);
    if (bucket) bucket.left += 1;
    this.#together.left += 1;
  }
}

/** Milliseconds until there is one. */
function refill(
  bucket: Bucket,
  { burst, refillMs }: { readonly burst: number; readonly refillMs: number },
  nowMs: number,
): number {
  bucket.left = Math.min(burst, bucket.left + (nowMs - bucket.atMs) / refillMs);
  bucket.atMs = nowMs;
  return bucket.left >= 1 ? 0 : Math.ceil((1 - bucket.left) * refillMs);
}
