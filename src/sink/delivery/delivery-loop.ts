/** The delivery loop: takes reports from the spool to one receiver, at least once, in order, one batch in flight. */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Backoff } from '../../retry/backoff.ts';
import { fullJitter, respectRetryAfter, retryDefaults } from '../../retry/backoff.ts';
import type { Cursor, SpooledReport } from '../spool/spooled-report.ts';
import type { Carried, Carrier, Delivered, Later, Refused } from './carrier.ts';
import type { Trouble } from './trouble.ts';
import { troubleOfError } from './trouble.ts';

export interface DeliveryOptions {
  readonly carrier: Carrier;
  readonly spool: Cursor;
  readonly clock: Clock;
  readonly random: Random;
  /** Called once per change, with `none` when it is over. Must not throw. */
  readonly onTrouble?: (trouble: Trouble) => void;
  readonly backoff?: Backoff;
  /** Of one attempt, from the dial to the end of the answer. */
  readonly timeoutMs?: number;
}

const maxBatchCount = 100;
const maxBatchBytes = 1024 * 1024;
/** How often a credential that was refused or could not be read is compared with its files. */
const askCredentialMs = 5_000;
/** A guest (`check`) may add to the same spool without a word. */
const idlePollMs = 60_000;
/** After a batch was taken a receiver may ask for this much patience. */
const maxPauseMs = 60_000;

