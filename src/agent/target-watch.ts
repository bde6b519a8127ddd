/** One target under watch: look, decide what is news, wait as the retry rules say, for as long as the agent lives. */
import { type Clock, isoTime } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Baseline } from '../diagnosis/baseline.ts';
import { type Diagnosis, diagnose } from '../diagnosis/diagnose.ts';
import type { Evidence, ExperimentSeen } from '../evidence/evidence.ts';
import type { PreflightFindings, Report } from '../report/report.ts';
import type { TargetStatus } from '../report/status.ts';
import { initialDelay } from '../retry/backoff.ts';
import { initialRetryState, nextDelay, type RetryState } from '../retry/decide-delay.ts';
import { classifyAttempt } from './classify-attempt.ts';
import { type Examined, withExperiments } from './examine.ts';
import { nextStanding, type TargetStanding, targetStatus } from './status/target-standing.ts';
import { initialTargetState, type Observed, observe, type TargetState } from './target-state.ts';

/** Why a report is written, and of which attempt. */
export type Reported = Pick<Report, 'event' | 'attempt'>;

export interface TargetWatchOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly intervalMs: number;
  readonly heartbeatMs: number;
  /** Takes the files that the next look will use; gives what is wrong with them where they are new, and it was not told. */
  judgeFiles(): Promise<PreflightFindings | undefined>;
  /** One attempt; with a fault of our own files it makes none and says so. */
  look(signal: AbortSignal): Promise<Evidence>;
  /** Whether our own files have changed since the last look. */
  haveFilesChanged(): boolean;
  baseline(): Baseline | undefined;
  /** The warnings that were told before this watch began. */
  warned(): readonly string[];
  /** Called when they have changed, after the report that told them. */
  keepWarned(keys: readonly string[]): void;
  /** Called before the next look, so that what is reported is durable by then. */
  accept(evidence: Evidence, diagnosis: Diagnosis): void;
  /** `preflight`: what is wrong with files that no look has used yet; the rest is then of the look before. */
  report(
    evidence: Evidence,
    diagnosis: Diagnosis,
    reported: Reported,
    preflight?: PreflightFindings,
  ): void;
  /** Told of every look, news or not, before it is reported; `latenessMs`: how long after it was due it began. */
  looked?(evidence: Evidence, diagnosis: Diagnosis, observed: Observed, latenessMs: number): void;
  /** Extra attempts, asked for once when the state changes to one that is no acceptance. Ends soon after `signal` is aborted. */
  experiment(failed: Examined, signal: AbortSignal): Promise<readonly ExperimentSeen[]>;
}

/** How often our own files are looked at while nothing else is due. */
const fileCheckMs = 1000;

export class TargetWatch {
  readonly #options: TargetWatchOptions;
  #state: TargetState;
  /** Made when the present state began: every report of it rests on them. */
  #experiments: readonly ExperimentSeen[] = [];
  /** Of the last look; undefined before the first. */
  #standing: TargetStanding | undefined;
  /** When the next look begins, on the monotonic clock. */
  #dueMs = 0;
  #retry: RetryState = initialRetryState;
  #wake = new AbortController();
  #latenessMs = 0;

  constructor(options: TargetWatchOptions) {
    this.#options = options;
    this.#state = { ...initialTargetState, warned: options.warned() };
  }

  /** Ends the present wait: the next look begins at once. */
  probeNow(): void {
    this.#wake.abort();
  }

