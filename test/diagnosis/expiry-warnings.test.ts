/** Every step on the way to a certificate's end, for every certificate that can end. */
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { lastExpiryThreshold } from '../../src/diagnosis/expiry-thresholds.ts';
import type { CertificateSeen, Evidence } from '../../src/evidence/evidence.ts';
import {
  credential,
  evidence,
  lookTime,
  ourCertificate,
  ourRoot,
  serverCertificate,
  tlsSeen,
} from '../support/evidence.ts';

const dayMs = 86_400_000;
const now = Date.parse(lookTime);
const at = (days: number): string => new Date(now + days * dayMs).toISOString();

/** A life of so many days, of which so many are left. */
const life = (days: number, left: number): Pick<CertificateSeen, 'notBefore' | 'notAfter'> => ({
  notBefore: at(left - days),
  notAfter: at(left),
});

test.for([
  [1000, 341, undefined],
  [1000, 339, '66-percent'],
  [1000, 101, '66-percent'],
  [1000, 99, '90-percent'],
  [1000, 30, '30-days'],
  [1000, 15, '30-days'],
  [1000, 14, '14-days'],
  [1000, 7, '7-days'],
  [1000, 2, '7-days'],
  [1000, 1, '1-day'],
  [1000, 0, undefined],
  [1000, -1, undefined],
  [90, 31, undefined],
  [90, 30, '30-days'],
  [90, 8, '90-percent'],
  [90, 7, '7-days'],
  [60, 21, undefined],
  [60, 20, '66-percent'],
  [7, 6, undefined],
  [7, 2, '66-percent'],
  [7, 1, '1-day'],
  [7, 0.5, '90-percent'],
] as const)('of a life of %d days, %d are left: %s', ([days, left, name]) => {
  const threshold = lastExpiryThreshold({ sha256: 'x', ...life(days, left) }, lookTime)?.name;
  expect(threshold).toBe(name);
});

test('unknown dates cross nothing', () => {
  expect(lastExpiryThreshold({ sha256: 'x' }, lookTime)).toBeUndefined();
});

const ours = ourCertificate({ issuer: 'CN=Issuing CA' });
const soon = { sha256: '3'.repeat(64), ...life(1000, 6) };
const intermediate = { ...soon, subject: 'CN=Issuing CA', issuer: 'CN=Root' };

test.for<readonly [string, Partial<Evidence>]>([
  ['client-certificate-expires-soon', { clientCertificate: ourCertificate(life(1000, 6)) }],
  [
    'client-intermediate-expires-soon',
    { clientCertificate: ours, credential: credential({ chain: [ours, intermediate] }) },
  ],
  [
    'client-ca-expires-soon',
    { credential: credential({ chain: [ourCertificate(), { ...ourRoot(), ...life(1000, 6) }] }) },
  ],
  ['ca-expires-soon', { credential: credential({ caCertificates: [ourRoot(), soon] }) }],
  [
    'server-certificate-expires-soon',
    { tls: tlsSeen({ serverCertificates: [serverCertificate(life(1000, 6))] }) },
  ],
  [
    'server-chain-expires-soon',
    { tls: tlsSeen({ serverCertificates: [serverCertificate(), soon] }) },
  ],
])('%s', ([code, seen]) => {
  const [warning, ...others] = diagnose(evidence(seen)).warnings;
  expect(others).toEqual([]);
  expect(warning).toMatchObject({ code, threshold: '7-days' });
  expect(warning?.evidence).toContain('in 6 days: at most 7 days are left.');
});

test('of several certificates of a kind, the one that ends first is told', () => {
  const chain = [serverCertificate(), { ...soon, ...life(1000, 20) }, soon];
  const { warnings } = diagnose(evidence({ tls: tlsSeen({ serverCertificates: chain }) }));
  expect(warnings.map(({ threshold }) => threshold)).toEqual(['7-days']);
});
