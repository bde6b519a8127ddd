/** Makes the experiments that a failed look calls for: side by side where they are independent, and soon over. */
import type { Clock } from '../base/clock.ts';
import type { ProxyConfig } from '../config/config.ts';
import { chooseExperiments, type Experiment } from '../diagnosis/choose-experiments.ts';
import type { Conclusion } from '../diagnosis/outcome.ts';
import type { Evidence, ExperimentSeen } from '../evidence/evidence.ts';
import type { Attempt } from '../probe/experiments/vary.ts';
import type { Target } from '../target/target.ts';
import { startDeadline } from './deadline.ts';
import { makeExperiment } from './make-experiment.ts';

export interface ExperimentOptions {
  readonly clock: Clock;
  /** Aborted: all end at once. */
  readonly signal: AbortSignal;
  /** Deadline of one step of the attempt that failed. */
  readonly timeoutMs: number;
  /** A proxy that is configured and was not used. */
  readonly unusedProxy?: ProxyConfig;
  /** Gives how many of so many connections may be made; absent: all. */
  readonly grant?: (wanted: number) => number;
  /** Told how many are over, of how many: at the beginning and after each. */
  readonly onExperiment?: (over: number, planned: number) => void;
}

/** All together end within this time; what is not over by then is no evidence. */
const totalMs = 4500;
const maxAtOnce = 4;

/**
 * Gives what came of them, in the order of their worth; empty when none are called for. They go to the target's own
 * host, by its proxy or without, and carry nothing that may be a token: no header, no body and no query.
 */
export async function makeExperiments(
  attempt: Attempt,
  evidence: Evidence,
  conclusion: Conclusion,
  options: ExperimentOptions,
): Promise<readonly ExperimentSeen[]> {
  if (turnsOnQuery(attempt.target, evidence)) return [];
  const chosen = choose(evidence, conclusion, options);
  if (chosen.length === 0) return [];
  const target = askingOnce(attempt.target, conclusion);
  const total = startDeadline(options.clock, totalMs, options.signal);
  const limited = { ...options, signal: total.signal };
  const seen = new Map<Experiment, ExperimentSeen>();
  let over = 0;
  options.onExperiment?.(over, chosen.length);
  try {
    await sideBySide(seriesOf(chosen), async (experiment) => {
      const result = await makeExperiment(experiment, { ...attempt, target }, evidence, limited);
      if (result) seen.set(experiment, result);
      over += 1;
      options.onExperiment?.(over, chosen.length);
    });
  } finally {
    total.release();
  }
  return chosen.flatMap((experiment) => seen.get(experiment) ?? []);
}

/** Whether the answer was to a request with a query, which may hold a token and is not sent again. */
function turnsOnQuery({ httpPath, websocketPath }: Target, evidence: Evidence): boolean {
  const isAnswered = (evidence.http ?? evidence.websocket)?.status !== undefined;
  return isAnswered && `${httpPath ?? ''}${websocketPath ?? ''}`.includes('?');
}

function choose(
  evidence: Evidence,
  conclusion: Conclusion,
  { unusedProxy, grant }: ExperimentOptions,
): readonly Experiment[] {
  const chosen = chooseExperiments(evidence, conclusion, {
    ...(unusedProxy && { unusedProxy: originOf(unusedProxy) }),
  });
  return grant && chosen.length > 0 ? chosen.slice(0, grant(chosen.length)) : chosen;
}

function originOf({ protocol, host, port }: ProxyConfig): string {
  return `${protocol}://${host}:${port}`;
}

/** One request for each attempt, hence one connection: the upgrade where that is the matter, else the HTTP one. */
function askingOnce(target: Target, { layer }: Conclusion): Target {
  const { httpPath, websocketPath, ...rest } = target;
  if (websocketPath !== undefined && (httpPath === undefined || layer === 'websocket')) {
    return { ...rest, websocketPath: withoutQuery(websocketPath) };
  }
  return { ...rest, ...(httpPath !== undefined && { httpPath: withoutQuery(httpPath) }) };
}

function withoutQuery(path: string): string {
  return path.replace(/\?.*$/s, '');
}

/** What is independent stands alone; attempts that change nothing come one after the other, to meet one server each. */
function seriesOf(chosen: readonly Experiment[]): readonly (readonly Experiment[])[] {
  const repeats = chosen.filter(({ changed }) => changed === 'again');
  const others = chosen.filter(({ changed }) => changed !== 'again').map((one) => [one]);
  return repeats.length > 0 ? [repeats, ...others] : others;
}

async function sideBySide(
  series: readonly (readonly Experiment[])[],
  make: (experiment: Experiment) => Promise<void>,
): Promise<void> {
  const waiting = series.values();
  const takeTurns = async (): Promise<void> => {
    for (const experiments of waiting) for (const experiment of experiments) await make(experiment);
  };
  await Promise.all(Array.from({ length: maxAtOnce }, takeTurns));
}
