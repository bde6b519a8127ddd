/** The Java delegate beside one target: read from its files, and read again when its trust store has changed. */
import type { DelegateConfig } from '../config/config.ts';
import type { DelegateSide } from '../evidence/delegate-side.ts';
import type { DelegateSeen } from '../evidence/evidence.ts';
import { stampFile } from './credential-store.ts';

export class DelegateStore {
  readonly #config: DelegateConfig | undefined;
  #loaded: DelegateSide | undefined;
  #loadedFrom = '';

  constructor(config: DelegateConfig | undefined) {
    this.#config = config;
  }

  /** Undefined where there is no delegate; then its reader is not even loaded. */
  async current(): Promise<DelegateSide | undefined> {
    if (this.#config === undefined) return undefined;
    const { loadDelegate } = await import('../credential/java/load-delegate.ts');
    const { delegateStartedAt } = await import('../credential/java/delegate-process.ts');
    const file = this.#stamp();
    if (this.#loaded === undefined || file !== this.#loadedFrom) {
      this.#loaded = loadDelegate(this.#config);
      this.#loadedFrom = file;
    }
    return startedAt(this.#loaded, delegateStartedAt());
  }

  /** Whether there is something newer than what `current` gave last. */
  get hasChanged(): boolean {
    return this.#loaded !== undefined && this.#stamp() !== this.#loadedFrom;
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
