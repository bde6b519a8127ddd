/** Where one signal goes and how: endpoint, headers, encoding, deadline, trust. */
import type { Problem } from '../../base/cannot-run.ts';
import { sanitise } from '../../base/sanitise.ts';
import { decideProxy } from '../../target/proxy-decision.ts';
import { printableProxy } from '../../target/proxy-url.ts';
import type { OtlpProtocol, OtlpSignalConfig, ProxyConfig } from '../config.ts';
import { otlpProtocols } from '../config.ts';
import type { AgentSources } from '../delegate-sources.ts';
import { checkOwnFile, type OwnFileKind } from '../own-files.ts';
import { parseCollectorUrl } from '../parse-otlp-url.ts';
import { quoted } from '../parsed.ts';
import type { Findings } from '../settings.ts';
import { loadHeaders } from './load-headers.ts';
import type { ExporterVariables, Said } from './otel-variables.ts';

export interface SignalSources {
  readonly variables: ExporterVariables;
  readonly readFile: (path: string) => string;
  readonly sources: AgentSources;
  readonly findings: Findings;
}

/** Records a setting with its origin. */
type Tell = (what: string, value: string, origin: string) => void;

const defaultEndpoint = 'http://localhost:4318';

/** `base` is ours, and goes before every endpoint of the environment. */
export function loadSignal(
  name: 'logs' | 'metrics',
  base: Said<URL> | undefined,
  from: SignalSources,
): OtlpSignalConfig | undefined {
  const { problems } = from.findings;
  const tell: Tell = (what, value, origin) => {
    from.findings.origins.push({ setting: `otlp.${name}.${what}`, value, origin });
  };
  const endpoint = base
    ? { value: withPath(base.value, name), origin: base.origin }
    : endpointOf(name, from);
  if (endpoint) tell('endpoint', printable(endpoint.value), endpoint.origin);
  const headers = loadHeaders(base?.value, from, tell);
  const protocol = protocolOf(base !== undefined, from);
  tell('protocol', protocol.value, protocol.origin);
  const compression = compressionOf(from);
  tell('compression', compression.value, compression.origin);
  if (name === 'metrics') tellTemporality(from, tell);
  const timeout = timeoutOf(from);
  tell('timeout', `${timeout.value}ms`, timeout.origin);
  const file = (kind: OwnFileKind, variable: string, what: string): string | undefined => {
    const path = from.variables(variable);
    if (path) tell(what, sanitise(path.value, 1024), path.origin);
    return checkOwnFile(kind, path, { readFile: from.readFile, problems });
  };
  const caPath = file('certificate', 'CERTIFICATE', 'ca');
  const certPath = file('certificate', 'CLIENT_CERTIFICATE', 'cert');
  const keyPath = file('key', 'CLIENT_KEY', 'key');
  problems.push(...halfPair(from, certPath, keyPath));
  const proxy = endpoint && proxyOf(endpoint.value, from, tell);
  return (
    endpoint && {
      url: endpoint.value,
      headers,
      protocol: protocol.value,
      compression: compression.value,
      timeoutMs: timeout.value,
      ...(caPath !== undefined && { caPath }),
      ...(certPath !== undefined && { certPath }),
      ...(keyPath !== undefined && { keyPath }),
      ...(proxy && { proxy }),
    }
  );
}

/** An endpoint of one signal is taken as it is; the signal's path follows one of all signals. */
function endpointOf(
  name: 'logs' | 'metrics',
  { variables, findings }: SignalSources,
): Said<URL> | undefined {
  const found = variables('ENDPOINT') ?? { value: defaultEndpoint, origin: 'default' };
  const parsed = parseCollectorUrl(found.value, 'https://HOST[:PORT] or http://HOST[:PORT]');
  if (!('value' in parsed)) {
    findings.problems.push({ where: found.origin, ...parsed });
    return undefined;
  }
  const isOfSignal = found.origin.includes(`_${name.toUpperCase()}_`);
  return { value: isOfSignal ? parsed.value : withPath(parsed.value, name), origin: found.origin };
}

