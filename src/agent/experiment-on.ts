/** Experiments after a single look: none where they are not wanted, or our own files stopped it. */
import type { Config, TargetConfig } from '../config/config.ts';
import type { ExperimentSeen } from '../evidence/evidence.ts';
import { aim } from '../target/target.ts';
import type { LoadedCredential } from './credential-store.ts';
import type { Examined } from './examine.ts';
import type { Ports } from './ports.ts';

/** Loads what makes experiments only now: an accepted look does not pay for it. */
export async function experimentOn(
  { evidence, diagnosis }: Examined,
  { experiments, timeoutMs }: Pick<Config, 'experiments' | 'timeoutMs'>,
  target: TargetConfig,
  { credential, context }: LoadedCredential,
  { clock, signal, onExperiment }: Pick<Ports, 'clock' | 'signal' | 'onExperiment'>,
): Promise<readonly ExperimentSeen[]> {
  if (!experiments || !context) return [];
  const { makeExperiments } = await import('./experiments.ts');
  const { exemptedProxy } = target;
  return makeExperiments({ target: aim(target), credential, context }, evidence, diagnosis, {
    clock,
    signal,
    timeoutMs,
    ...(exemptedProxy && { unusedProxy: exemptedProxy }),
    ...(onExperiment && { onExperiment }),
  });
}
