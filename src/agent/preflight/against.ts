/** A credential tried with the live gateway, beside the one in use today where that is given: proof of the overlap. */
import type { CredentialConfig, TargetConfig } from '../../config/config.ts';
import type { PreflightClientConfig } from '../../config/load-preflight.ts';
import type { Evidence, ExperimentSeen } from '../../evidence/evidence.ts';
import type { CheckResult } from '../../preflight/check.ts';
import { judgeHandshake, noHandshake } from '../../preflight/live.ts';
import { look } from '../../probe/look.ts';
import { aim, printableUrl } from '../../target/target.ts';
import { type LoadedCredential, loadFor } from '../credential-store.ts';
import { DelegateStore } from '../delegate-store.ts';
import { examine } from '../examine.ts';
import { experimentOn } from '../experiment-on.ts';
import type { PreflightPorts } from './client.ts';

/** Always two checks: the new credential, and the current one. */
export async function judgeAgainst(
  config: PreflightClientConfig,
  ports: PreflightPorts,
): Promise<readonly CheckResult[]> {
  const { target, isLive, current } = config;
  const gateway = isLive ? printableUrl(target.url) : 'The live gateway';
  const titles = {
    given: `${gateway} accepts the new credential`,
    current: `${gateway} accepts the current credential`,
  };
  if (!isLive) {
    const why = 'No --against is given.';
    return [noHandshake(titles.given, why), noHandshake(titles.current, why)];
  }
  const given = await tryOne(titles.given, target, config, ports);
  if (!current) return [given, noHandshake(titles.current, 'No --current-cert is given.')];
  const asToday = { ...target, credential: withCurrent(target.credential, current) };
  return [given, await tryOne(titles.current, asToday, config, ports)];
}

/** The gateway is judged by the same anchors. */
function withCurrent(given: CredentialConfig, current: CredentialConfig): CredentialConfig {
  const { caPath, extraCaPath } = given;
  return {
    ...current,
    ...(caPath !== undefined && { caPath }),
    ...(extraCaPath !== undefined && { extraCaPath }),
  };
}

async function tryOne(
  title: string,
  target: TargetConfig,
  config: PreflightClientConfig,
  ports: PreflightPorts,
): Promise<CheckResult> {
  const { clock, signal } = ports;
  const { timeoutMs } = config;
  const loaded = loadFor(target);
  const delegate = await new DelegateStore(target.delegate, clock).current();
  const seen = await look(aim(target), loaded.credential, loaded.context, {
    ...{ clock, timeoutMs, signal },
    ...(delegate && { delegate }),
  });
  const { evidence, diagnosis } = await examine(seen, undefined, (first) =>
    experimentOn(first, config, target, loaded, { clock, signal }),
  );
  const isControlled = config.experiments && diagnosis.outcome === 'accepted';
  const control = isControlled && (await tryThrowaway(target, loaded, evidence, config, ports));
  return judgeHandshake(
    title,
    control ? { ...evidence, experiments: [control] } : evidence,
    diagnosis,
  );
}

/** Whether the gateway takes a certificate that nobody issued: then it proves nothing that it takes ours. */
async function tryThrowaway(
  target: TargetConfig,
  { credential, context }: LoadedCredential,
  evidence: Evidence,
  { timeoutMs }: PreflightClientConfig,
  { clock, signal }: PreflightPorts,
): Promise<ExperimentSeen | undefined> {
  // A query may hold a token, and is not sent again.
  if (!context || target.url.search !== '') return undefined;
  const { makeExperiment } = await import('../make-experiment.ts');
  const attempt = { target: aim(target), credential, context };
  const experiment = { changed: 'throwaway-client-certificate' } as const;
  return makeExperiment(experiment, attempt, evidence, { clock, signal, timeoutMs });
}
