/** The label by which a target is told from the others of an agent. */
import type { Report } from '../../report/report.ts';

/** The URL, without userinfo and query; what else makes it another target follows where it is not the URL's own. */
export function targetLabel({
  url,
  host,
  serverName,
  address,
}: Pick<Report['target'], 'url' | 'host' | 'serverName' | 'address'>): string {
  const name = serverName === undefined || serverName === host ? undefined : serverName;
  return [url, name, address].filter((part) => part !== undefined).join(' ');
}
