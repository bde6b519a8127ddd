/** What is worth minding beside the outcome. */
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import {
  alertSeen,
  baseline,
  credential,
  evidence,
  ourCertificate,
  refusedWith,
  serverCertificate,
  stoppedAt,
  tlsSeen,
  untrusted,
} from '../support/evidence.ts';

const codesOf = (seen: Evidence, before?: { readonly evidence: Evidence }): readonly string[] =>
  diagnose(seen, before).warnings.map(({ code }) => code);

const validity = (notBefore: string, notAfter: string): Evidence =>
  evidence({
    clientCertificate: ourCertificate({
      notBefore: `${notBefore}T00:00:00Z`,
      notAfter: `${notAfter}T00:00:00Z`,
    }),
  });

test.for([
  ['a year, 29 days left', '2025-12-22', '2026-12-22', true],
  ['a year, half over', '2026-05-20', '2027-05-20', false],
  ['two days, half over', '2026-11-23', '2026-11-25', false],
  ['two days, in the last third', '2026-11-22', '2026-11-24', true],
  ['expired', '2025-11-22', '2026-11-22', false],
] as const)('our certificate of %s: expires soon', ([, notBefore, notAfter, warns]) => {
  expect(codesOf(validity(notBefore, notAfter)).includes('client-certificate-expires-soon')).toBe(
    warns,
  );
});

test('the certificate of the gateway expires soon', () => {
  const tls = tlsSeen({
    serverCertificates: [serverCertificate({ notAfter: '2026-11-30T00:00:00Z' })],
  });
  expect(codesOf(evidence({ tls }))).toEqual(['server-certificate-expires-soon']);
});

test.for([
  ['client-certificate-expired', { notAfter: '2026-11-01T00:00:00Z' }],
  ['client-certificate-not-yet-valid', { notBefore: '2026-12-01T00:00:00Z' }],
  ['client-certificate-purpose', { extendedKeyUsage: ['serverAuth'] }],
  ['client-certificate-weak', { keyBits: 1024 }],
] as const)(
  '%s is a warning where the gateway does not mind, and where it was not asked',
  ([code, fault]) => {
    const clientCertificate = ourCertificate(fault);
    expect(codesOf(evidence({ clientCertificate }))).toEqual([code]);
    expect(
      codesOf(stoppedAt('dns', { error: { code: 'ENOTFOUND' } }, { clientCertificate })),
    ).toEqual([code]);
  },
);

test('what is the cause is no warning as well', () => {
  const clientCertificate = ourCertificate({ notAfter: '2026-11-01T00:00:00Z' });
  expect(codesOf(refusedWith(45, { clientCertificate }))).toEqual([]);
});

test.for([
  ['0620', true],
  ['0644', true],
  ['0640', false],
  ['0600', false],
] as const)('a key file of mode %s is exposed: %s', ([mode, warns]) => {
  const seen = evidence({ credential: credential({ keyFile: { path: '/k', mode } }) });
  expect(codesOf(seen)).toEqual(warns ? ['client-key-file-exposed'] : []);
});

test('a gateway that does not ask for our certificate is worth knowing', () => {
  const seen = evidence({ tls: tlsSeen({ clientCertificateRequested: false }) });
  expect(codesOf(seen)).toEqual(['client-certificate-not-requested']);
  expect(codesOf(seen, baseline())).toEqual(['gateway-stopped-requesting-client-certificate']);
});

test('another certificate of the gateway, while all works, is worth knowing', () => {
  const tls = tlsSeen({ serverCertificates: [serverCertificate({ sha256: '8'.repeat(64) })] });
  expect(codesOf(evidence({ tls }), baseline())).toEqual(['server-certificate-changed']);
});

test.for([
  [404, 'wrong-backend'],
  [204, 'http-status-changed'],
] as const)('HTTP %i where it was 200 before is %s', ([status, code]) => {
  expect(codesOf(evidence({ http: { status } }), baseline())).toEqual([code]);
});

