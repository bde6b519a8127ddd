/** The proxy on the way to one URL: ours when we are told, else the environment's by its own rules. */
import { decideProxy } from '../target/proxy-decision.ts';
import { printableProxy } from '../target/proxy-url.ts';
import type { ProxyConfig } from './config.ts';
import type { AgentSources } from './delegate-sources.ts';
import { type Findings, isSaid, type Place, settle } from './settings.ts';

export interface SettledProxy {
  /** Absent: none is used. */
  readonly proxy?: ProxyConfig;
  /** The proxy that the environment asks for and from which it exempts this host. */
  readonly exempted?: ProxyConfig;
}

export function settleProxy(
  name: 'proxy' | 'home.proxy',
  url: URL,
  manager: boolean,
  sources: AgentSources,
  findings: Findings,
  place: Place = {},
): SettledProxy {
  if (isSaid(name, sources, place)) {
    const said = settle(name, sources, findings, place)?.value;
    return said === undefined || said === 'none' ? {} : { proxy: said };
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  const { env, fileOf } = sources.delegate;
  const decision = decideProxy({ host, port, manager, env });
  const setting = place.as ?? name;
  if (decision.kind === 'problem') {
    const { problem } = decision;
    findings.problems.push({ ...problem, where: inFile(problem.where, fileOf) });
    return {};
  }
  const { proxy, exempted, origin, because } = decision;
  const row = proxy
    ? { value: printableProxy(proxy), origin: inFile(origin, fileOf) }
    : { value: 'none', origin: because };
  findings.origins.push({ setting, ...row });
  return { ...(proxy && { proxy }), ...(exempted && { exempted }) };
}

/** `variables` is one name, or several that stand together: `PROXY_HOST, PROXY_PORT`. */
function inFile(variables: string, fileOf: (variable: string) => string | undefined): string {
  const path = fileOf(variables.split(',')[0] ?? '');
  return path === undefined ? variables : `${variables} in ${path}`;
}
