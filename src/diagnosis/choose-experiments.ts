/** Which extra attempts, with one thing changed each, would tell the causes apart that a failed look leaves open. */
import type { Evidence, ExperimentName } from '../evidence/evidence.ts';
import { decisiveAnswer } from './answer.ts';
import type { Conclusion } from './outcome.ts';
import { isServerUntrusted } from './reading.ts';
import { refusalOf } from './refusal.ts';

export interface Experiment {
  readonly changed: ExperimentName;
  /** The address, port, name or proxy to try in place of the attempt's own. */
  readonly value?: string;
}

/** What could be changed, as far as evidence does not know of it. */
export interface Means {
  /** Origin of a proxy that is configured and was not used. */
  readonly unusedProxy?: string;
}

/** At most so many: each is a connection, and a gateway in trouble needs no crowd. */
export const maxExperiments = 8;

/**
 * The most telling ones first. None when accepted, when our own files are at fault, and when the gateway asks for
 * patience. What would change nothing (no server name where none was sent) is left out. A name that stands more than
 * once means attempts one after the other.
 */
export function chooseExperiments(
  evidence: Evidence,
  conclusion: Conclusion,
  means: Means = {},
): readonly Experiment[] {
  return wantedAfter(evidence, conclusion)
    .flatMap((changed) =>
      variants[changed](evidence, means).map((variant) => ({ changed, ...variant })),
    )
    .slice(0, maxExperiments);
}

type Names = readonly ExperimentName[];

/** A proxy's addresses are not the target's, so at most two of these apply at once. */
const otherWays: Names = ['without-proxy', 'with-proxy', 'other-address'];
const unproven: Names = [
  'no-alpn',
  'no-client-certificate',
  'throwaway-client-certificate',
  'again',
];
const refusedInTls: Names = [
  'no-client-certificate',
  'throwaway-client-certificate',
  'again',
  'again',
  'tls-1.2-only',
  'without-proxy',
  'other-address',
];
const refusedBySilence: Names = [
  'no-client-certificate',
  'classic-groups-only',
  'again',
  'tls-1.2-only',
  'throwaway-client-certificate',
  'without-proxy',
  'other-address',
];
const refusedInHttp: Names = [
  'no-client-certificate',
  'throwaway-client-certificate',
  'again',
  'other-address',
];
const beforeServerHello: Names = [
  'classic-groups-only',
  'no-server-name',
  'other-server-name',
  'tls-1.2-only',
  'again',
  'no-alpn',
  ...otherWays,
];
const afterServerHello: Names = [
  'again',
  'again',
  'tls-1.2-only',
  'classic-groups-only',
  'no-client-certificate',
  ...otherWays,
];

function wantedAfter(evidence: Evidence, { outcome, layer }: Conclusion): Names {
  if (outcome === 'accepted') return [];
  if (outcome === 'unconfirmed') return unproven;
  switch (layer) {
    case 'dns':
      return ['without-proxy', 'with-proxy'];
    case 'tcp':
      return ['sibling-port', ...otherWays, 'again'];
    case 'proxy':
      return ['without-proxy', 'again'];
    case 'tls':
      return wantedAfterTls(evidence);
    case 'http':
    case 'websocket':
      return wantedAfterRequest(evidence);
    default:
      return [];
  }
}

function wantedAfterTls(evidence: Evidence): Names {
  const { tls } = evidence;
  if (tls?.notTls) return ['sibling-port', ...otherWays];
  if (isServerUntrusted(evidence)) return ['no-server-name', ...otherWays, 'again'];
  const refusal = refusalOf(evidence);
  if (refusal) return refusal.by === 'silence' ? refusedBySilence : refusedInTls;
  return tls?.progress.serverHelloReceived ? afterServerHello : beforeServerHello;
}

/** Too Many Requests, Service Unavailable: to ask again at once is what they forbid. */
const asksForPatience: readonly number[] = [429, 503];

function wantedAfterRequest(evidence: Evidence): Names {
  const refusal = refusalOf(evidence);
  if (refusal) return refusal.by === 'http' ? refusedInHttp : refusedBySilence;
  const status = decisiveAnswer(evidence)?.status;
  if (status === undefined) return ['again', 'no-client-certificate', ...otherWays];
  return asksForPatience.includes(status) ? [] : ['again', ...otherWays];
}

type Variant = Omit<Experiment, 'changed'>;

const once: readonly Variant[] = [{}];
const never: readonly Variant[] = [];

/** In which ways each thing can be changed; in none where it already is so. */
const variants: Readonly<
  Record<ExperimentName, (evidence: Evidence, means: Means) => readonly Variant[]>
> = {
  'no-client-certificate': ({ clientCertificate }) => (clientCertificate ? once : never),
  'throwaway-client-certificate': () => once,
  'tls-1.2-only': ({ tls }) => (tls?.clientHello?.versions.includes('1.3') ? once : never),
  'classic-groups-only': ({ tls }) =>
    (tls?.clientHello?.sizeBytes ?? 0) > smallHelloBytes ? once : never,
  'no-alpn': ({ tls }) => (tls?.clientHello?.alpn?.length ? once : never),
  'no-server-name': ({ target }) => (target.serverName === undefined ? never : once),
  'other-server-name': ({ target: { serverName, host } }) => {
    if (serverName === undefined) return never;
    const isOwnName = serverName === host || isAddress(host);
    return [{ value: isOwnName ? 'sidelight.invalid' : host }];
  },
  'other-address': (evidence) => otherAddresses(evidence).map((value) => ({ value })),
  'sibling-port': ({ target }) =>
    siblings.filter(([port]) => port === target.port).map(([, value]) => ({ value })),
  'without-proxy': ({ target }) => (target.proxy === undefined ? never : once),
  'with-proxy': ({ target }, { unusedProxy }) =>
    target.proxy === undefined && unusedProxy !== undefined ? [{ value: unusedProxy }] : never,
  again: () => once,
};

/** What fits into one segment on any path: IPv6's smallest MTU less its headers and TCP's. */
const smallHelloBytes = 1200;

/** New set-ups of gateways use 8443 where allow-lists and habits still say 443. */
const siblings: readonly (readonly [port: number, value: string])[] = [
  [443, '8443'],
  [8443, '443'],
];

const maxOtherAddresses = 3;

/** Of those that the host has, the ones that were neither used nor found dead; all of several when none took us. */
function otherAddresses({ steps, target }: Evidence): readonly string[] {
  if (target.proxy !== undefined || target.address !== undefined) return [];
  const addresses = steps.find(({ name }) => name === 'dns')?.addresses ?? [];
  const dial = steps.find(({ name }) => name === 'tcp');
  const used = dial?.address;
  if (used === undefined) return addresses.length > 1 ? addresses.slice(0, maxOtherAddresses) : [];
  const dead = dial?.failedAddresses?.map(({ address }) => address) ?? [];
  return addresses
    .filter((address) => address !== used && !dead.includes(address))
    .slice(0, maxOtherAddresses);
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}