  /** How the target stands now. */
  status(): Omit<TargetStatus, 'label'> {
    const { clock } = this.#options;
    const inMs = Math.max(this.#dueMs - clock.monotonicMs(), 0);
    const nextLookAt = isoTime(clock.now() + inMs);
    return targetStatus(this.#standing, { attempts: this.#state.attempts, nextLookAt });
  }

  /** Resolves when `signal` is aborted. A look that the abort cut short is no evidence and is not reported. */
  async run(signal: AbortSignal): Promise<void> {
    const { look, random, clock } = this.#options;
    this.#dueMs = clock.monotonicMs() + initialDelay(random.fraction());
    await this.#wait(this.#dueMs, signal);
    while (!signal.aborted) {
      this.#latenessMs = Math.max(clock.monotonicMs() - this.#dueMs, 0);
      await this.#tellNewFiles();
      const evidence = await look(signal);
      if (signal.aborted) return;
      this.#dueMs = await this.#learn(evidence, signal);
      await this.#wait(this.#dueMs, signal);
    }
  }

  /** Before any look uses them. How things stand is what the look before found. */
  async #tellNewFiles(): Promise<void> {
    const { judgeFiles, report, clock } = this.#options;
    const found = await judgeFiles();
    if (!found || !this.#standing) return;
    const { evidence, diagnosis } = this.#standing.last;
    const { attempts, failingSince } = this.#state;
    const attempt = {
      number: attempts,
      ...(failingSince !== undefined && { failingSince }),
      repeats: 0,
    };
    const time = isoTime(clock.now());
    report({ ...evidence, time }, diagnosis, { event: 'credential-changed', attempt }, found);
  }

  /** Draws the conclusions of a look and gives when the next is due, which no experiment puts off. */
  async #learn(evidence: Evidence, signal: AbortSignal): Promise<number> {
    const { clock, heartbeatMs, baseline, accept } = this.#options;
    const nowMs = clock.monotonicMs();
    const before = baseline();
    const diagnosis = diagnose(evidence, before);
    const observed = observe(this.#state, evidence, diagnosis, nowMs, heartbeatMs);
    const { warned } = this.#state;
    this.#state = observed.state;
    const dueMs = nowMs + this.#decideDelay(evidence, diagnosis, nowMs);
    await this.#tell({ evidence, diagnosis }, observed, before, signal);
    if (diagnosis.outcome === 'accepted') accept(evidence, diagnosis);
    this.#remember(warned);
    return dueMs;
  }

  #remember(before: readonly string[]): void {
    const { warned } = this.#state;
    const isSame = warned.length === before.length && warned.every((key, at) => key === before[at]);
    if (!isSame) this.#options.keepWarned(warned);
  }

  #decideDelay(evidence: Evidence, diagnosis: Diagnosis, nowMs: number): number {
    const { random, intervalMs, heartbeatMs } = this.#options;
    const heldMs = nowMs - (this.#state.acceptedSinceMs ?? nowMs);
    const attempt = classifyAttempt(evidence, diagnosis, heldMs);
    const { state, delayMs } = nextDelay(this.#retry, attempt, intervalMs, random.fraction());
    this.#retry = state;
    // Looking at our own files costs no connection: a heartbeat is not late for want of a look.
    return attempt.kind === 'local-fault' ? Math.min(delayMs, heartbeatMs) : delayMs;
  }

  /** Tells of the look, and reports it where it is news. What is news is judged without experiments, which are not made for every look. */
  async #tell(
    looked: Examined,
    observed: Observed,
    before: Baseline | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const accepted = looked.diagnosis.outcome === 'accepted';
    if (observed.event === 'state-changed') {
      this.#experiments = accepted ? [] : await this.#options.experiment(looked, signal);
    }
    const { evidence, diagnosis } = withExperiments(looked, this.#experiments, before);
    this.#standing = nextStanding(this.#standing, { evidence, diagnosis });
    this.#options.looked?.(evidence, diagnosis, observed, this.#latenessMs);
    if (observed.event) this.#options.report(evidence, diagnosis, observed);
  }

  /** Waits, and looks at our own files meanwhile: a new credential is tried at once. */
  async #wait(untilMs: number, signal: AbortSignal): Promise<void> {
    const { clock, haveFilesChanged } = this.#options;
    const wake = AbortSignal.any([signal, this.#wake.signal]);
    for (let restMs = untilMs - clock.monotonicMs(); restMs > 0 && !wake.aborted; ) {
      await clock.sleep(Math.min(restMs, fileCheckMs), wake);
      if (haveFilesChanged()) break;
      restMs = untilMs - clock.monotonicMs();
    }
    this.#wake = new AbortController();
  }
}
