/** The proxy on the way to one URL: ours when we are told, else the environment's by its own rules. */
import { decideProxy } from '../target/proxy-decision.ts';
import { printableProxy } from '../target/proxy-url.ts';
import type { ProxyConfig } from './config.ts';
import { type Findings, isSaid, type Place, type Sources, settle } from './settings.ts';

export function settleProxy(
  name: 'proxy' | 'home.proxy',
  url: URL,
  manager: boolean,
  sources: Sources,
  findings: Findings,
  place: Place = {},
): ProxyConfig | undefined {
  if (isSaid(name, sources, place.fileTarget)) {
    const said = settle(name, sources, findings, place)?.value;
    return said === 'none' ? undefined : said;
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  const decision = decideProxy({ host, port, manager, env: sources.env });
  const setting = place.as ?? name;
  if (decision.kind === 'problem') {
    findings.problems.push(decision.problem);
    return undefined;
  }
  const { proxy, origin, because } = decision;
  const row = proxy ? { value: printableProxy(proxy), origin } : { value: 'none', origin: because };
  findings.origins.push({ setting, ...row });
  return proxy;
}
