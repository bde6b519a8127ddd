/** What an agent sees of the world: evidence as its probe would have it, and the report that the real diagnosis makes of it. */
import { createHash } from 'node:crypto';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { makeReport } from '../../src/report/make-report.ts';
import type { Report } from '../../src/report/report.ts';
import {
  answered,
  evidence,
  leftAfterFlight,
  otherCa,
  ourCa,
  ourCertificate,
  refusedWith,
  serverCertificate,
  stoppedAt,
  tlsSeen,
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

function serverOf(node: Node) {
  return [serverCertificate({ ...always, sha256: sha256(node) })];
}

function commonTo(node: Node) {
  return {
    target,
    clientCertificate: ourCertificate(always),
    tls: tlsSeen({
      serverCertificates: serverOf(node),
      certificateAuthorities: [ourCa],
      certificateAuthoritiesSha256: sha256(ourCa),
    }),
  };
}

function acceptedBy(node: Node): Evidence {
  return evidence(commonTo(node));
}

const otherAuthorities = {
  certificateAuthorities: [otherCa],
  certificateAuthoritiesSha256: sha256(otherCa),
};

function refusedBy(node: Node): Evidence {
  const { tls: _, ...common } = commonTo(node);
  const changed = { serverCertificates: serverOf(node), ...otherAuthorities };
  switch (node) {
    case 'openssl':
      return refusedWith(48, common, changed);
    case 'go':
      return refusedWith(42, common, changed);
    case 'nginx':
      return answered(
        { status: 400, server: 'nginx', body: 'nginx-certificate-error' },
        { ...common, tls: tlsSeen(changed) },
      );
  }
}

const see: Readonly<Record<Seen, (node: Node) => Evidence>> = {
  accepted: acceptedBy,
  'wrong-client-ca': refusedBy,
  'no-upstream': (node) => {
    const { tls, ...common } = commonTo(node);
    if (node !== 'openssl') return answered({ status: 503, server: 'envoy' }, { ...common, tls });
    const same = {
      serverCertificates: serverOf(node),
      certificateAuthoritiesSha256: sha256(ourCa),
    };
    return { ...leftAfterFlight('reset', same), ...common };
  },
  'certificate-expired': (node) =>
    refusedWith(
      45,
      {
        target,
        clientCertificate: ourCertificate({ ...always, notAfter: '2020-06-01T00:00:00.000Z' }),
      },
      { serverCertificates: serverOf(node), certificateAuthoritiesSha256: sha256(ourCa) },
    ),
  'way-lost': () =>
    stoppedAt(
      'tcp',
      { error: { code: 'TIMEOUT' } },
      { target, clientCertificate: ourCertificate(always) },
    ),
  'names-lost': () =>
    stoppedAt(
      'dns',
      { error: { code: 'EAI_AGAIN', syscall: 'getaddrinfo' } },
      { target, clientCertificate: ourCertificate(always) },
    ),
};

/** A report about it, whose times, numbers and names are still anybody's. */
export function templateOf(seen: Seen, node: Node, hasBaseline: boolean): Report {
  const time = '2025-08-26T12:00:00.000Z';
  const before = { evidence: { ...acceptedBy(node), time: '2025-08-26T11:59:00.000Z' } };
  const now = { ...see[seen](node), time };
  return makeReport({
    evidence: now,
    diagnosis: diagnose(now, hasBaseline ? before : undefined),
    id: '0198e5a0-0000-7000-8000-000000000000',
    runId: '0198e5a0-0000-7000-8000-000000000001',
    agent: { name: 'sidelight', version: '0.1.0', host: 'simulated' },
    attempt: { number: 1, repeats: 0 },
    event: 'state-changed',
  });
}
