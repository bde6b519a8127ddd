/** Reports of fixed looks, with fixed ids and times: what schemas and golden files are held to. */
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Evidence, TlsSeen } from '../../src/evidence/evidence.ts';
import { makeReport } from '../../src/report/make-report.ts';
import type { Report } from '../../src/report/report.ts';
import {
  answered,
  baseline,
  credential,
  evidence,
  leftAfterFlight,
  otherCa,
  ourCa,
  ourCertificate,
  refusedAtHello,
  refusedWith,
  serverCertificate,
  stoppedAt,
  stoppedLocally,
  tlsSeen,
  unconfigured,
  untrusted,
  upgraded,
  without,
} from '../support/evidence.ts';

export function reportOn(
  seen: Evidence,
  before?: { readonly evidence: Evidence },
  changes: Partial<Parameters<typeof makeReport>[0]> = {},
): Report {
  const diagnosis = diagnose(seen, before);
  return makeReport({
    evidence: seen,
    diagnosis,
    id: '019ab1c2-d3e4-7f50-8a6b-7c8d9e0f1a2b',
    sequence: 1729,
    runId: '019ab1c2-0000-7000-8000-000000000000',
    agent: {
      name: 'sidelight',
      version: '0.1.0',
      id: '019ab1c2-1111-7000-8000-000000000000',
      host: 'delegate-7f9c',
      delegate: { name: 'delegate-1', account: 'acme' },
    },
    attempt: { number: 1, repeats: 0 },
    ...changes,
  });
}

const failing = {
  attempt: { number: 3, failingSince: '2026-11-23T13:58:00.000Z', repeats: 41 },
  event: 'heartbeat',
  delivery: { waiting: 2, lost: { age: 0, size: 1, rejected: 0 } },
} as const;

const renewed = 'f'.repeat(64);
const changed = { attempt: { number: 7, repeats: 3 }, event: 'state-changed' } as const;
const beating = { attempt: { number: 12, repeats: 4 }, event: 'heartbeat' } as const;

const credentialChanged = {
  attempt: { number: 7, repeats: 0 },
  event: 'credential-changed',
} as const;
const expiredAlready = {
  code: 'client-certificate-expired',
  outcome: 'failed',
  title: 'The certificate has not expired',
  evidence: [
    'It is valid from 2026-08-20T00:00:00.000Z to 2026-11-20T00:00:00.000Z, ended 3 days ago.',
  ],
  remedy: 'Renew the certificate.',
} as const;
const exposed = {
  code: 'client-key-file-exposed',
  outcome: 'warning',
  title: 'Nobody else can read or change the private key',
  evidence: [
    '/etc/mtls/client.key, mode 0644, owner 0:0.',
    'At most 0640 is expected for a key of this owner.',
  ],
  remedy: 'Give /etc/mtls/client.key the mode 0640, and this user or root as its owner.',
} as const;

