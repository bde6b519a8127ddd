/** How long metrics may hold up the logs that come after them: a few tries, and never for what is refused for good. */
import type { Later, Refused } from '../delivery/carrier.ts';
import { type Trouble, troubleOfError } from '../delivery/trouble.ts';
import type { Sent, Warn } from './signal-sender.ts';

const maxTries = 5;

export class MetricTries {
  readonly #warn: Warn;
  #through = 0;
  #failures = 0;
  #said = '';

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  /**
   * Undefined: taken or given up, and the batch is done with. Rejects with the network's error as long as it may be tried
   * again, and always with the reason of `signal`.
   */
  async judge(
    { through, count }: { readonly through: number; readonly count: number },
    signal: AbortSignal,
    send: () => Promise<Sent>,
  ): Promise<Later | Refused | undefined> {
    if (through !== this.#through) this.#failures = 0;
    this.#through = through;
    // Ended by the deadline of the whole attempt each time.
    if (this.#failures >= maxTries) return this.#giveUp({ code: 'timeout' });
    try {
      const { verdict } = await send();
      if (verdict) return this.#after(verdict, count);
      this.#said = '';
      return undefined;
    } catch (error) {
      if (this.#mayTryAgain() || signal.aborted) throw error;
      return this.#giveUp(troubleOfError(error));
    }
  }

  #after(verdict: Later | Refused, count: number): Later | Refused | undefined {
    if (verdict.verdict === 'retry' && this.#mayTryAgain()) return verdict;
    if (verdict.verdict === 'split' && count > 1) return verdict;
    return this.#giveUp(verdict.trouble);
  }

  #mayTryAgain(): boolean {
    this.#failures += 1;
    return this.#failures < maxTries;
  }

  /** Told once per change. */
  #giveUp(trouble: Trouble): undefined {
    const said = JSON.stringify(trouble);
    if (said !== this.#said) {
      this.#warn('metrics were given up, for the Collector does not take them', { ...trouble });
    }
    this.#said = said;
    return undefined;
  }
}
