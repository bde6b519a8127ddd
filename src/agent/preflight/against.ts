/** A credential tried with the live gateway, beside the one in use today where that is given: proof of the overlap. */
import type { CredentialConfig, TargetConfig } from '../../config/config.ts';
import type { PreflightClientConfig } from '../../config/load-preflight.ts';
import type { CheckResult } from '../../preflight/check.ts';
import { judgeHandshake, noHandshake } from '../../preflight/live.ts';
import { look } from '../../probe/look.ts';
import { aim, printableUrl } from '../../target/target.ts';
import { loadFor } from '../credential-store.ts';
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
  { clock, signal }: PreflightPorts,
): Promise<CheckResult> {
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
  return judgeHandshake(title, evidence, diagnosis);
}
