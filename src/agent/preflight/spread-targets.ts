/** One target watched at several addresses: a target for each, so that every replica has a verdict of its own. */
import type { TargetConfig } from '../../config/config.ts';
import type { WatchedAddresses } from '../../config/load-watch.ts';
import { resolveHost } from '../../probe/resolve-host.ts';
import { withinDeadline } from '../../probe/step-result.ts';
import { aim } from '../../target/target.ts';
import type { Ports } from '../ports.ts';

/** `all` asks the resolver once; a host that it does not know stays one target, whose looks say so. */
export async function spreadTargets(
  targets: readonly TargetConfig[],
  addresses: WatchedAddresses | undefined,
  timeoutMs: number,
  ports: Pick<Ports, 'clock' | 'signal'>,
): Promise<readonly TargetConfig[]> {
  if (addresses === undefined) return targets;
  const spread = targets.map(async (target) => {
    const wanted = addresses === 'all' ? await resolve(target, timeoutMs, ports) : addresses;
    return wanted.length === 0 ? [target] : wanted.map((address) => ({ ...target, address }));
  });
  return (await Promise.all(spread)).flat();
}

/** Behind a proxy it is the proxy that resolves. */
async function resolve(
  target: TargetConfig,
  timeoutMs: number,
  { clock, signal }: Pick<Ports, 'clock' | 'signal'>,
): Promise<readonly string[]> {
  if (target.proxy || target.address !== undefined) return [];
  const { host, port } = aim(target);
  const found = await withinDeadline(clock, timeoutMs, signal, () => resolveHost(host, port));
  return found.passed ? found.value : [];
}
