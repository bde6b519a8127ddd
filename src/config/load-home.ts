/** The way to each home: its URL, what opens its door, and the proxy between. */
import { sanitise } from '../base/sanitise.ts';
import type { HomeConfig, NamedHome, ProxyConfig } from './config.ts';
import type { AgentSources } from './delegate-sources.ts';
import type { LoadInput } from './load-config.ts';
import { type OptionName, optionNames, optionSpec } from './options.ts';
import { checkOwnFile, checkPair } from './own-files.ts';
import { isLoopbackHost } from './parse-url.ts';
import { type Findings, isSaid, type Place, type Setting, settle } from './settings.ts';
import { settleProxy } from './settle-proxy.ts';

type Input = Pick<LoadInput, 'readFile'>;

/** Of the one home that option, environment and `home` in the file speak of; what waits for it lies under this name. */
const mainName = 'home';
/** What reports for a collector wait under. */
const otherReceivers: readonly string[] = ['otlp'];
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._:[\]-]{0,99}$/;

/** The home of option and environment first, then those of `homes` in the file. A home whose URL is a problem is left out. */
export function loadHomes(
  input: Input,
  sources: AgentSources,
  findings: Findings,
): readonly NamedHome[] {
  const main = loadHome(input, sources, findings);
  const beside = (sources.file?.homes ?? []).flatMap(({ name }, fileHome) => {
    const home = loadHome(input, sources, findings, fileHome);
    if (!home) return [];
    const setting = `homes[${fileHome}].name`;
    const derived = home.url.host;
    const origin = name?.origin ?? 'the host of its URL';
    const value = name === undefined ? derived : String(name.raw);
    findings.origins.push({ setting, value: sanitise(value), origin });
    return [{ ...home, name: value, origin: name?.origin ?? `${fileOf(sources)}: ${setting}` }];
  });
  const taken = new Set([mainName, ...otherReceivers]);
  const named = beside.map(({ origin, ...home }) => {
    findings.problems.push(...wrongName(home.name, origin, taken));
    taken.add(home.name);
    return home;
  });
  return [...(main ? [{ ...main, name: mainName }] : []), ...named];
}

const fileOf = ({ file }: AgentSources): string => file?.path ?? '';

function wrongName(name: string, where: string, taken: ReadonlySet<string>): Findings['problems'] {
  if (!namePattern.test(name)) {
    const expected = 'letters, digits, dots, dashes and underscores, at most 100';
    return [{ where, what: 'is no name for a home', expected }];
  }
  if (!taken.has(name)) return [];
  const what = `"${name}" is the name of another receiver`;
  return [{ where, what, expected: 'a "name" of its own for each home' }];
}

/** Undefined when no home is wanted, or its URL is a problem. */
function loadHome(
  { readFile }: Input,
  sources: AgentSources,
  findings: Findings,
  fileHome?: number,
): HomeConfig | undefined {
  const { problems } = findings;
  const place = (name: OptionName): Place =>
    fileHome === undefined ? {} : { fileHome, as: name.replace('home', `homes[${fileHome}]`) };
  const url = settle('home.url', sources, findings, place('home.url'));
  if (!url && fileHome !== undefined) problems.push(...withoutUrl(fileHome, sources));
  const token = settle('home.tokenFile', sources, findings, place('home.tokenFile'));
  const ca = settle('home.ca', sources, findings, place('home.ca'));
  const cert = settle('home.cert', sources, findings, place('home.cert'));
  const key = settle('home.key', sources, findings, place('home.key'));
  const address = settle('home.address', sources, findings, place('home.address'));
  checkPair(
    cert,
    key,
    fileHome === undefined ? ['home-cert', 'home-key'] : ['cert', 'key'],
    problems,
  );
  const ownFiles = { readFile, problems };
  const tokenPath = checkOwnFile('token', token, ownFiles);
  const caPath = checkOwnFile('certificate', ca, ownFiles);
  const certPath = checkOwnFile('certificate', cert, ownFiles);
  const keyPath = checkOwnFile('key', key, ownFiles);
  const proxy = homeProxy(url, sources, findings, place('home.proxy'));
  if (!url) return undefined;
  problems.push(...inClear(url, address, proxy));
  return {
    url: url.value,
    ...(address && { address: address.value }),
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
  place: Place,
): ProxyConfig | undefined {
  if (url) return settleProxy('home.proxy', url.value, false, sources, findings, place).proxy;
  settle('home.proxy', sources, findings, place);
  const isMain = place.fileHome === undefined;
  if (isMain && !isSaid('home.url', sources)) {
    findings.problems.push(...withoutHome(sources, findings));
  }
  return undefined;
}

/** What is not encrypted stays on this machine. */
function inClear(
  { value, origin: where }: Setting<URL>,
  address: Setting<string> | undefined,
  proxy: ProxyConfig | undefined,
): Findings['problems'] {
  const isLocal = address === undefined || isLoopbackHost(address.value);
  if (value.protocol !== 'http:' || (isLocal && !proxy)) return [];
  const what = `would carry reports in clear ${isLocal ? 'through a proxy' : 'over a network'}`;
  return [{ where, what, expected: 'https://, or http:// to this machine without a proxy' }];
}

/** A URL that is a problem is told already. */
function withoutUrl(fileHome: number, sources: AgentSources): Findings['problems'] {
  if (isSaid('home.url', sources, { fileHome })) return [];
  const where = `${fileOf(sources)}: homes[${fileHome}].url`;
  return [{ where, what: 'is missing', expected: 'https://HOST[:PORT][/PATH]' }];
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
