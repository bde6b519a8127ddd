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
  const decision = decideProxy({ host, port, manager, ...sources.delegate });
  const setting = place.as ?? name;
  if (decision.kind === 'problem') {
    findings.problems.push(decision.problem);
    return {};
  }
  const { proxy, exempted, origin, because } = decision;
  const row = proxy ? { value: printableProxy(proxy), origin } : { value: 'none', origin: because };
  findings.origins.push({ setting, ...row });
  return { ...(proxy && { proxy }), ...(exempted && { exempted }) };
}
