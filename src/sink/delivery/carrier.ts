/** What takes batches of reports to one receiver, by whatever protocol; the delivery loop drives it. */
import type { SpooledReport } from '../spool/spool.ts';
import type { Trouble } from './trouble.ts';

export interface Carrier {
  /**
   * Takes one batch there and says what came of it. Rejects with the network's error or the signal's reason: then
   * nothing is known, and the same batch comes again. Called again only when the last call is done.
   */
  carry(batch: readonly SpooledReport[], signal: AbortSignal): Promise<Carried>;
  /** Whether what we show to the receiver is another than at the last batch: asked while that was refused. */
  hasChanged?(): Promise<boolean>;
  /** Ends connections and timers; nothing is carried after it. */
  close(): Promise<void>;
}

export type Carried = Delivered | Refused | Later;

/** The receiver has stored what is in the batch, but for what it refused. */
export interface Delivered {
  readonly verdict: 'delivered';
  /** Reports that it will never take: set aside. */
  readonly refused?: { readonly ids: readonly string[]; readonly reason: string };
  /** How many it will never take without saying which: counted as lost. */
  readonly refusedCount?: number;
  /** The receiver has much to do: the next batch is better a larger one later than one at once. */
  readonly retryAfterMs?: number;
}

/** It will never take this batch as it is. */
export interface Refused {
  /** `split`: smaller parts may do. `stop`: the receiver is gone for good. */
  readonly verdict: 'split' | 'set-aside' | 'stop';
  readonly trouble: Trouble;
  /** Under which a report is set aside, a code such as `http-413`. */
  readonly reason: string;
}

/** Trouble that passes. */
export interface Later {
  /** `pause`: our credential is refused, and waits for another. */
  readonly verdict: 'retry' | 'pause';
  readonly trouble: Trouble;
  readonly retryAfterMs?: number;
}
