/** Certificates read as the `openssl` command reads them, and hostile ones do no harm. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCertificate } from '../../src/x509/certificate.ts';
import { name, sequence, tlv, utf8String } from '../support/der-writer.ts';
import { type CertificateRequest, makePki, openssl, toDer } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const ca = pki.ca('Delegate CA');
const rsaCa = pki.ca('/C=DE/O=Example, Inc./CN=RSA "CA"', { keyType: 'rsa' });

const table: readonly CertificateRequest[] = [
  { cn: 'plain', ca },
  { cn: 'zero=plus', ca, extensions: ['certificatePolicies=1.2.3.4'] },
  { cn: '/DC=org/DC=example/O=A, B + C/OU=<x>;y/CN=über "q" #1', ca },
  { cn: '/emailAddress=a@b/serialNumber=42/UID=u/street=S 1/L=Köln/ST=NRW/CN=all', ca },
  { cn: '/CN= both ends ', ca },
  { cn: '/CN=#hash', ca },
  {
    cn: 'far',
    ca,
    notBefore: new Date('1950-01-01T00:00:00Z'),
    notAfter: new Date('9999-12-31T23:59:59Z'),
  },
  {
    cn: 'past',
    ca,
    notBefore: new Date('2049-12-31T23:59:59Z'),
    notAfter: new Date('2050-01-01T00:00:00Z'),
  },
  {
    cn: 'names',
    ca,
    san: 'DNS:a.example,DNS:*.b.example,IP:192.0.2.1,IP:2001:db8::1,URI:spiffe://x/y,email:a@b,RID:1.2.3',
  },
  { cn: 'no extensions of purpose', ca, eku: null, keyUsage: null },
  {
    cn: 'every purpose',
    ca,
    eku: 'serverAuth,clientAuth,codeSigning,emailProtection,timeStamping,OCSPSigning,anyExtendedKeyUsage,1.2.3.4',
  },
  {
    cn: 'every usage',
    ca,
    keyUsage:
      'digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyAgreement,keyCertSign,cRLSign,encipherOnly,decipherOnly',
  },
  { cn: 'rsa', ca: rsaCa, keyType: 'rsa' },
  { cn: 'rsa 1024, SHA-1', ca: rsaCa, keyType: 'rsa1024', digest: 'sha1' },
  { cn: 'p384, SHA-512', ca: rsaCa, keyType: 'ec384', digest: 'sha512' },
  { cn: 'sha384', ca, digest: 'sha384' },
  { cn: 'ed25519', ca, keyType: 'ed25519' },
  { cn: 'ed25519 alone', keyType: 'ed25519', digest: 'default' },
  { cn: 'ed448', ca, keyType: 'ed448' },
  { cn: 'intermediate', ca, isCa: true, keyUsage: 'keyCertSign' },
];

test.for(table)('$cn reads as openssl reads it', (request) => {
  const { cert } = pki.leaf(request);
  const certificate = readCertificate(toDer(cert));
  expect(certificate).toBeDefined();
  const { extensions, publicKey, subject, issuer } = certificate!;
  expect({
    sha256: certificate!.sha256,
    subject: subject.text,
    issuer: issuer.text,
    serialNumber: certificate!.serialNumber,
    notBefore: certificate!.notBeforeMs,
    notAfter: certificate!.notAfterMs,
    signatureAlgorithm: certificate!.signatureAlgorithm.toLowerCase(),
    bits: publicKey.bits,
    isCa: extensions.isCa,
    keyUsage: extensions.keyUsage,
    extendedKeyUsage: extensions.extendedKeyUsage,
    subjectKeyIdentifier: extensions.subjectKeyIdentifier,
    authorityKeyIdentifier: extensions.authorityKeyIdentifier,
  }).toEqual(asOpensslSays(cert));
});

test('alternative names read in the order of the certificate, and other kinds are left out', () => {
  const { cert } = pki.leaf(table.find(({ cn }) => cn === 'names')!);
  expect(readCertificate(toDer(cert))?.extensions.subjectAltNames).toEqual([
    'DNS:a.example',
    'DNS:*.b.example',
    'IP:192.0.2.1',
    'IP:2001:db8::1',
    'URI:spiffe://x/y',
    'email:a@b',
  ]);
});

test('the hash of the public key is that of its SubjectPublicKeyInfo', () => {
  const publicKeyPem = openssl(['x509', '-noout', '-pubkey'], ca.cert);
  const der = openssl(['pkey', '-pubin', '-outform', 'DER'], publicKeyPem);
  const digest = openssl(['dgst', '-sha256', '-r'], der).toString().slice(0, 64);
  expect(readCertificate(toDer(ca.cert))?.publicKey.sha256).toBe(digest);
});

test('issuer equal to subject is seen, and says nothing about who signed', () => {
  const impostor = pki.leaf({ cn: 'Delegate CA', ca });
  expect(readCertificate(toDer(ca.cert))?.isSelfIssued).toBe(true);
  expect(readCertificate(toDer(impostor.cert))?.isSelfIssued).toBe(true);
  expect(readCertificate(toDer(pki.leaf({ cn: 'x', ca }).cert))?.isSelfIssued).toBe(false);
});

test('a certificate that is cut anywhere, or has octets behind it, is none', () => {
  const der = toDer(ca.cert);
  for (let length = 0; length < der.length; length += 1) {
    expect(readCertificate(der.subarray(0, length))).toBeUndefined();
  }
  expect(readCertificate(Buffer.concat([der, Buffer.from([0])]))).toBeUndefined();
});

test('a certificate that is mangled anywhere never throws', () => {
  const der = toDer(pki.leaf(table.find(({ cn }) => cn === 'names')!).cert);
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.integer({ min: 0, max: 255 }), (at, octet) => {
      const mangled = Buffer.from(der);
      mangled[at] = octet;
      const read = readCertificate(mangled);
      expect(JSON.stringify(read?.extensions ?? {}).length).toBeLessThan(20_000);
    }),
    { numRuns: 3000 },
  );
});

test('a megabyte of alternative names is cut to 64 printable ones', () => {
  const hostile = tlv(0x82, Buffer.from(`\u001b[2J\r\n${'x'.repeat(10_000)}`));
  const read = readCertificate(certificateWith(sequence(...Array(100).fill(hostile))));
  const names = read?.extensions.subjectAltNames;
  expect(names).toHaveLength(64);
  expect(names?.[0]).toMatch(/^DNS:\\u001b\[2J\\u000d\\u000ax+…$/);
  expect(names?.[0]?.length).toBeLessThanOrEqual(260);
});

test('an extension that does not decode is left out and the rest still reads', () => {
  const read = readCertificate(certificateWith(Buffer.from([0x30, 0x05, 0x82])));
  expect(read?.extensions).toEqual({});
  expect(read?.subject.text).toBe('CN=x');
});

test('a serial number of zero and a version 1 certificate read', () => {
  const read = readCertificate(certificateWith(undefined));
  expect(read?.serialNumber).toBe('00');
  expect(read?.extensions).toEqual({});
});

/** A certificate that nobody signed, with one subjectAltName extension, or in version 1 with none. */
function certificateWith(subjectAltName: Uint8Array | undefined): Buffer {
  const subject = name(['2.5.4.3', utf8String('x')]);
  const time = tlv(0x17, Buffer.from('240101000000Z'));
  const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'));
  const algorithm = sequence(oid('2b6570'));
  const bits = tlv(0x03, Buffer.alloc(33));
  const extension = (value: Uint8Array): Buffer => sequence(oid('551d11'), tlv(0x04, value));
  return sequence(
    sequence(
      ...(subjectAltName ? [tlv(0xa0, tlv(0x02, Buffer.from([2])))] : []),
      tlv(0x02, Buffer.from([0])),
      algorithm,
      subject,
      sequence(time, time),
      subject,
      sequence(algorithm, bits),
      ...(subjectAltName ? [tlv(0xa3, sequence(extension(subjectAltName)))] : []),
    ),
    algorithm,
    bits,
  );
}

