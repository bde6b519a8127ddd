/** Who reports: the agent's name, version and identity, and the delegate it stands beside. */
import { version } from '../base/version.ts';
import type { Config } from '../config/config.ts';
import type { AgentIdentity } from '../report/report.ts';

export function identify(
  { delegate }: Pick<Config, 'delegate'>,
  host: string,
  id: string,
): AgentIdentity {
  const isKnown = delegate.name !== undefined || delegate.account !== undefined;
  return { name: 'sidelight', version, id, host, ...(isKnown && { delegate }) };
}