function withPath(base: URL, name: 'logs' | 'metrics'): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${name}`;
  return url;
}

function printable(url: URL): string {
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`;
}

/** A delegate may speak gRPC to its own Collector; that says nothing about an endpoint that was named to us. */
function protocolOf(isOurs: boolean, { variables, findings }: SignalSources): Said<OtlpProtocol> {
  const found = variables('PROTOCOL');
  const value = otlpProtocols.find((protocol) => protocol === found?.value.toLowerCase());
  if (found && value) return { value, origin: found.origin };
  const origin =
    found && isOurs ? `default; ${found.origin} says what is not spoken here` : 'default';
  if (found && !isOurs) findings.problems.push(wrongProtocol(found));
  return { value: 'http/protobuf', origin };
}

function wrongProtocol({ value, origin: where }: Said<string>): Problem {
  if (value.toLowerCase() !== 'grpc') {
    const expected = `one of ${otlpProtocols.join(', ')}`;
    return { where, what: `${quoted(value)} is no protocol of OTLP`, expected };
  }
  return {
    where,
    what: 'asks for grpc, and reports go by HTTP',
    expected: `one of ${otlpProtocols.join(', ')}, with the port for HTTP, 4318; or --otlp URL, which leaves it to the delegate`,
  };
}

function compressionOf({ variables, findings }: SignalSources): Said<'gzip' | 'none'> {
  const found = variables('COMPRESSION');
  const { value = 'none', origin = 'default' } = found ?? {};
  if (value === 'gzip' || value === 'none') return { value, origin };
  const what = `${quoted(value)} is no compression that is known here`;
  findings.problems.push({ where: origin, what, expected: 'gzip or none' });
  return { value: 'none', origin };
}

/** Said to an SDK more often than to us: what a report counts stands on its own, whichever reports arrive. */
function tellTemporality({ variables }: SignalSources, tell: Tell): void {
  const found = variables('TEMPORALITY_PREFERENCE');
  const isOther = found && found.value.toLowerCase() !== 'cumulative';
  const origin = found?.origin ?? 'default';
  const why = isOther ? `${origin} asks for what is not sent here` : origin;
  tell('temporality', 'cumulative', why);
}

/** Milliseconds, as OpenTelemetry has them. */
function timeoutOf({ variables, findings }: SignalSources): Said<number> {
  const { value = '10000', origin = 'default' } = variables('TIMEOUT') ?? {};
  const timeoutMs = /^\d{1,7}$/.test(value) ? Number(value) : 0;
  if (timeoutMs >= 1 && timeoutMs <= 300_000) return { value: timeoutMs, origin };
  const what = `${quoted(value)} is no number of milliseconds`;
  findings.problems.push({ where: origin, what, expected: 'a number from 1 to 300000' });
  return { value: 10_000, origin };
}

function halfPair(
  { variables }: SignalSources,
  certPath: string | undefined,
  keyPath: string | undefined,
): readonly Problem[] {
  if ((certPath === undefined) === (keyPath === undefined)) return [];
  const [here, there] =
    keyPath === undefined
      ? ['CLIENT_CERTIFICATE', 'CLIENT_KEY']
      : ['CLIENT_KEY', 'CLIENT_CERTIFICATE'];
  const where = variables(here ?? '')?.origin ?? '';
  const missing = where.replace(/CLIENT_(?:CERTIFICATE|KEY)$/, there ?? '');
  return [{ where, what: 'stands without its other half', expected: `${missing} beside it` }];
}

/** The environment's, by the same rules as on the way home. */
function proxyOf(
  url: URL,
  { sources, findings }: SignalSources,
  tell: Tell,
): ProxyConfig | undefined {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  const decision = decideProxy({ host, port, manager: false, ...sources.delegate });
  if (decision.kind === 'problem') {
    findings.problems.push(decision.problem);
    return undefined;
  }
  const { proxy, origin, because } = decision;
  tell('proxy', proxy ? printableProxy(proxy) : 'none', proxy ? origin : because);
  return proxy;
}
