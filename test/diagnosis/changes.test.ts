/** What differs from the last accepted look. */
import { expect, test } from 'vitest';
import { changesSince, recallBaseline } from '../../src/diagnosis/changes.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import {
  baseline,
  credential,
  evidence,
  otherCa,
  ourCa,
  ourCertificate,
  refusedAtHello,
  serverCertificate,
  steps,
  tlsSeen,
  without,
} from '../support/evidence.ts';

const hex = (digit: string): string => digit.repeat(64);
const inTls = (changes: Parameters<typeof tlsSeen>[0]): Evidence =>
  evidence({ tls: tlsSeen(changes) });

const rows: readonly (readonly [what: string, now: Evidence, before: unknown, after: unknown])[] = [
  [
    'clientCertificate.sha256',
    evidence({ clientCertificate: ourCertificate({ sha256: hex('7') }) }),
    hex('a'),
    hex('7'),
  ],
  [
    'target.proxy',
    evidence({ target: { ...evidence().target, proxy: 'http://p:3128' } }),
    null,
    'http://p:3128',
  ],
  [
    'steps.tcp.address',
    evidence({
      steps: steps().map((step) =>
        step.name === 'tcp' ? { ...step, address: '192.0.2.8' } : step,
      ),
    }),
    '192.0.2.7',
    '192.0.2.8',
  ],
  ['tls.version', inTls({ version: '1.2' }), '1.3', '1.2'],
  [
    'tls.cipherSuite',
    inTls({ cipherSuite: 'TLS_AES_128_GCM_SHA256' }),
    'TLS_AES_256_GCM_SHA384',
    'TLS_AES_128_GCM_SHA256',
  ],
  ['tls.alpn', inTls({ alpn: 'h2' }), 'http/1.1', 'h2'],
  [
    'tls.serverCertificates[0].sha256',
    inTls({ serverCertificates: [serverCertificate({ sha256: hex('8') })] }),
    hex('d'),
    hex('8'),
  ],
  [
    'tls.serverCertificates[0].issuer',
    inTls({ serverCertificates: [serverCertificate({ issuer: 'CN=X' })] }),
    'CN=Gateway CA,O=Example',
    'CN=X',
  ],
  ['tls.serverAuthorized', inTls({ serverAuthorized: false }), true, false],
  ['tls.clientCertificateRequested', inTls({ clientCertificateRequested: false }), true, false],
  ['http.status', evidence({ http: { status: 503 } }), 200, 503],
  ['tls.clientCertificateSent', inTls({ clientCertificateSent: false }), true, false],
  [
    'credential.keyMatchesCertificate',
    evidence({ credential: credential({ keyMatchesCertificate: false }) }),
    true,
    false,
  ],
  [
    'credential.keyFile.path',
    evidence({
      credential: credential({ keyFile: { ...credential().keyFile!, path: '/other.key' } }),
    }),
    '/etc/mtls/client.key',
    '/other.key',
  ],
  [
    'credential.chain',
    evidence({ credential: credential({ chain: [] }) }),
    ['CN=delegate-1,O=Example, issued by CN=Delegate CA,O=Example'],
    [],
  ],
  [
    'steps.dns.addresses',
    evidence({
      steps: steps().map((step) =>
        step.name === 'dns' ? { ...step, addresses: ['192.0.2.9'] } : step,
      ),
    }),
    ['192.0.2.7'],
    ['192.0.2.9'],
  ],
  [
    'tls.certificateAuthorities',
    inTls({ certificateAuthorities: [otherCa], certificateAuthoritiesSha256: hex('2') }),
    [ourCa],
    [otherCa],
  ],
  [
    'tls.certificateAuthoritiesSha256',
    inTls({ certificateAuthoritiesSha256: hex('2') }),
    hex('1'),
    hex('2'),
  ],
];

test.for(rows)('%s is a change', ([what, now, before, after]) => {
  expect(changesSince(baseline(), now)).toEqual([{ what, before, now: after }]);
});

test('the same look has no changes', () => {
  expect(changesSince(baseline(), evidence())).toEqual([]);
});

test('what was not observed is no change', () => {
  // That no ServerHello came is all that a refusal at hello shows.
  expect(changesSince(baseline(), refusedAtHello(40))).toEqual([
    { what: 'tls.progress.serverHelloReceived', before: true, now: false },
  ]);
  const blind = without(evidence(), 'tls', 'http', 'clientCertificate') as Evidence;
  expect(changesSince({ evidence: blind }, evidence())).toEqual([]);
});

test('the same authorities in another order are no change', () => {
  const before = baseline({ tls: tlsSeen({ certificateAuthorities: [ourCa, otherCa] }) });
  const now = inTls({
    certificateAuthorities: [otherCa, ourCa],
    certificateAuthoritiesSha256: hex('2'),
  });
  expect(changesSince(before, now)).toEqual([]);
});

test('a clock that moved by minutes is a change, one that drifted is none', () => {
  const at = (date: string): Evidence => evidence({ http: { status: 200, date } });
  const before = {
    evidence: { ...at('2026-11-23T12:19:01.000Z'), time: '2026-11-23T12:19:00.000Z' },
  };
  expect(changesSince(before, at('2026-11-23T14:00:20.000Z'))).toEqual([]);
  expect(changesSince(before, at('2026-11-23T15:00:00.000Z'))).toEqual([
    { what: 'clock.differenceMs', before: 0, now: 3_600_000 },
  ]);
});

test('the same addresses in another order are no change', () => {
  const inOrder = (...addresses: readonly string[]): Evidence =>
    evidence({
      steps: steps().map((step) => (step.name === 'dns' ? { ...step, addresses } : step)),
    });
  const before = { evidence: inOrder('192.0.2.7', '192.0.2.8') };
  expect(changesSince(before, inOrder('192.0.2.8', '192.0.2.7'))).toEqual([]);
});

test.for(rows)('%s is recalled from the change', ([, now]) => {
  const changes = changesSince(baseline(), now);
  const recalled = recallBaseline(now, changes, '2026-11-23T12:19:00.000Z');
  expect(changesSince(recalled, now)).toEqual(changes);
});

test('a change of a wrong type, or of nothing known, is recalled as no change', () => {
  const odd = rows.map(([what]) => ({ what, before: { odd: 1 }, now: 1 }));
  const recalled = recallBaseline(
    evidence(),
    [...odd, { what: '__proto__', before: 1, now: 2 }],
    'x',
  );
  expect({ ...recalled.evidence, time: evidence().time }).toEqual(evidence());
});
