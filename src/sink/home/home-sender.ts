/** The delivery loop: takes reports from the spool to home, at least once, in order, one batch in flight. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { HomeConfig } from '../../config/config.ts';
import type { Backoff } from '../../retry/backoff.ts';
import { fullJitter, respectRetryAfter, retryDefaults } from '../../retry/backoff.ts';
import type { Spool, SpooledReport } from '../spool/spool.ts';
import { batchContentType, cloudEventBatch } from './cloud-event.ts';
import type { Answer } from './home-connection.ts';
import { HomeConnection } from './home-connection.ts';
import { readHomeCredential } from './home-credential.ts';
import type { Verdict } from './judge-answer.ts';
import { judgeStatus } from './judge-answer.ts';
import type { Trouble } from './trouble.ts';
import { troubleOfError, troubleOfStatus } from './trouble.ts';

export interface HomeSenderOptions {
  readonly home: HomeConfig;
  /** Becomes the events' `source`. */
  readonly agentId: string;
  readonly spool: Spool;
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
/** A guest (`check`) may add to the same spool without a word. */
const idlePollMs = 60_000;

export class HomeSender {
  readonly #options: HomeSenderOptions;
  readonly #backoff: Backoff;
  readonly #connection: HomeConnection;
  readonly #ending = new AbortController();
  #running: Promise<void> | undefined;
  #rest: { readonly idle: boolean; readonly end: AbortController } | undefined;
  #woken = false;
  #flushing: PromiseWithResolvers<void> | undefined;
  #failures = 0;
  /** Halved when home finds a batch too much, grown again with every batch that it takes. */
  #batchCount = maxBatchCount;
  /** The end of the batch that is being retried: it stays the same batch. */
  #through: number | undefined;
  #trouble: Trouble = { code: 'none' };

  /** Throws CannotRun for a plain-text home that is not on this machine. */
  constructor(options: HomeSenderOptions) {
    this.#options = options;
    this.#backoff = options.backoff ?? retryDefaults.delivery;
    this.#connection = new HomeConnection(options.home, options.clock);
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

  /** One more try now, whatever the backoff, for as long as home takes batches and at most `deadlineMs`; whether the spool is empty. */
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

  /** Ends the loop and the attempt in flight; what home has not acknowledged stays in the spool. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    await this.#connection.close();
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
    await this.#options.clock.sleep(delayMs, AbortSignal.any([end.signal, this.#ending.signal]));
    this.#rest = undefined;
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
      const answer = await this.#post(batch);
      return { delayMs: this.#conclude(batch, answer), idle: false };
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#say(troubleOfError(error));
      return { delayMs: this.#backOff(), idle: false };
    }
  }

  async #post(batch: readonly SpooledReport[]): Promise<Answer> {
    const { home, agentId, clock, timeoutMs = 10_000 } = this.#options;
    const timeout = new AbortController();
    const cancel = clock.after(timeoutMs, () =>
      timeout.abort(new DOMException('home took too long', 'TimeoutError')),
    );
    try {
      const post = {
        contentType: batchContentType,
        idempotencyKey: idempotencyKey(batch),
        body: cloudEventBatch(agentId, batch),
        credential: await readHomeCredential(home),
      };
      return await this.#connection.post(
        post,
        AbortSignal.any([timeout.signal, this.#ending.signal]),
      );
    } finally {
      cancel();
    }
  }

  /** Milliseconds until the next attempt; 0 means at once. */
  #conclude(batch: readonly SpooledReport[], { status, retryAfterMs }: Answer): number {
    const verdict = judgeStatus(status);
    if (verdict === 'delivered') return this.#delivered(batch);
    if (verdict === 'split' && batch.length > 1) return this.#split(batch);
    this.#say(troubleOfStatus(status));
    if (verdict === 'split' || verdict === 'set-aside') return this.#setAside(batch, status);
    if (verdict === 'stop') {
      this.#ending.abort();
      return 0;
    }
    return this.#backOff(verdict, retryAfterMs);
  }

  #delivered(batch: readonly SpooledReport[]): number {
    this.#options.spool.acknowledge(batch.map(({ id }) => id));
    this.#through = undefined;
    this.#failures = 0;
    this.#batchCount = Math.min(maxBatchCount, Math.ceil(this.#batchCount * 1.25));
    this.#say({ code: 'none' });
    return 0;
  }

  #split(batch: readonly SpooledReport[]): number {
    this.#batchCount = Math.floor(batch.length / 2);
    this.#through = undefined;
    return 0;
  }

  /** Then gently: whoever refuses everything leaves people time to see it. */
  #setAside(batch: readonly SpooledReport[], status: number): number {
    this.#options.spool.setAside(
      batch.map(({ id }) => id),
      `http-${status}`,
    );
    this.#through = undefined;
    this.#failures = 0;
    return fullJitter(this.#backoff, 1, this.#options.random.fraction());
  }

  #backOff(verdict: Verdict = 'retry', retryAfterMs?: number): number {
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

/** A structured-field string that depends on nothing but which reports are sent, so it is the same after a restart. */
function idempotencyKey(batch: readonly SpooledReport[]): string {
  const ids = batch.map(({ id }) => id).join('\n');
  return `"${createHash('sha256').update(ids).digest('hex').slice(0, 32)}"`;
}