/** The name of a report is the name of its golden files. */
export const corpus: Readonly<Record<string, Report>> = {
  accepted: reportOn(evidence()),
  'accepted-with-warnings': reportOn(
    evidence({
      clientCertificate: ourCertificate({ notAfter: '2026-12-01T00:00:00.000Z' }),
      http: { status: 404 },
    }),
    baseline(),
  ),
  'delegate-key-unusable': reportOn(
    evidence({
      delegate: {
        trustStore: {
          file: { path: '/opt/java/cacerts', mode: '0644' },
          format: 'jks',
          anchors: 1,
        },
        trustsServer: true,
        trustsAll: true,
        fips: true,
      },
      credential: credential({
        key: { algorithm: 'ec', bits: 256, label: 'EC PRIVATE KEY', encrypted: false, blocks: 2 },
      }),
    }),
  ),
  'trust-stores-disagree': reportOn(
    untrusted('SELF_SIGNED_CERT_IN_CHAIN', undefined, {
      delegate: {
        trustStore: { file: { path: '/opt/java/cacerts' }, format: 'pkcs12', anchors: 145 },
        trustsServer: true,
      },
    }),
  ),
  'client-ca-changed': reportOn(
    refusedWith(
      48,
      {},
      { certificateAuthorities: [otherCa], certificateAuthoritiesSha256: '2'.repeat(64) },
    ),
    baseline(),
    failing,
  ),
  'not-configured': reportOn(unconfigured(refusedWith(116))),
  expired: reportOn(
    refusedWith(
      46,
      { clientCertificate: ourCertificate({ notAfter: '2026-11-20T00:00:00.000Z' }) },
      { certificateAuthorities: [] },
    ),
  ),
  'closed-after-flight': reportOn(leftAfterFlight('fin')),
  'refused-at-hello': reportOn(refusedAtHello(40)),
  'server-untrusted': reportOn(untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE')),
  'name-not-found': reportOn(
    stoppedAt('dns', {
      error: { code: 'ENOTFOUND', syscall: 'getaddrinfo' },
      host: 'gateway.example',
    }),
  ),
  'proxy-authentication': reportOn(
    stoppedAt(
      'proxy',
      { error: { code: 'PROXY_STATUS' } },
      {
        target: { ...evidence().target, proxy: 'http://proxy.example:3128' },
        proxy: { status: 407, authenticationSchemes: ['negotiate', 'ntlm'], via: '1.1 squid' },
      },
    ),
  ),
  'file-missing': reportOn(
    stoppedLocally({ keyFile: { path: '/etc/mtls/client.key', error: 'ENOENT' } }),
  ),
  experimented: reportOn({
    ...unconfigured(refusedWith(116)),
    experiments: [
      {
        changed: 'throwaway-client-certificate',
        outcome: 'rejected',
        layer: 'tls',
        durationMs: 12.5,
        alert: { direction: 'received', code: 48, description: 'unknown_ca' },
        error: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
        version: '1.3',
        clientCertificateRequested: true,
        serverHelloReceived: true,
        serverCertificateSha256: 'd'.repeat(64),
      },
      {
        changed: 'no-alpn',
        outcome: 'rejected',
        layer: 'http',
        durationMs: 14.25,
        version: '1.3',
        serverHelloReceived: true,
        httpStatus: 496,
      },
      {
        changed: 'other-address',
        value: '2001:db8:dead:beef:1234:5678:9abc:def0',
        outcome: 'failed',
        layer: 'tcp',
        durationMs: 2000.125,
        error: 'TIMEOUT',
      },
    ],
  }),
  overloaded: reportOn(answered({ status: 503, retryAfterMs: 30_000, server: 'envoy' })),
  'websocket-closed': reportOn(
    upgraded({ status: 101, closeCode: 1008, closeReason: 'policy' }, true),
  ),
  unconfirmed: reportOn({
    ...evidence({ tls: tlsSeen({ alpn: 'h2', transcriptDropped: 3 }) }),
    steps: evidence().steps.map((step) =>
      step.name === 'http'
        ? { name: 'http', outcome: 'skipped', reason: 'protocol-not-spoken' }
        : step,
    ),
    http: {},
  }),
  heartbeat: reportOn(evidence(), baseline(), {
    ...beating,
    delivery: {
      waiting: 0,
      lost: { age: 0, size: 0, rejected: 0 },
      homes: [
        {
          name: 'home',
          waiting: 0,
          waitingBytes: 0,
          lost: { age: 0, size: 0, rejected: 0 },
          lastSuccessTime: '2026-11-23T13:59:58.123Z',
        },
      ],
    },
  }),
  'reports-lost': reportOn(evidence(), baseline(), {
    ...beating,
    delivery: {
      waiting: 10_000,
      lost: { age: 3, size: 9, rejected: 0, storage: 2 },
      newlyLost: 14,
      homes: [
        {
          name: 'home',
          waiting: 10_000,
          waitingBytes: 41_234_567,
          oldestTime: '2026-11-20T14:00:00.123Z',
          lost: { age: 3, size: 9, rejected: 0, storage: 2 },
          lastSuccessTime: '2026-11-20T13:59:58.123Z',
        },
      ],
    },
  }),
  'events-dropped': reportOn(evidence(), baseline(), {
    ...beating,
    eventsDropped: { stdout: 4, file: 1, syslog: 31 },
  }),
  recovered: reportOn(evidence(), baseline(), {
    ...changed,
    attempt: { number: 9, failedSince: '2026-11-23T13:20:00.000Z', repeats: 38 },
  }),
  'server-certificate-renewed': reportOn(
    evidence({ tls: tlsSeen({ serverCertificates: [serverCertificate({ sha256: renewed })] }) }),
    baseline(),
    changed,
  ),
  'authorities-changed': reportOn(
    evidence({
      tls: tlsSeen({
        certificateAuthorities: [ourCa, otherCa],
        certificateAuthoritiesSha256: '2'.repeat(64),
      }),
    }),
    baseline(),
    changed,
  ),
  'no-longer-asked': reportOn(
    evidence({
      tls: without(
        tlsSeen({ clientCertificateRequested: false }),
        'clientCertificateSent',
        'certificateAuthorities',
        'certificateAuthoritiesSha256',
      ) as TlsSeen,
    }),
    baseline(),
    changed,
  ),
  'client-certificate-renewed': reportOn(
    evidence({ clientCertificate: ourCertificate({ sha256: renewed }) }),
    baseline(),
    changed,
  ),
  'certificate-expiring': reportOn(
    evidence({ clientCertificate: ourCertificate({ notAfter: '2026-12-01T00:00:00.000Z' }) }),
    baseline(),
    {
      ...changed,
      attempt: { ...changed.attempt, newWarnings: ['client-certificate-expires-soon'] },
    },
  ),
  'new-credential-broken': reportOn(evidence(), baseline(), {
    ...credentialChanged,
    preflight: {
      clientCertificate: ourCertificate({ sha256: renewed, notAfter: '2026-11-20T00:00:00.000Z' }),
      checks: [expiredAlready, exposed],
    },
  }),
  'new-credential-warned': reportOn(refusedWith(48), undefined, {
    ...credentialChanged,
    preflight: { checks: [exposed] },
  }),
  'warning-raised': reportOn(evidence({ http: { status: 404 } }), baseline(), {
    ...changed,
    attempt: { ...changed.attempt, newWarnings: ['wrong-backend'] },
  }),
  'seen-in-full': reportOn(
    evidence({
      clientCertificate: ourCertificate({
        subjectAltNames: ['DNS:delegate-1.example', 'URI:spiffe://example/delegate-1'],
      }),
      tls: tlsSeen({
        ja3s: 'eb1d94daa7e0344597e756a1fb6e7054',
        serverCertificates: [
          serverCertificate({ subjectAltNames: ['DNS:gateway.example', 'IP:192.0.2.7'] }),
          serverCertificate({ sha256: renewed, isCa: true, selfSigned: true }),
        ],
      }),
    }),
  ),
  'at-an-address': reportOn(
    evidence({
      target: { url: 'https://[2001:db8::7]:8443/', host: '2001:db8::7', port: 8443 },
      steps: evidence().steps.map((step) => {
        if (step.name === 'dns')
          return { name: 'dns', outcome: 'skipped', reason: 'address-given' };
        return step.name === 'tcp'
          ? { ...step, host: '2001:db8::7', address: '2001:db8::7' }
          : step;
      }),
    }),
  ),
};
