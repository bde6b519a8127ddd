/** Every message reader, over whole messages, every truncation, and octets that were changed. */
import { expect, test } from 'vitest';
import { readCertificate } from '../../../src/tls/messages/certificate.ts';
import { readCertificateRequest } from '../../../src/tls/messages/certificate-request.ts';
import { readCertificateStatus } from '../../../src/tls/messages/certificate-status.ts';
import { readClientHello } from '../../../src/tls/messages/client-hello.ts';
import { unpackCertificate } from '../../../src/tls/messages/compressed-certificate.ts';
import { readEncryptedExtensions } from '../../../src/tls/messages/encrypted-extensions.ts';
import { readServerHello } from '../../../src/tls/messages/server-hello.ts';
import { readKeyExchangeGroup } from '../../../src/tls/messages/server-key-exchange.ts';
import {
  clientHello,
  extension,
  handshake,
  serverHello,
  serverMessages,
  u16,
  vector8,
  vector16,
  vector24,
} from '../synthetic.ts';

const body = (message: Uint8Array | undefined): Uint8Array =>
  (message ?? new Uint8Array(4)).subarray(4);

const hello = body(
  clientHello(
    extension(0, vector16(Buffer.of(0), vector16(Buffer.from('localhost')))),
    extension(10, vector16(u16(29), u16(23))),
    extension(11, vector8(Buffer.of(0, 1))),
    extension(13, vector16(u16(0x0403), u16(0x0804))),
    extension(16, vector16(vector8(Buffer.from('h2')), vector8(Buffer.from('http/1.1')))),
    extension(43, vector8(u16(0x0304), u16(0x0303))),
    extension(51, vector16(u16(29), vector16(Buffer.alloc(32)))),
  ),
);
const olderRequest = Buffer.concat([
  vector8(Buffer.of(1, 64)),
  vector16(u16(0x0401)),
  vector16(vector16(Buffer.from('one')), vector16(Buffer.from('two'))),
]);

const readers: readonly (readonly [string, (octets: Uint8Array) => unknown, Uint8Array])[] = [
  ['ClientHello', readClientHello, hello],
  ['ServerHello', readServerHello, body(serverHello(0x1301, extension(43, u16(0x0304))))],
  ['EncryptedExtensions', readEncryptedExtensions, body(serverMessages[0])],
  [
    'CertificateRequest of TLS 1.3',
    (octets) => readCertificateRequest(octets, 0x0304),
    body(serverMessages[1]),
  ],
  [
    'CertificateRequest of TLS 1.2',
    (octets) => readCertificateRequest(octets, 0x0303),
    olderRequest,
  ],
  ['Certificate of TLS 1.3', (octets) => readCertificate(octets, true), body(serverMessages[2])],
  [
    'Certificate of TLS 1.2',
    (octets) => readCertificate(octets, false),
    vector24(vector24(Buffer.from('leaf')), vector24(Buffer.from('issuer'))),
  ],
  ['CompressedCertificate', unpackCertificate, body(serverMessages[3])],
  ['CertificateStatus', readCertificateStatus, body(serverMessages[6])],
  ['ServerKeyExchange', (octets) => readKeyExchangeGroup(octets, 0xc02f), Buffer.of(3, 0, 29)],
];

test.for(readers)('%s reads whole, and no truncation of it does', ([, read, whole]) => {
  expect(read(whole)).toBeDefined();
  const read1 = Array.from({ length: whole.length }, (_, length) =>
    read(whole.subarray(0, length)),
  );
  // Where extensions end the message, it may end without any: two octets fewer than their list.
  expect(read1.filter((result) => result !== undefined).length).toBeLessThanOrEqual(1);
});

test.for(readers)('%s with any octet changed does not throw', ([, read, whole]) => {
  for (const mask of [0x01, 0x80, 0xff]) {
    whole.forEach((octet, at) => {
      const changed = Uint8Array.from(whole);
      changed[at] = octet ^ mask;
      expect(() => read(changed)).not.toThrow();
    });
  }
});

test('a ClientHello is read field by field', () => {
  expect(readClientHello(hello)?.hello).toEqual({
    legacyVersion: 0x0303,
    sizeBytes: hello.length,
    supportedVersions: [0x0304, 0x0303],
    cipherSuites: [0x1301],
    groups: [29, 23],
    keyShares: [29],
    signatureAlgorithms: [0x0403, 0x0804],
    pointFormats: [0, 1],
    extensions: [0, 10, 11, 13, 16, 43, 51],
    serverName: 'localhost',
    alpn: ['h2', 'http/1.1'],
  });
});

test('a CertificateRequest of TLS 1.1 names no signature algorithms', () => {
  const request = Buffer.concat([vector8(Buffer.of(1)), vector16(vector16(Buffer.from('one')))]);
  expect(readCertificateRequest(request, 0x0302)).toEqual({
    signatureAlgorithms: [],
    authorities: [new Uint8Array(Buffer.from('one'))],
  });
});

test('a chosen protocol that is no text is made safe to print', () => {
  const message = body(
    handshake(8, vector16(extension(16, vector16(vector8(Buffer.from('\x1b[2J')))))),
  );
  expect(readEncryptedExtensions(message)?.alpn).toBe('\\u001b[2J');
});

test('finite field parameters are not mistaken for a named group', () => {
  // ffdhe6144: its prime is 0x0300 octets long, which begins like named_curve.
  expect(readKeyExchangeGroup(Buffer.of(3, 0, 0xff), 0x009e)).toBeUndefined();
});

test('a message of many certificates is bounded by size, too', () => {
  const large = vector24(...Array.from({ length: 10 }, () => vector24(Buffer.alloc(30_000))));
  expect(readCertificate(large, false)?.certificates).toHaveLength(8);
});
