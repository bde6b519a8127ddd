/** The Java delegate beside one target: read from its files, and read again when its trust store has changed. */
import type { Clock } from '../base/clock.ts';
import type { DelegateConfig } from '../config/config.ts';
import type { DelegateSide } from '../evidence/delegate-side.ts';
import type { DelegateSeen } from '../evidence/evidence.ts';
import { stampFile } from './credential-store.ts';

/** A writer that pauses for longer is done, or was interrupted. */
const settleMs = 1000;

export class DelegateStore {
  readonly #config: DelegateConfig | undefined;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #loaded: DelegateSide | undefined;
  #loadedFrom = '';
  /** The trust store as it is now, and since when it was seen so. */
  #change: { readonly stamp: string; readonly seenMs: number } | undefined;

  constructor(config: DelegateConfig | undefined, clock: Pick<Clock, 'monotonicMs'>) {
    this.#config = config;
    this.#clock = clock;
  }

  /** Undefined where there is no delegate; then its reader is not even loaded. */
  async current(): Promise<DelegateSide | undefined> {
    if (this.#config === undefined) return undefined;
    const { loadDelegate } = await import('../credential/java/load-delegate.ts');
    const { delegateStartedAt } = await import('../credential/java/delegate-process.ts');
    if (this.#loaded === undefined || this.hasChanged) {
      this.#loadedFrom = this.#stamp();
      this.#loaded = loadDelegate(this.#config);
    }
    return startedAt(this.#loaded, delegateStartedAt());
  }

  /** Whether there is something newer than what `current` gave last, and it has rested for a second. */
  get hasChanged(): boolean {
    if (this.#loaded === undefined) return false;
    const stamp = this.#stamp();
    if (stamp === this.#loadedFrom) {
      this.#change = undefined;
      return false;
    }
    const nowMs = this.#clock.monotonicMs();
    if (this.#change?.stamp !== stamp) this.#change = { stamp, seenMs: nowMs };
    return nowMs - this.#change.seenMs >= settleMs;
  }

  #stamp(): string {
    const path = this.#config?.trustStorePath;
    return path === undefined ? '' : stampFile(path);
  }
}

/** Its process may have been started anew while its files stayed the same. */
function startedAt(side: DelegateSide, since: string | undefined): DelegateSide {
  if (since === undefined) return side;
  const withStart = (seen: DelegateSeen): DelegateSeen => ({ ...seen, startedAt: since });
  return {
    seen: withStart(side.seen),
    see: (serverCertificates, nowMs) => withStart(side.see(serverCertificates, nowMs)),
  };
}
