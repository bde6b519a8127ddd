/** A certificate becomes evidence that survives JSON, whatever its octets are. */
import { expect, test } from 'vitest';
import { seeCertificate } from '../../src/evidence/certificate-seen.ts';
import { makePki, toDer } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const ca = pki.ca('Delegate CA');

test('a leaf shows what reports promise', () => {
  const { cert, sha256 } = pki.leaf({
    cn: 'delegate-7',
    ca,
    san: 'DNS:delegate-7',
    notBefore: new Date('2025-01-02T03:04:05Z'),
    notAfter: new Date('9999-12-31T23:59:59Z'),
  });
  const seen = seeCertificate(toDer(cert));
  expect(seen).toEqual({
    sha256,
    spkiSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    subject: 'CN=delegate-7',
    issuer: 'CN=Delegate CA',
    serialNumber: expect.stringMatching(/^([0-9a-f]{2})+$/),
    subjectAltNames: ['DNS:delegate-7'],
    notBefore: '2025-01-02T03:04:05.000Z',
    notAfter: '9999-12-31T23:59:59.000Z',
    keyAlgorithm: 'ec',
    keyBits: 256,
    signatureAlgorithm: 'ecdsa-with-SHA256',
    isCa: false,
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['clientAuth'],
    subjectKeyIdentifier: expect.stringMatching(/^[0-9a-f]{40}$/),
    authorityKeyIdentifier: seeCertificate(toDer(ca.cert)).subjectKeyIdentifier,
    selfSigned: false,
  });
  expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
});

test('self-signed means that the own key verifies', () => {
  expect(seeCertificate(toDer(ca.cert)).selfSigned).toBe(true);
  const namesake = pki.leaf({ cn: 'Delegate CA', ca, extensions: ['authorityKeyIdentifier=none'] });
  expect(seeCertificate(toDer(namesake.cert)).selfSigned).toBe(false);
});

test.for([
  ['nothing', Buffer.alloc(0)],
  ['garbage', Buffer.from('GET / HTTP/1.1')],
  ['a megabyte of zeros', Buffer.alloc(1024 * 1024)],
] as const)('of %s there is at least the hash', ([, octets]) => {
  expect(seeCertificate(octets)).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
});
