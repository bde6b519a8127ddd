import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ja3, ja3s } from '../../src/tls/fingerprint.ts';
import { cipherSuiteName } from '../../src/tls/names/cipher-suites.ts';
import { Transcript } from '../../src/tls/transcript.ts';
import type { ServerHello, Wire, WireDirection } from '../../src/tls/wire.ts';
import { readSegments, type Segment } from '../support/pcap.ts';
import type { Decoded, DecodedMessage, DecodedServerHello } from './decoded.ts';
import { type CorpusFiles, corpusFiles, corpusNames, readDecoded } from './files.ts';

/** What both decoders tell; the rest of `Decoded` is tshark's own. */
type Shared = Omit<Decoded, 'clientPort' | 'serverPort' | 'closes'>;

const corpus = corpusNames().map(corpusFiles);

function decode(files: CorpusFiles, keysAfter: number, split: (chunk: Segment) => Segment[]): Wire {
  const segments = readSegments(readFileSync(files.capturePath)).flatMap(split);
  const keys = readFileSync(files.keyLogPath, 'latin1').split('\n');
  const transcript = new Transcript();
  segments.forEach(({ direction, octets, atMs }, index) => {
    if (index === keysAfter) for (const line of keys) transcript.keylog(line);
    transcript[direction](octets, atMs);
  });
  if (keysAfter >= segments.length) for (const line of keys) transcript.keylog(line);
  const wire = transcript.snapshot();
  transcript.forget();
  return wire;
}

const whole = (segment: Segment): Segment[] => [segment];
const octetByOctet = (segment: Segment): Segment[] =>
  [...segment.octets].map((octet) => ({ ...segment, octets: Uint8Array.of(octet) }));

test.for(corpus)('$name reads as tshark reads it', (files) => {
  const wire = decode(files, 0, whole);
  expect(wire.fault).toBeUndefined();
  expect(shareWire(wire)).toEqual(shareDecoded(readDecoded(files)));
});

test.for(corpus)('$name reads the same octet by octet, with the keys last', (files) => {
  const wire = decode(files, Number.POSITIVE_INFINITY, octetByOctet);
  expect(shareWire(wire)).toEqual(shareDecoded(readDecoded(files)));
});

test('the corpus has every kind of handshake that it was made for', () => {
  const decoded = corpus.map(readDecoded);
  const suites = new Set(decoded.map(({ serverHello }) => serverHello?.cipherSuiteName));
  const names = new Set(
    decoded.flatMap(({ sent, received }) => [...sent, ...received]).map(nameOf),
  );
  const versions = new Set(decoded.map(({ serverHello }) => serverHello?.version));
  expect([...versions].sort()).toEqual([0x0301, 0x0302, 0x0303, 0x0304, undefined]);
  expect([...suites]).toEqual(
    expect.arrayContaining([
      'TLS_AES_128_GCM_SHA256',
      'TLS_AES_256_GCM_SHA384',
      'TLS_CHACHA20_POLY1305_SHA256',
      'TLS_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384',
      'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
    ]),
  );
  expect([...names]).toEqual(
    expect.arrayContaining(['hello_retry_request', 'key_update', 'certificate_status', 'alert']),
  );
});

test('the corpus stays small', () => {
  const files = corpus.flatMap(({ capturePath, keyLogPath, decodedPath }) => [
    ...[capturePath, keyLogPath, decodedPath],
  ]);
  const total = files.reduce((sum, path) => sum + statSync(path).size, 0);
  expect(total).toBeLessThan(400 * 1024);
});

const nameOf = ({ name }: DecodedMessage): string => name;

function shareDecoded({ clientPort: _, serverPort: __, closes: ___, ...rest }: Decoded): Shared {
  return rest;
}

function shareWire(wire: Wire): Shared {
  const { clientHello, helloRetryRequest, serverHello, certificateRequest } = wire;
  return {
    sent: messagesOf(wire, 'sent'),
    received: messagesOf(wire, 'received'),
    ...(clientHello && { clientHello: { ...clientHello, ja3: ja3(clientHello).md5 } }),
    ...(helloRetryRequest && { helloRetryRequest: shareHello(helloRetryRequest) }),
    ...(serverHello && { serverHello: shareHello(serverHello) }),
    ...(wire.alpn !== undefined && { alpn: wire.alpn }),
    ...(wire.encryptedExtensions && { encryptedExtensions: wire.encryptedExtensions }),
    ...(wire.keyExchangeGroup !== undefined && { keyExchangeGroup: wire.keyExchangeGroup }),
    ...(certificateRequest && {
      certificateRequest: {
        signatureAlgorithms: certificateRequest.signatureAlgorithms,
        authorities: certificateRequest.authorities.map(toHex),
      },
    }),
    ...(wire.serverCertificates && { serverCertificates: wire.serverCertificates.map(toHex) }),
    ...(wire.clientCertificates && { clientCertificates: wire.clientCertificates.map(toHex) }),
    applicationDataSent: wire.applicationDataSent,
    applicationDataReceived: wire.applicationDataReceived,
  };
}

function shareHello(hello: ServerHello): DecodedServerHello {
  return { ...hello, cipherSuiteName: cipherSuiteName(hello.cipherSuite), ja3s: ja3s(hello).md5 };
}

/** Alerts stand beside the messages with their level. */
function messagesOf(wire: Wire, wanted: WireDirection): readonly DecodedMessage[] {
  const alerts = wire.alerts.filter(({ direction }) => direction === wanted);
  return wire.messages
    .filter(({ direction }) => direction === wanted)
    .map(({ name, code, sizeBytes, encrypted }) => {
      const alert = name === 'alert' ? alerts.shift() : undefined;
      if (alert) expect(alert).toMatchObject({ code, encrypted });
      return { name, code, sizeBytes, encrypted, ...(alert && { level: alert.level }) };
    });
}

const toHex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