const purposeNames: Readonly<Record<string, string>> = {
  'TLS Web Server Authentication': 'serverAuth',
  'TLS Web Client Authentication': 'clientAuth',
  'Code Signing': 'codeSigning',
  'E-mail Protection': 'emailProtection',
  'Time Stamping': 'timeStamping',
  'OCSP Signing': 'OCSPSigning',
  'Any Extended Key Usage': 'anyExtendedKeyUsage',
};

const usageNames: Readonly<Record<string, string>> = {
  'Digital Signature': 'digitalSignature',
  'Non Repudiation': 'nonRepudiation',
  'Key Encipherment': 'keyEncipherment',
  'Data Encipherment': 'dataEncipherment',
  'Key Agreement': 'keyAgreement',
  'Certificate Sign': 'keyCertSign',
  'CRL Sign': 'cRLSign',
  'Encipher Only': 'encipherOnly',
  'Decipher Only': 'decipherOnly',
};

function asOpensslSays(cert: string) {
  const format = ['-nameopt', 'RFC2253,-esc_msb', '-fingerprint', '-sha256'];
  const fields = ['-subject', '-issuer', '-serial', '-dates', '-text'];
  const printed = openssl(['x509', '-noout', ...format, ...fields], cert).toString();
  const find = (pattern: RegExp): string | undefined => pattern.exec(printed)?.[1];
  const below = (title: string): string | undefined =>
    find(new RegExp(`${title}:.*\\n +(?:keyid:)?(.*?) *\\n`));
  const list = (title: string, names: Readonly<Record<string, string>>) =>
    below(title)
      ?.split(', ')
      .map((item) => names[item] ?? item);
  const hex = (text: string | undefined) => text?.replaceAll(':', '').toLowerCase();
  return {
    sha256: hex(find(/Fingerprint=(.*)/)),
    // RFC 4514 spells it in capitals.
    subject: find(/^subject=(.*)/m)?.replace('street=', 'STREET='),
    issuer: find(/^issuer=(.*)/m),
    serialNumber: hex(find(/^serial=(.*)/m)),
    notBefore: Date.parse(find(/^notBefore=(.*)/m) ?? ''),
    notAfter: Date.parse(find(/^notAfter=(.*)/m) ?? ''),
    signatureAlgorithm: find(/Signature Algorithm: (.*)/)?.toLowerCase(),
    bits: Number(
      find(/Public-Key: \((\d+) bit/) ??
        { ED25519: 256, ED448: 456 }[find(/Public Key Algorithm: (.*)/) ?? ''],
    ),
    isCa: below('X509v3 Basic Constraints')?.startsWith('CA:TRUE'),
    keyUsage: list('X509v3 Key Usage', usageNames),
    extendedKeyUsage: list('X509v3 Extended Key Usage', purposeNames),
    subjectKeyIdentifier: hex(below('X509v3 Subject Key Identifier')),
    authorityKeyIdentifier: hex(below('X509v3 Authority Key Identifier')),
  };
}
