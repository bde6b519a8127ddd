/** Revocation lists, as the `openssl` command makes them, and damaged. */
import { expect, test } from 'vitest';
import { readCertificate } from '../../src/x509/certificate.ts';
import { isCrlOf, readCrl } from '../../src/x509/crl.ts';
import { type Issued, makePki, openssl, toDer } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const rsa = pki.ca('RSA CA', { keyType: 'rsa' });
const leaf = pki.leaf({ cn: 'leaf', ca: rsa });
const other = pki.leaf({ cn: 'other', ca: rsa });

const crlOf = (ca: Issued, ...revoked: readonly Issued[]): Buffer =>
  openssl(['crl', '-in', pki.crl(ca, revoked), '-outform', 'DER']);
const der = crlOf(rsa, leaf);
const certificateOf = ({ cert }: Issued) => {
  const read = readCertificate(toDer(cert));
  if (!read) throw new Error('no certificate');
  return read;
};

test('names who was revoked, and nobody else', () => {
  const crl = readCrl(der);
  expect(crl?.issuer.text).toBe('CN=RSA CA');
  expect(crl?.signatureAlgorithm).toBe('sha256WithRSAEncryption');
  const serials = [...(crl?.revoked.keys() ?? [])];
  expect(serials).toEqual([certificateOf(leaf).serialNumber]);
  expect(serials).not.toContain(certificateOf(other).serialNumber);
  const weekMs = 7 * 86_400_000;
  expect((crl?.nextUpdateMs ?? 0) - (crl?.thisUpdateMs ?? 0)).toBe(weekMs);
});

test('an empty list revokes nobody', () => {
  expect(readCrl(crlOf(rsa))?.revoked.size).toBe(0);
});

test.for(['rsa', 'ec', 'ec384', 'ed25519', 'ed448'] as const)(
  'a list signed with %s is proven by its issuer alone',
  (keyType) => {
    const ca = pki.ca('CA', { keyType });
    const namesake = pki.ca('CA', { keyType });
    const crl = readCrl(crlOf(ca));
    expect(crl && isCrlOf(crl, certificateOf(ca))).toBe(true);
    expect(crl && isCrlOf(crl, certificateOf(namesake))).toBe(false);
    expect(crl && isCrlOf(crl, certificateOf(rsa))).toBe(false);
  },
);

test('what is cut short, or goes on, is no list', () => {
  for (let length = 0; length < der.length; length += 1) {
    expect(readCrl(der.subarray(0, length))).toBeUndefined();
  }
  expect(readCrl(Buffer.concat([der, Buffer.from([0])]))).toBeUndefined();
});

test('one wrong octet never throws, and never leaves the signature whole', () => {
  const issuer = certificateOf(rsa);
  for (let at = 0; at < der.length; at += 1) {
    const damaged = Buffer.from(der);
    damaged[at] = (damaged[at] ?? 0) ^ 0x55;
    const crl = readCrl(damaged);
    expect(crl ? isCrlOf(crl, issuer) : false, `octet ${at}`).toBe(isOutsideSigned(damaged));
  }
});

/** The algorithm is named twice, and the outer name's parameters are not read. */
function isOutsideSigned(damaged: Buffer): boolean {
  const [whole, now] = [readCrl(der), readCrl(damaged)];
  return (
    whole !== undefined &&
    now !== undefined &&
    Buffer.compare(whole.tbs, now.tbs) === 0 &&
    Buffer.compare(whole.signature, now.signature) === 0 &&
    whole.signatureAlgorithm === now.signatureAlgorithm
  );
}
