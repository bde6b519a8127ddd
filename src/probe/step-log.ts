/** The record of one attempt's steps: each runs under its deadline, and its outcome, duration and facts are kept. */
import type { Clock } from '../base/clock.ts';
import {
  type SkipReason,
  type Step,
  type StepError,
  type StepName,
  stepNames,
} from '../evidence/evidence.ts';
import { roundMs } from '../evidence/tls-seen.ts';
import { type StepResult, withinDeadline } from './step-result.ts';

export interface StepLogOptions {
  readonly clock: Clock;
  /** Deadline of one step. */
  readonly timeoutMs: number;
  /** Aborted: the attempt ends at once, with what it has. */
  readonly signal: AbortSignal;
  /** For how long this process did not run since the attempt began; absent: nobody measures it. */
  readonly stalledMs?: () => number;
  /** Told of each step as it begins, for progress on a terminal. */
  readonly onStep?: (name: StepName) => void;
}

/** All steps together may take this many times the deadline of one. */
const attemptDeadlines = 3;

export class StepLog {
  readonly #options: StepLogOptions;
  readonly #startedMs: number;
  readonly #steps = new Map<StepName, Step>();

  constructor(options: StepLogOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
  }

  /** Milliseconds since the attempt began. */
  readonly elapsedMs = (): number => this.#options.clock.monotonicMs() - this.#startedMs;

  /** Runs one step; undefined when it failed, which is then on record. */
  async take<Value>(
    name: StepName,
    work: (signal: AbortSignal) => Promise<StepResult<Value>>,
  ): Promise<Value | undefined> {
    const { clock, timeoutMs, signal, onStep, stalledMs = () => 0 } = this.#options;
    onStep?.(name);
    const beganMs = this.elapsedMs();
    const spentMs = beganMs - stalledMs();
    const deadlineMs = Math.max(Math.min(timeoutMs, timeoutMs * attemptDeadlines - spentMs), 0);
    const result = await withinDeadline(clock, deadlineMs, signal, work, stalledMs);
    this.#steps.set(name, {
      name,
      outcome: result.passed ? 'passed' : 'failed',
      durationMs: roundMs(this.elapsedMs() - beganMs),
      ...(!result.passed && { error: result.error }),
      ...result.facts,
    });
    return result.passed ? result.value : undefined;
  }

  skip(name: StepName, reason: SkipReason): void {
    this.#steps.set(name, { name, outcome: 'skipped', reason });
  }

  /** Skips every step that has not been taken or skipped. */
  skipRest(reason: SkipReason): void {
    for (const name of stepNames) if (!this.#steps.has(name)) this.skip(name, reason);
  }

  /** What ended the attempt was the doing of `earlier`, which had only seemed to pass; `later` never had its turn. */
  blame(earlier: StepName, error: StepError, later: StepName): void {
    const seemed = this.#steps.get(earlier);
    if (!seemed) return;
    this.#steps.set(earlier, { ...seemed, outcome: 'failed', error });
    if (this.#steps.get(later)?.outcome === 'failed') this.skip(later, 'earlier-step-failed');
  }

  hasTimedOut(name: StepName): boolean {
    return this.#steps.get(name)?.error?.code === 'TIMEOUT';
  }

  /** All six in order, once each was taken or skipped. */
  steps(): readonly Step[] {
    return stepNames.flatMap((name) => this.#steps.get(name) ?? []);
  }
}
