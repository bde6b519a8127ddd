/** One target under watch: look, decide what is news, wait as the retry rules say, for as long as the agent lives. */
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Baseline } from '../diagnosis/baseline.ts';
import { type Diagnosis, diagnose } from '../diagnosis/diagnose.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { initialDelay } from '../retry/backoff.ts';
import { initialRetryState, nextDelay, type RetryState } from '../retry/decide-delay.ts';
import { classifyAttempt } from './classify-attempt.ts';
import { initialTargetState, type Observed, observe, type TargetState } from './target-state.ts';

export interface TargetWatchOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly intervalMs: number;
  readonly heartbeatMs: number;
  /** One attempt; with a fault of our own files it makes none and says so. */
  look(signal: AbortSignal): Promise<Evidence>;
  /** Whether our own files have changed since the last look. */
  haveFilesChanged(): boolean;
  baseline(): Baseline | undefined;
  /** Called before the next look, so that what is reported is durable by then. */
  accept(evidence: Evidence): void;
  report(evidence: Evidence, diagnosis: Diagnosis, observed: Observed): void;
}

/** How often our own files are looked at while nothing else is due. */
const fileCheckMs = 2000;

export class TargetWatch {
  readonly #options: TargetWatchOptions;
  #state: TargetState = initialTargetState;
  #retry: RetryState = initialRetryState;
  #wake = new AbortController();

  constructor(options: TargetWatchOptions) {
    this.#options = options;
  }

  /** Ends the present wait: the next look begins at once. */
  probeNow(): void {
    this.#wake.abort();
  }

  /** Resolves when `signal` is aborted. A look that the abort cut short is no evidence and is not reported. */
  async run(signal: AbortSignal): Promise<void> {
    const { look, random } = this.#options;
    await this.#wait(initialDelay(random.fraction()), signal);
    while (!signal.aborted) {
      const evidence = await look(signal);
      if (signal.aborted) return;
      await this.#wait(this.#learn(evidence), signal);
    }
  }

  /** Draws the conclusions of a look and gives the delay before the next. */
  #learn(evidence: Evidence): number {
    const { clock, random, intervalMs, heartbeatMs, baseline, accept, report } = this.#options;
    const nowMs = clock.monotonicMs();
    const diagnosis = diagnose(evidence, baseline());
    const observed = observe(this.#state, evidence, diagnosis, nowMs, heartbeatMs);
    this.#state = observed.state;
    if (observed.event) report(evidence, diagnosis, observed);
    if (diagnosis.outcome === 'accepted') accept(evidence);
    const heldMs = nowMs - (observed.state.acceptedSinceMs ?? nowMs);
    const attempt = classifyAttempt(evidence, diagnosis, heldMs);
    const { state, delayMs } = nextDelay(this.#retry, attempt, intervalMs, random.fraction());
    this.#retry = state;
    return delayMs;
  }

  /** Waits, and looks at our own files meanwhile: a new credential is tried at once. */
  async #wait(delayMs: number, signal: AbortSignal): Promise<void> {
    const { clock, haveFilesChanged } = this.#options;
    const wake = AbortSignal.any([signal, this.#wake.signal]);
    const untilMs = clock.monotonicMs() + delayMs;
    for (let restMs = delayMs; restMs > 0 && !wake.aborted; ) {
      await clock.sleep(Math.min(restMs, fileCheckMs), wake);
      if (haveFilesChanged()) break;
      restMs = untilMs - clock.monotonicMs();
    }
    this.#wake = new AbortController();
  }
}
