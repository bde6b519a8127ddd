/** One experiment: the attempt varied, looked at, and summed up. */
import type { Clock } from '../base/clock.ts';
import type { ProxyConfig } from '../config/config.ts';
import type { Experiment } from '../diagnosis/choose-experiments.ts';
import type { Evidence, ExperimentSeen } from '../evidence/evidence.ts';
import { roundMs } from '../evidence/tls-seen.ts';
import { type Attempt, vary } from '../probe/experiments/vary.ts';
import { look } from '../probe/look.ts';
import { startDeadline } from './deadline.ts';
import { seeExperiment } from './experiment-seen.ts';

export interface MakeOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Deadline of one step of the attempt that failed. */
  readonly timeoutMs: number;
  /** The proxy for `with-proxy`. */
  readonly unusedProxy?: ProxyConfig;
}

/** Undefined when it could not be made, or was cut short before it was over. */
export async function makeExperiment(
  { changed, value }: Experiment,
  attempt: Attempt,
  evidence: Evidence,
  { clock, signal, timeoutMs, unusedProxy }: MakeOptions,
): Promise<ExperimentSeen | undefined> {
  if (signal.aborted) return undefined;
  const address = addressReached(evidence);
  const varied = await vary(attempt, changed, value, {
    clock,
    ...(address !== undefined && { address }),
    ...(unusedProxy && { unusedProxy }),
  }).catch(() => undefined);
  if (!varied) return undefined;
  const patience = patienceMs(evidence);
  const startedMs = clock.monotonicMs();
  const deadline = startDeadline(clock, patience, signal);
  const { target, credential, context } = varied;
  const seen = await look(target, credential, context, {
    clock,
    timeoutMs: Math.min(timeoutMs, patience),
    signal: deadline.signal,
  });
  deadline.release();
  if (signal.aborted) return undefined;
  const durationMs = roundMs(clock.monotonicMs() - startedMs);
  const experiment = { changed, ...(value !== undefined && { value }) };
  return seeExperiment(experiment, seen, durationMs);
}

/** Behind a proxy nobody knows which address was reached. */
function addressReached({ target, steps }: Evidence): string | undefined {
  return target.proxy === undefined
    ? steps.find(({ name }) => name === 'tcp')?.address
    : target.address;
}

const leastPatienceMs = 2000;
const mostPatienceMs = 4000;

/** Twice what the failed attempt took, so that a slow answer is not taken for none; little where that one got none. */
function patienceMs({ steps }: Evidence): number {
  if (steps.some(({ error }) => error?.code === 'TIMEOUT')) return leastPatienceMs;
  const tookMs = steps.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  return Math.min(Math.max(2 * tookMs, leastPatienceMs), mostPatienceMs);
}
