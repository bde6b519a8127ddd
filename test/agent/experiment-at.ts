/** One look at a loopback port and the experiments that follow from it, as the agent makes them. */
import { loadFor } from '../../src/agent/credential-store.ts';
import { type ExperimentOptions, makeExperiments } from '../../src/agent/experiments.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { CredentialConfig, TargetConfig } from '../../src/config/config.ts';
import { concludeOutcome } from '../../src/diagnosis/outcome.ts';
import type { Evidence, ExperimentName, ExperimentSeen } from '../../src/evidence/evidence.ts';
import { look } from '../../src/probe/look.ts';
import { aim } from '../../src/target/target.ts';

export interface ExperimentAim extends Partial<Omit<TargetConfig, 'url' | 'credential' | 'tls'>> {
  /** Of `https://localhost:…` or `wss://localhost:…`. */
  readonly url: string;
  readonly credential?: CredentialConfig;
  readonly timeoutMs?: number;
  /** What else the evidence is to say, before experiments are chosen. */
  readonly amend?: (evidence: Evidence) => Evidence;
  readonly options?: Partial<ExperimentOptions>;
}

export interface Experimented {
  readonly evidence: Evidence;
  readonly experiments: readonly ExperimentSeen[];
  readonly tookMs: number;
}

export async function experimentAt(at: ExperimentAim): Promise<Experimented> {
  const { url, credential: files = {}, timeoutMs = 1000, amend, options, ...rest } = at;
  const config: TargetConfig = {
    address: '127.0.0.1',
    ...rest,
    url: new URL(url),
    credential: files,
    tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] },
  };
  const target = aim(config);
  const { credential, context } = loadFor(config);
  if (!context) throw new Error('the credential of this test cannot be used');
  const { signal } = new AbortController();
  const common = { clock: systemClock, timeoutMs, signal };
  const seen = await look(target, credential, context, common);
  const evidence = amend?.(seen) ?? seen;
  const startedMs = performance.now();
  const experiments = await makeExperiments(
    { target, credential, context },
    evidence,
    concludeOutcome(evidence),
    { ...common, ...options },
  );
  return { evidence, experiments, tookMs: performance.now() - startedMs };
}

/** The first of this name. */
export function experimentOf(
  experiments: readonly ExperimentSeen[],
  name: ExperimentName,
): ExperimentSeen | undefined {
  return experiments.find(({ changed }) => changed === name);
}
