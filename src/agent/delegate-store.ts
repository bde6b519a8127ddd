/** The Java delegate beside one target: read from its files, and read again when its trust store has changed. */
import type { DelegateConfig } from '../config/config.ts';
import type { DelegateSide } from '../evidence/delegate-side.ts';
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
    const file = this.#stamp();
    if (this.#loaded === undefined || file !== this.#loadedFrom) {
      this.#loaded = loadDelegate(this.#config);
      this.#loadedFrom = file;
    }
    return this.#loaded;
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
