/** Who is logged in, by the random text that their browser keeps: bounded in number and age, and asked anew each time. */
import { createHmac, hash } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { Secret } from '../../base/secret.ts';

export interface Session {
  /** Of the operator, as in the token file. */
  readonly name: string;
  /** Stands in every form that this session is shown. */
  readonly formToken: string;
}

interface Kept {
  readonly token: Secret;
  readonly sinceMs: number;
  usedMs: number;
}

export interface SessionLimits {
  readonly sessions: number;
  /** From the login on. */
  readonly maxAgeMs: number;
  /** Without a request. */
  readonly maxIdleMs: number;
}

const hour = 3_600_000;
const usualLimits: SessionLimits = { sessions: 256, maxAgeMs: 12 * hour, maxIdleMs: 2 * hour };

/** Gives the operator's name, or undefined when the token is not good any more. */
export type CheckToken = (token: string) => string | undefined;

export class Sessions {
  readonly #check: CheckToken;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #limits: SessionLimits;
  readonly #key: Uint8Array;
  /** By digest of the id, the longest unused first: how long a look-up takes says nothing about an id. */
  readonly #kept = new Map<string, Kept>();

  constructor(check: CheckToken, clock: Clock, random: Random, limits = usualLimits) {
    this.#check = check;
    this.#clock = clock;
    this.#random = random;
    this.#limits = limits;
    this.#key = random.bytes(32);
  }

  get size(): number {
    return this.#kept.size;
  }

  /** The id of a new session, 256 bits; undefined when the token opens nothing. */
  open(token: string): string | undefined {
    if (this.#check(token) === undefined) return undefined;
    const nowMs = this.#clock.monotonicMs();
    const id = Buffer.from(this.#random.bytes(32)).toString('base64url');
    this.#kept.set(digestOf(id), { token: new Secret(token), sinceMs: nowMs, usedMs: nowMs });
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > this.#limits.sessions) this.#kept.delete(oldest);
    return id;
  }

  find(id: string): Session | undefined {
    const key = digestOf(id);
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    this.#kept.delete(key);
    const nowMs = this.#clock.monotonicMs();
    const { maxAgeMs, maxIdleMs } = this.#limits;
    const isOld = nowMs - kept.sinceMs > maxAgeMs || nowMs - kept.usedMs > maxIdleMs;
    const name = isOld ? undefined : this.#check(kept.token.reveal());
    if (name === undefined) return undefined;
    kept.usedMs = nowMs;
    this.#kept.set(key, kept);
    return { name, formToken: this.formTokenOf(id) };
  }

  end(id: string): void {
    this.#kept.delete(digestOf(id));
  }

  /** Bound to this process and to whoever it is for. */
  formTokenOf(whom: string): string {
    return createHmac('sha256', this.#key).update(whom).digest('base64url');
  }
}

function digestOf(id: string): string {
  return hash('sha256', id, 'base64url');
}
