/** The way to home: its URL, what opens its door, and the proxy between. */
import type { HomeConfig, ProxyConfig } from './config.ts';
import type { AgentSources } from './delegate-sources.ts';
import type { LoadInput } from './load-config.ts';
import { optionNames, optionSpec } from './options.ts';
import { checkOwnFile, checkPair } from './own-files.ts';
import { type Findings, isSaid, type Setting, settle } from './settings.ts';
import { settleProxy } from './settle-proxy.ts';

/** Undefined when no home is wanted, or its URL is a problem. */
export function loadHome(
  { readFile }: Pick<LoadInput, 'readFile'>,
  sources: AgentSources,
  findings: Findings,
): HomeConfig | undefined {
  const { problems } = findings;
  const url = settle('home.url', sources, findings);
  const token = settle('home.tokenFile', sources, findings);
  const ca = settle('home.ca', sources, findings);
  const cert = settle('home.cert', sources, findings);
  const key = settle('home.key', sources, findings);
  checkPair(cert, key, ['home-cert', 'home-key'], problems);
  const ownFiles = { readFile, problems };
  const tokenPath = checkOwnFile('token', token, ownFiles);
  const caPath = checkOwnFile('certificate', ca, ownFiles);
  const certPath = checkOwnFile('certificate', cert, ownFiles);
  const keyPath = checkOwnFile('key', key, ownFiles);
  const proxy = homeProxy(url, sources, findings);
  if (!url) return undefined;
  return {
    url: url.value,
    ...(tokenPath !== undefined && { tokenPath }),
    ...(caPath !== undefined && { caPath }),
    ...(certPath !== undefined && { certPath }),
    ...(keyPath !== undefined && { keyPath }),
    ...(proxy && { proxy }),
  };
}

function homeProxy(
  url: Setting<URL> | undefined,
  sources: AgentSources,
  findings: Findings,
): ProxyConfig | undefined {
  if (url) return settleProxy('home.proxy', url.value, false, sources, findings).proxy;
  settle('home.proxy', sources, findings);
  if (!isSaid('home.url', sources)) findings.problems.push(...withoutHome(sources, findings));
  return undefined;
}

/** Options that speak of a home that nobody named. */
function withoutHome(sources: AgentSources, { origins }: Findings): Findings['problems'] {
  return optionNames
    .filter((name) => name.startsWith('home.') && isSaid(name, sources))
    .map((name) => ({
      where: origins.find(({ setting }) => setting === name)?.origin ?? optionSpec(name).flag,
      what: 'is given without a home',
      expected: '--home URL, SIDELIGHT_HOME or home.url beside it',
    }));
}
