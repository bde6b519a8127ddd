/** What makes two looks be about the same target: the name under which its baseline is kept. */
import type { TargetSeen } from '../evidence/evidence.ts';

/** The way there (the proxy) is left out: that it changed is a finding, and no new target. */
export function targetKey({
  url,
  serverName,
  address,
}: Pick<TargetSeen, 'url' | 'serverName' | 'address'>): string {
  return [url, serverName ?? '', address ?? ''].join(' ');
}