test('a server that we do not trust and that refuses us is worth both words', () => {
  const seen = untrusted('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(codesOf(seen)).toEqual([]);
  expect(codesOf({ ...seen, alerts: [alertSeen(116)] })).toEqual(['untrusted-server-refused-us']);
});

test.for([['client-certificate-key-usage', { keyUsage: ['keyEncipherment'] }]] as const)(
  '%s is a warning where the gateway does not mind',
  ([code, fault]) => {
    expect(codesOf(evidence({ clientCertificate: ourCertificate({ ...fault }) }))).toEqual([code]);
  },
);

test('an expired intermediate is a warning where the gateway does not mind', () => {
  const ours = ourCertificate({ issuer: 'CN=Issuing CA' });
  const old = { sha256: '3'.repeat(64), subject: 'CN=Issuing CA', issuer: 'CN=Root' };
  const chain = [ours, { ...old, notAfter: '2026-11-01T00:00:00Z' }];
  const seen = evidence({ clientCertificate: ours, credential: credential({ chain }) });
  expect(codesOf(seen)).toEqual(['client-intermediate-expired']);
});

test('other authorities than before, while all works, are worth knowing', () => {
  const tls = tlsSeen({ certificateAuthorities: ['CN=New CA'] });
  expect(codesOf(evidence({ tls }), baseline())).toEqual(['gateway-authorities-changed']);
  expect(codesOf(evidence(), baseline())).toEqual([]);
});

test.for([
  ['2026-11-23T14:04:00.000Z', []],
  ['2026-11-23T14:06:00.000Z', ['client-clock-skew']],
  ['2026-11-23T12:00:00.000Z', ['client-clock-skew']],
] as const)('a gateway whose clock says %s at 14:00: %s', ([date, codes]) => {
  expect(codesOf(evidence({ http: { status: 200, date } }))).toEqual(codes);
});

test('IPv6 that fails before IPv4 connects is worth knowing', () => {
  const dialled = (address: string, failed: string): Evidence =>
    evidence({
      steps: evidence().steps.map((step) =>
        step.name === 'tcp'
          ? { ...step, address, failedAddresses: [{ address: failed, code: 'ENETUNREACH' }] }
          : step,
      ),
    });
  expect(codesOf(dialled('192.0.2.7', '2001:db8::7'))).toEqual(['ipv6-broken']);
  expect(codesOf(dialled('192.0.2.7', '192.0.2.8'))).toEqual([]);
});

test('interception that is trusted here is worth knowing', () => {
  const issuer = 'CN=Zscaler Root CA,O=Zscaler Inc.';
  const tls = tlsSeen({ serverCertificates: [serverCertificate({ issuer })] });
  expect(codesOf(evidence({ tls }))).toEqual(['tls-interception']);
});

test('a stapled answer that says revoked is worth knowing', () => {
  const ocsp = { responseStatus: 'successful', certificateStatus: 'revoked' } as const;
  expect(codesOf(evidence({ tls: tlsSeen({ ocsp }) }))).toEqual(['server-certificate-revoked']);
  const good = { ...ocsp, certificateStatus: 'good' } as const;
  expect(codesOf(evidence({ tls: tlsSeen({ ocsp: good }) }))).toEqual([]);
});

test.for([
  ['2026-11-23T09:00:00Z', ['rotated-credential-not-loaded']],
  ['2026-11-23T11:00:00Z', []],
] as const)('a delegate that started at %s, with files from 10:00: %s', ([startedAt, codes]) => {
  const certificateFile = { path: '/c', modifiedAt: '2026-11-23T10:00:00Z' };
  const seen = evidence({ credential: credential({ certificateFile }), delegate: { startedAt } });
  expect(codesOf(seen)).toEqual(codes);
});

test('settings of the delegate that differ are worth knowing', () => {
  const delegate = { differences: [{ setting: 'proxy', delegates: 'http://p:3128' }] };
  expect(codesOf(evidence({ delegate }))).toEqual(['environment-differs']);
});