export class DeliveryLoop {
  readonly #options: DeliveryOptions;
  readonly #backoff: Backoff;
  readonly #ending = new AbortController();
  #running: Promise<void> | undefined;
  #rest: { readonly idle: boolean; readonly end: AbortController } | undefined;
  #woken = false;
  #flushing: PromiseWithResolvers<void> | undefined;
  #failures = 0;
  /** Halved when the receiver finds a batch too much, grown again with every batch that it takes. */
  #batchCount = maxBatchCount;
  /** The end of the batch that is being retried: it stays the same batch. */
  #through: number | undefined;
  #trouble: Trouble = { code: 'none' };

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#backoff = options.backoff ?? retryDefaults.delivery;
  }

  /** Begins to deliver what waits; returns at once. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Something was added. Ends idleness, never a backoff. */
  wake(): void {
    this.#woken = true;
    if (this.#rest?.idle) this.#rest.end.abort();
  }

  /** One more try now, whatever the backoff, for as long as batches are taken and at most `deadlineMs`; whether the spool is empty. */
  async flush(deadlineMs: number): Promise<boolean> {
    if (this.#running && !this.#ending.signal.aborted) {
      const flushing = Promise.withResolvers<void>();
      this.#flushing = flushing;
      this.#rest?.end.abort();
      const cancel = this.#options.clock.after(deadlineMs, flushing.resolve);
      await flushing.promise;
      cancel();
      this.#flushing = undefined;
    }
    return this.#options.spool.stats().waiting === 0;
  }

  /** Ends the loop and the attempt in flight; what is not acknowledged stays in the spool. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    await this.#options.carrier.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      this.#woken = false;
      const { delayMs, idle } = await this.#attempt();
      if (delayMs === 0 || signal.aborted) continue;
      // Added while nothing waited: there is something to take home before any rest.
      if (idle && this.#woken) continue;
      this.#flushing?.resolve();
      await this.#sleep(delayMs, idle);
    }
    this.#flushing?.resolve();
  }

  async #sleep(delayMs: number, idle: boolean): Promise<void> {
    const end = new AbortController();
    this.#rest = { idle, end };
    const signal = AbortSignal.any([end.signal, this.#ending.signal]);
    if (!hasCredentialTrouble(this.#trouble)) await this.#options.clock.sleep(delayMs, signal);
    else await this.#awaitCredential(delayMs, signal);
    this.#rest = undefined;
  }

  /** For as long as the rest lasts, or until there is another credential to show. */
  async #awaitCredential(delayMs: number, signal: AbortSignal): Promise<void> {
    const { carrier, clock } = this.#options;
    for (let leftMs = delayMs; leftMs > 0 && !signal.aborted; leftMs -= askCredentialMs) {
      await clock.sleep(Math.min(leftMs, askCredentialMs), signal);
      if (await carrier.hasChanged?.()) return;
    }
  }

  async #attempt(): Promise<{ readonly delayMs: number; readonly idle: boolean }> {
    try {
      const batch = this.#options.spool.nextBatch({
        maxCount: this.#batchCount,
        maxBytes: maxBatchBytes,
        ...(this.#through !== undefined && { through: this.#through }),
      });
      const last = batch.at(-1);
      if (last === undefined) {
        // The batch to retry may have been dropped for its age; something later may wait.
        const again = this.#through !== undefined;
        this.#through = undefined;
        return { delayMs: again ? 0 : idlePollMs, idle: !again };
      }
      this.#through = last.sequence;
      return { delayMs: this.#conclude(batch, await this.#carry(batch)), idle: false };
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#say(troubleOfError(error));
      return { delayMs: this.#backOff({ verdict: 'retry' }), idle: false };
    }
  }

  async #carry(batch: readonly SpooledReport[]): Promise<Carried> {
    const { carrier, clock, timeoutMs = 10_000 } = this.#options;
    const timeout = new AbortController();
    const cancel = clock.after(timeoutMs, () =>
      timeout.abort(new DOMException('the receiver took too long', 'TimeoutError')),
    );
    try {
      return await carrier.carry(batch, AbortSignal.any([timeout.signal, this.#ending.signal]));
    } finally {
      cancel();
    }
  }

  /** Milliseconds until the next attempt; 0 means at once. */
  #conclude(batch: readonly SpooledReport[], carried: Carried): number {
    if (carried.verdict === 'delivered') return this.#delivered(batch, carried);
    if (carried.verdict === 'split' && batch.length > 1) return this.#split(batch);
    this.#say(carried.trouble);
    if (!('reason' in carried)) return this.#backOff(carried);
    if (carried.verdict !== 'stop') return this.#setAside(batch, carried);
    this.#ending.abort();
    return 0;
  }

  #delivered(
    batch: readonly SpooledReport[],
    { refused, refusedCount = 0, retryAfterMs = 0 }: Delivered,
  ): number {
    const { spool } = this.#options;
    if (refused) spool.setAside(refused.ids, refused.reason);
    if (refusedCount > 0) spool.lose('rejected', refusedCount);
    spool.acknowledge(batch.map(({ id }) => id));
    this.#through = undefined;
    this.#failures = 0;
    this.#batchCount = Math.min(maxBatchCount, Math.ceil(this.#batchCount * 1.25));
    this.#say({ code: 'none' });
    return Math.min(retryAfterMs, maxPauseMs);
  }

  #split(batch: readonly SpooledReport[]): number {
    this.#batchCount = Math.floor(batch.length / 2);
    this.#through = undefined;
    return 0;
  }

  /** Then gently: whoever refuses everything leaves people time to see it. */
  #setAside(batch: readonly SpooledReport[], { reason }: Refused): number {
    this.#options.spool.setAside(
      batch.map(({ id }) => id),
      reason,
    );
    this.#through = undefined;
    this.#failures = 0;
    return fullJitter(this.#backoff, 1, this.#options.random.fraction());
  }

  #backOff({ verdict, retryAfterMs }: Pick<Later, 'verdict' | 'retryAfterMs'>): number {
    this.#failures += 1;
    const fraction = this.#options.random.fraction();
    // A pause is near the longest delay, and still not everybody's at the same moment.
    const ownMs =
      verdict === 'pause'
        ? this.#backoff.capMs * (0.5 + fraction / 2)
        : fullJitter(this.#backoff, this.#failures, fraction);
    return respectRetryAfter(ownMs, retryAfterMs, fraction);
  }

  #say(trouble: Trouble): void {
    const { code, status, error } = this.#trouble;
    if (code === trouble.code && status === trouble.status && error === trouble.error) return;
    this.#trouble = trouble;
    this.#options.onTrouble?.(trouble);
  }
}

function hasCredentialTrouble({ code }: Trouble): boolean {
  return code === 'unauthorized' || code === 'credential-unreadable';
}
