/** What blackbox_exporter has a name for, under that name, so that its dashboards and rules work here. */
import { parseTime } from '../../base/clock.ts';
import type { Report } from '../../report/report.ts';
import { bounded, fact, type Look, type Metric, type Sample, sample } from './metric.ts';

type Step = Report['steps'][number];
type StepName = Step['name'];

/** blackbox_exporter's phases; `proxy` is ours, where there is one. */
const phases: readonly (readonly [phase: string, step: StepName])[] = [
  ['resolve', 'dns'],
  ['connect', 'tcp'],
  ['proxy', 'proxy'],
  ['tls', 'tls'],
  ['processing', 'http'],
];

export const blackboxMetrics: readonly Metric<Look>[] = [
  {
    name: 'probe_success',
    kind: 'gauge',
    help: 'Whether the gateway accepted this delegate at the last look.',
    read: ({ outcome }) => sample(Number(outcome === 'accepted')),
  },
  {
    name: 'probe_duration_seconds',
    kind: 'gauge',
    help: 'How long the last look took, all its steps together.',
    read: ({ steps }) =>
      sample(steps.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0) / 1000),
  },
  {
    name: 'probe_dns_lookup_time_seconds',
    kind: 'gauge',
    help: 'How long the name took to resolve.',
    read: (look) => sample(secondsOf(stepOf(look, 'dns'))),
  },
  {
    name: 'probe_ip_protocol',
    kind: 'gauge',
    help: 'The version of IP of the connection, 4 or 6.',
    read: (look) => sample(ipVersion(stepOf(look, 'tcp')?.address)),
  },
  {
    name: 'probe_http_duration_seconds',
    kind: 'gauge',
    help: 'How long each phase of the request took; phases that did not happen are absent.',
    labels: ['phase'],
    read: (look) => (isHttpWanted(look) ? phases.flatMap((phase) => phaseOf(look, phase)) : []),
  },
  {
    name: 'probe_http_status_code',
    kind: 'gauge',
    help: 'The status of the answer, 0 without one.',
    read: (look) => sample(isHttpWanted(look) ? (look.http?.status ?? 0) : undefined),
  },
  {
    name: 'probe_http_ssl',
    kind: 'gauge',
    help: 'Whether the answer came over TLS.',
    read: (look) =>
      sample(isHttpWanted(look) ? Number(look.http?.status !== undefined) : undefined),
  },
  {
    name: 'probe_websocket_connection_upgraded',
    kind: 'gauge',
    help: 'Whether the connection was upgraded to a WebSocket.',
    read: (look) =>
      sample(isWanted(look, 'websocket') ? Number(look.websocket?.status === 101) : undefined),
  },
  {
    name: 'probe_ssl_earliest_cert_expiry',
    kind: 'gauge',
    help: 'When the first of the certificates that the gateway sent expires, in seconds since 1970.',
    read: ({ tls }) => sample(earliestExpiry(tls)),
  },
  {
    name: 'probe_ssl_last_chain_info',
    kind: 'gauge',
    help: 'The certificate of the gateway, seen even where the handshake failed.',
    labels: ['fingerprint_sha256', 'subject', 'issuer', 'subjectalternative', 'serialnumber'],
    read: ({ tls }) => (tls?.serverCertificates ?? []).slice(0, 1).map(leafFact),
  },
  {
    name: 'probe_tls_version_info',
    kind: 'gauge',
    help: 'The version of TLS that the gateway chose.',
    labels: ['version'],
    read: ({ tls }) =>
      tls?.version === undefined ? [] : [fact({ version: `TLS ${tls.version}` })],
  },
  {
    name: 'probe_tls_cipher_info',
    kind: 'gauge',
    help: 'The cipher suite that the gateway chose.',
    labels: ['cipher'],
    read: ({ tls }) =>
      tls?.cipherSuite === undefined ? [] : [fact({ cipher: bounded(tls.cipherSuite) })],
  },
];

function stepOf({ steps }: Look, name: StepName): Step | undefined {
  return steps.find((step) => step.name === name);
}

function isWanted(look: Look, name: StepName): boolean {
  return stepOf(look, name)?.reason !== 'not-wanted';
}

function isHttpWanted(look: Look): boolean {
  return isWanted(look, 'http');
}

function secondsOf(step: Step | undefined): number | undefined {
  return step?.durationMs === undefined ? undefined : step.durationMs / 1000;
}

function phaseOf(look: Look, [phase, name]: readonly [string, StepName]): readonly Sample[] {
  const value = secondsOf(stepOf(look, name));
  return value === undefined ? [] : [{ value, labels: { phase } }];
}

function ipVersion(address: string | undefined): number | undefined {
  if (address === undefined) return undefined;
  return address.includes(':') ? 6 : 4;
}

function earliestExpiry(tls: Look['tls']): number | undefined {
  const ends = (tls?.serverCertificates ?? []).flatMap(
    ({ notAfter = '' }) => parseTime(notAfter) ?? [],
  );
  return ends.length === 0 ? undefined : Math.min(...ends) / 1000;
}

type Certificate = NonNullable<NonNullable<Look['tls']>['serverCertificates']>[number];

function leafFact(leaf: Certificate): Sample {
  return fact({
    fingerprint_sha256: leaf.sha256,
    subject: bounded(leaf.subject),
    issuer: bounded(leaf.issuer),
    subjectalternative: bounded(leaf.subjectAltNames?.join(','), 1024),
    serialnumber: bounded(leaf.serialNumber),
  });
}
