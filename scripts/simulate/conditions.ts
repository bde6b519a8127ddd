/** What an agent sees of the world: evidence as its probe would have it, and the report that the real diagnosis makes of it. */
import { createHash } from 'node:crypto';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { ClientCertificateSeen, Evidence, TlsSeen } from '../../src/evidence/evidence.ts';
import { makeReport } from '../../src/report/make-report.ts';
import type { Report } from '../../src/report/report.ts';
import {
  answered,
  credential,
  evidence,
  leftAfterFlight,
  otherCa,
  ourCa,
  ourCertificate,
  refusedWith,
  serverCertificate,
  stoppedAt,
  tlsSeen,
  without,
} from '../../test/support/evidence.ts';
import type { Node } from './scenario.ts';

export const conditionNames = [
  'wrong-client-ca',
  'no-upstream',
  'certificate-expired',
  'way-lost',
  'names-lost',
] as const;
/** Why an agent is not accepted. */
export type ConditionName = (typeof conditionNames)[number];
export type Seen = ConditionName | 'accepted';

const target = {
  url: 'https://gateway.example:8443/',
  host: 'gateway.example',
  port: 8443,
  serverName: 'gateway.example',
};
/** Long before and long after any scenario. */
const always = { notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2039-12-31T00:00:00.000Z' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** That of one delegate; `serial` tells the one that it has from those that it had. */
export function certificateOf(
  delegate: string,
  serial = 1,
  notAfter = always.notAfter,
): ClientCertificateSeen {
  return ourCertificate({
    ...always,
    notAfter,
    subject: `CN=${delegate},O=Example`,
    serialNumber: serial.toString(16).padStart(2, '0'),
    sha256: sha256(`${delegate} ${serial}`),
    spkiSha256: sha256(`key of ${delegate} ${serial}`),
  });
}

/** As both places of a report tell of it. */
export function heldAs(certificate: ClientCertificateSeen) {
  const chain = [without(certificate, 'path')];
  return { clientCertificate: certificate, credential: credential({ chain }) };
}

function serverOf(node: Node) {
  return [serverCertificate({ ...always, sha256: sha256(node) })];
}

const ourAuthorities = {
  certificateAuthorities: [ourCa],
  certificateAuthoritiesSha256: sha256(ourCa),
};
const otherAuthorities = {
  certificateAuthorities: [otherCa],
  certificateAuthoritiesSha256: sha256(otherCa),
};

type Ours = ReturnType<typeof heldAs> & Pick<Evidence, 'target'>;

function acceptedBy(node: Node, ours: Ours): Evidence {
  return evidence({
    ...ours,
    tls: tlsSeen({ serverCertificates: serverOf(node), ...ourAuthorities }),
  });
}

/** The alert is the last thing on the wire, and what the connection ended with. */
function alertedBy(code: number, ours: Ours, changed: Partial<TlsSeen>): Evidence {
  const seen = refusedWith(code, ours, changed);
  const { tls, alerts } = seen;
  const [alert] = alerts;
  if (!tls?.ended || !alert) return seen;
  const { direction, encrypted, atMs } = alert;
  const after = { direction, name: 'alert', atMs };
  const transcript = [...tls.transcript, { ...after, sizeBytes: 2, encrypted }];
  return { ...seen, tls: { ...tls, transcript, ended: { ...tls.ended, atMs, after } } };
}

function refusedBy(node: Node, ours: Ours): Evidence {
  const changed = { serverCertificates: serverOf(node), ...otherAuthorities };
  switch (node) {
    case 'openssl':
      return alertedBy(48, ours, changed);
    case 'go':
      return alertedBy(42, ours, changed);
    case 'nginx':
      return answered(
        { status: 400, server: 'nginx', body: 'nginx-certificate-error' },
        { ...ours, tls: tlsSeen(changed) },
      );
  }
}

const see: Readonly<Record<Seen, (node: Node, ours: Ours) => Evidence>> = {
  accepted: acceptedBy,
  'wrong-client-ca': refusedBy,
  'no-upstream': (node, ours) => {
    const seen = acceptedBy(node, ours);
    if (node !== 'openssl') return { ...seen, http: { status: 503, server: 'envoy' } };
    const same = { serverCertificates: serverOf(node), ...ourAuthorities };
    return { ...leftAfterFlight('reset', same), ...ours };
  },
  'certificate-expired': (node, ours) =>
    alertedBy(45, ours, { serverCertificates: serverOf(node), ...ourAuthorities }),
  'way-lost': (_, ours) => stoppedAt('tcp', { error: { code: 'TIMEOUT' } }, ours),
  'names-lost': (_, ours) =>
    stoppedAt('dns', { error: { code: 'EAI_AGAIN', syscall: 'getaddrinfo' } }, ours),
};

export interface Looking {
  readonly node: Node;
  /** Of `certificate-expired`, it must have. */
  readonly certificate: ClientCertificateSeen;
  /** RFC 3339. */
  readonly time: string;
  /** When it was accepted last, and with which certificate; absent when it never was. */
  readonly accepted?: { readonly time: string; readonly certificate: ClientCertificateSeen };
}

/** A true report about it, whose id and whose agent are still anybody's. */
export function reportOn(seen: Seen, { node, certificate, time, accepted }: Looking): Report {
  const now = { ...see[seen](node, { target, ...heldAs(certificate) }), time };
  const before = accepted && {
    evidence: {
      ...acceptedBy(node, { target, ...heldAs(accepted.certificate) }),
      time: accepted.time,
    },
  };
  return makeReport({
    evidence: now,
    diagnosis: diagnose(now, before),
    id: '0198e5a0-0000-7000-8000-000000000000',
    runId: '0198e5a0-0000-7000-8000-000000000001',
    agent: { name: 'sidelight', version: '0.1.0', host: 'simulated' },
    attempt: { number: 1, repeats: 0 },
    event: 'state-changed',
  });
}

/** The report of some delegate at some time. */
export function templateOf(seen: Seen, node: Node, hasBaseline: boolean): Report {
  const time = '2025-08-26T12:00:00.000Z';
  const expiresAt = seen === 'certificate-expired' ? '2025-08-26T11:59:30.000Z' : undefined;
  const certificate = certificateOf('delegate-1', 1, expiresAt);
  const accepted = { time: '2025-08-26T11:59:00.000Z', certificate };
  return reportOn(seen, { node, certificate, time, ...(hasBaseline && { accepted }) });
}
