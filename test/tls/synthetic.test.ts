/** What no server at hand sends, made by hand: odd orders, odd keys, odd sizes, and every limit. */
import { brotliCompressSync, deflateSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { bulkCipher } from '../../src/tls/bulk-cipher.ts';
import { nextTrafficSecret } from '../../src/tls/key-schedule.ts';
import { contentType } from '../../src/tls/names/handshake-types.ts';
import { protectionFromSecret, sealRecord } from '../../src/tls/record-protection.ts';
import { Transcript } from '../../src/tls/transcript.ts';
import { wireLimits } from '../../src/tls/wire-limits.ts';
import {
  clientHello,
  extension,
  finished,
  handshake,
  keylogLines,
  pastHandshake,
  plainRecord,
  protection,
  secrets,
  serverHello,
  tls13Hello,
  u16,
  u24,
  vector8,
  vector16,
  vector24,
} from './synthetic.ts';

const fatal = (code: number): Buffer => Buffer.of(2, code);

test('an unknown alert keeps its number', () => {
  const { transcript, server } = pastHandshake();
  transcript.received(sealRecord(server, contentType.alert, fatal(222)), 5);
  expect(transcript.snapshot().alerts).toEqual([
    { direction: 'received', level: 2, code: 222, encrypted: true, afterFinished: true, atMs: 5 },
  ]);
});

test('an alert that stood on the wire before our Finished is not after it, though its key came last', () => {
  const transcript = new Transcript();
  transcript.sent(plainRecord(22, clientHello()), 1);
  transcript.received(plainRecord(22, tls13Hello), 2);
  const server = protection('SERVER_HANDSHAKE_TRAFFIC_SECRET');
  transcript.received(server.seal(contentType.alert, fatal(40)), 3);
  const client = protection('CLIENT_HANDSHAKE_TRAFFIC_SECRET');
  transcript.sent(client.seal(contentType.handshake, finished), 4);
  transcript.received(server.seal(contentType.alert, fatal(48)), 5);
  expect(transcript.snapshot().alerts).toEqual([]);
  for (const line of keylogLines.toReversed()) transcript.keylog(line);
  expect(transcript.snapshot().alerts).toMatchObject([
    { code: 40, afterFinished: false, atMs: 3 },
    { code: 48, afterFinished: true, atMs: 5 },
  ]);
});

test('what a server sends before our Finished proves nothing', () => {
  const transcript = new Transcript();
  transcript.sent(plainRecord(22, clientHello()), 1);
  transcript.received(plainRecord(22, tls13Hello), 2);
  for (const line of keylogLines) transcript.keylog(line);
  const early = protection('SERVER_HANDSHAKE_TRAFFIC_SECRET');
  transcript.received(early.seal(contentType.handshake, finished), 3);
  const server = protection('SERVER_TRAFFIC_SECRET_0');
  transcript.received(server.seal(contentType.applicationData, Buffer.from('early')), 4);
  transcript.received(server.seal(contentType.handshake, handshake(4)), 5);
  const nothing = { ticketsReceived: 0, applicationDataReceived: false };
  expect(transcript.snapshot()).toMatchObject(nothing);
  const client = protection('CLIENT_HANDSHAKE_TRAFFIC_SECRET');
  transcript.sent(client.seal(contentType.handshake, finished), 6);
  expect(transcript.snapshot()).toMatchObject(nothing);
  transcript.received(server.seal(contentType.handshake, handshake(4)), 7);
  transcript.received(server.seal(contentType.applicationData, Buffer.from('late')), 8);
  expect(transcript.snapshot()).toMatchObject({
    ticketsReceived: 1,
    applicationDataReceived: true,
  });
});

test('a clear alert is read at once, though records before it still wait for a key', () => {
  const transcript = new Transcript();
  transcript.sent(plainRecord(22, clientHello()), 1);
  transcript.received(plainRecord(22, tls13Hello), 2);
  transcript.received(plainRecord(23, Buffer.alloc(40)), 3);
  transcript.sent(plainRecord(21, fatal(47)), 4);
  expect(transcript.snapshot().alerts).toMatchObject([
    { direction: 'sent', code: 47, encrypted: false, afterFinished: false },
  ]);
});

test('a server that still writes with its handshake keys after Finished is understood', () => {
  const { transcript } = pastHandshake();
  const late = protection('SERVER_HANDSHAKE_TRAFFIC_SECRET');
  late.skip();
  transcript.received(late.seal(contentType.alert, fatal(42)), 5);
  expect(transcript.snapshot()).toMatchObject({ alerts: [{ code: 42, encrypted: true }] });
  expect(transcript.snapshot().fault).toBeUndefined();
});

test('a CertificateRequest after the handshake is told from one within', () => {
  const { transcript, server } = pastHandshake();
  const name = Buffer.from('300d310b3009060355040613024445', 'hex');
  const request = handshake(
    13,
    vector8(Buffer.of(7)),
    vector16(extension(13, vector16(u16(0x0403))), extension(47, vector16(vector16(name)))),
  );
  expect(transcript.snapshot().certificateRequestedAfterHandshake).toBe(false);
  transcript.received(server.seal(contentType.handshake, request), 5);
  const wire = transcript.snapshot();
  expect(wire.certificateRequestedAfterHandshake).toBe(true);
  expect(wire.certificateRequest).toEqual({
    authorities: [new Uint8Array(name)],
    signatureAlgorithms: [0x0403],
  });
});

test('padding is taken off, whatever its length', () => {
  const { transcript, server } = pastHandshake();
  for (const length of [0, 1, 255, 4000]) {
    const inner = Buffer.concat([fatal(80), Buffer.of(contentType.alert), Buffer.alloc(length)]);
    transcript.received(server.seal(0, inner), 5);
  }
  expect(transcript.snapshot().alerts.map(({ code }) => code)).toEqual([80, 80, 80, 80]);
});

test('a record of nothing but padding is a fault, not an end', () => {
  const { transcript, server } = pastHandshake();
  transcript.received(server.seal(0, Buffer.alloc(20)), 5);
  transcript.received(server.seal(contentType.alert, fatal(10)), 6);
  expect(transcript.snapshot()).toMatchObject({
    fault: { kind: 'message' },
    alerts: [{ code: 10 }],
  });
});

test('each KeyUpdate leads to the next generation of keys', () => {
  const { transcript, server } = pastHandshake();
  const cipher = bulkCipher(0x1301);
  let secret: Uint8Array = secrets.SERVER_TRAFFIC_SECRET_0;
  let writer = server;
  for (let generation = 0; generation < 3; generation += 1) {
    transcript.received(writer.seal(contentType.handshake, handshake(24, Buffer.of(0))), 5);
    secret = nextTrafficSecret(secret, cipher!);
    writer = protectionFromSecret(secret, 0x1301)!;
  }
  transcript.received(writer.seal(contentType.alert, fatal(46)), 6);
  expect(transcript.snapshot()).toMatchObject({ keyUpdatesReceived: 3, alerts: [{ code: 46 }] });
});

test('a handshake message larger than the limit is passed over, and the next one is read', () => {
  const { transcript, server } = pastHandshake();
  const size = wireLimits.messageBytes + 1;
  const large = Buffer.concat([handshake(11).subarray(0, 1), u24(size), Buffer.alloc(size)]);
  for (let at = 0; at < large.length; at += 16_000) {
    transcript.received(server.seal(contentType.handshake, large.subarray(at, at + 16_000)), 5);
  }
  transcript.received(server.seal(contentType.handshake, handshake(4, Buffer.alloc(9))), 6);
  const wire = transcript.snapshot();
  expect(wire).toMatchObject({ fault: { kind: 'too-large' }, ticketsReceived: 1 });
  expect(wire.messages.at(-2)).toMatchObject({ name: 'certificate', sizeBytes: size + 4 });
  expect(wire.serverCertificates).toBeUndefined();
});

test('messages and alerts beyond the limits are counted', () => {
  const { transcript, server } = pastHandshake();
  for (let count = 0; count < 100; count += 1) {
    transcript.received(server.seal(contentType.alert, Buffer.of(1, 90)), 5);
  }
  const wire = transcript.snapshot();
  expect(wire.alerts).toHaveLength(wireLimits.alerts);
  expect(wire.alertsDropped).toBe(100 - wireLimits.alerts);
  expect(wire.messages).toHaveLength(wireLimits.messages);
  expect(wire.messagesDropped).toBe(104 - wireLimits.messages);
});

test('of many certificates the first are kept, within count and size', () => {
  const { transcript, server } = pastHandshake();
  const entry = Buffer.concat([vector24(Buffer.alloc(100, 7)), vector16()]);
  const list = vector24(...Array.from({ length: 100 }, () => entry));
  transcript.received(server.seal(contentType.handshake, handshake(11, vector8(), list)), 5);
  expect(transcript.snapshot().serverCertificates).toHaveLength(wireLimits.certificates);
});

test('what waits for a key is bounded, and what waited within the bound is still read', () => {
  const transcript = new Transcript();
  transcript.sent(plainRecord(22, clientHello()), 1);
  transcript.received(plainRecord(22, tls13Hello), 2);
  const server = protection('SERVER_HANDSHAKE_TRAFFIC_SECRET');
  transcript.received(server.seal(contentType.alert, fatal(48)), 3);
  transcript.sent(protection('CLIENT_HANDSHAKE_TRAFFIC_SECRET').seal(22, finished), 4);
  for (let count = 0; count < 40; count += 1) {
    transcript.received(server.seal(contentType.applicationData, Buffer.alloc(16_000)), 4);
  }
  expect(transcript.snapshot().fault).toMatchObject({ kind: 'too-large' });
  for (const line of keylogLines) transcript.keylog(line);
  expect(transcript.snapshot()).toMatchObject({
    alerts: [{ code: 48 }],
    applicationDataReceived: true,
  });
});

test('an alert after more application data than is opened is still read', () => {
  const { transcript, server } = pastHandshake();
  for (let count = 0; count < wireLimits.applicationRecords + 50; count += 1) {
    transcript.received(server.seal(contentType.applicationData, Buffer.alloc(1_000)), 5);
  }
  transcript.received(server.seal(contentType.alert, Buffer.of(1, 0)), 6);
  expect(transcript.snapshot()).toMatchObject({ alerts: [{ code: 0, encrypted: true }] });
});

test('a flood of small records costs a bounded number of openings', () => {
  const { transcript, server } = pastHandshake();
  for (let count = 0; count <= wireLimits.openedRecords; count += 1) {
    transcript.received(server.seal(contentType.handshake, handshake(4)), 5);
  }
  // Finished was opened too.
  expect(transcript.snapshot().ticketsReceived).toBe(wireLimits.openedRecords - 1);
});

test.for([
  ['messages in one record', () => plainRecord(22, Buffer.alloc(4 * wireLimits.countedMessages))],
  ['records', () => Buffer.concat(Array(wireLimits.records).fill(plainRecord(22)))],
] as const)('a transcript has enough of more %s than an honest peer sends', ([, make]) => {
  const { transcript } = pastHandshake();
  expect(transcript.hasEnough).toBe(false);
  const fresh = new Transcript();
  fresh.received(make(), 1);
  expect(fresh.hasEnough).toBe(false);
  fresh.received(plainRecord(22, Buffer.alloc(4)), 2);
  expect(fresh.hasEnough).toBe(true);
});

test('stapled OCSP response and timestamps are taken from the leaf alone', () => {
  const { transcript, server } = pastHandshake();
  const leaf = vector16(
    extension(5, Buffer.of(1), vector24(Buffer.from('ocsp'))),
    extension(18, vector16(vector16(Buffer.from('one')), vector16(Buffer.from('two')))),
  );
  const next = vector16(extension(5, Buffer.of(1), vector24(Buffer.from('other'))));
  const list = vector24(vector24(Buffer.from('leaf')), leaf, vector24(Buffer.from('issuer')), next);
  transcript.received(server.seal(contentType.handshake, handshake(11, vector8(), list)), 5);
  const wire = transcript.snapshot();
  expect(wire.serverCertificates?.map((der) => Buffer.from(der).toString())).toEqual([
    'leaf',
    'issuer',
  ]);
  expect(Buffer.from(wire.ocspResponse ?? []).toString()).toBe('ocsp');
  expect(wire.signedCertificateTimestamps).toBe(2);
});

const packed = [
  { algorithm: 1, name: 'zlib', pack: deflateSync },
  { algorithm: 2, name: 'brotli', pack: brotliCompressSync },
  { algorithm: 3, name: 'zstd', pack: zstdCompressSync },
];
const certificateBody = Buffer.concat([
  vector8(),
  vector24(vector24(Buffer.from('leaf')), vector16()),
]);

test.for(packed)('a certificate packed with $name is unpacked', ({ algorithm, pack }) => {
  const { transcript, server } = pastHandshake();
  const message = handshake(
    25,
    ...[u16(algorithm), u24(certificateBody.length), vector24(pack(certificateBody))],
  );
  transcript.received(server.seal(contentType.handshake, message), 5);
  const wire = transcript.snapshot();
  expect(wire.serverCertificates).toEqual([new Uint8Array(Buffer.from('leaf'))]);
  expect(wire.messages.at(-1)).toMatchObject({ name: 'compressed_certificate' });
});

test.for(packed)('a $name bomb is not unpacked beyond what it claims', ({ algorithm, pack }) => {
  const { transcript, server } = pastHandshake();
  const bomb = pack(Buffer.alloc(1_000_000));
  const claim = u24(certificateBody.length);
  const message = handshake(25, u16(algorithm), claim, vector24(bomb));
  transcript.received(server.seal(contentType.handshake, message), 5);
  expect(transcript.snapshot()).toMatchObject({ fault: { kind: 'message' } });
  expect(transcript.snapshot().serverCertificates).toBeUndefined();
});

test('of many packed certificates only the first is unpacked', () => {
  const { transcript, server } = pastHandshake();
  const good = deflateSync(certificateBody);
  const claim = u24(certificateBody.length);
  const first = handshake(25, u16(1), claim, vector24(good));
  const second = handshake(25, u16(1), claim, vector24(Buffer.from('no zlib')));
  transcript.received(server.seal(contentType.handshake, Buffer.concat([first, second])), 5);
  expect(transcript.snapshot().serverCertificates).toHaveLength(1);
  expect(transcript.snapshot().fault).toBeUndefined();
});

test('unknown message types, extensions and suites keep their numbers', () => {
  const transcript = new Transcript();
  transcript.sent(plainRecord(22, clientHello(extension(0x4242, Buffer.of(1)))), 1);
  transcript.received(plainRecord(22, serverHello(0x1234, extension(0x4343))), 2);
  transcript.received(plainRecord(22, handshake(99, Buffer.of(1, 2))), 3);
  const wire = transcript.snapshot();
  expect(wire.clientHello?.extensions).toEqual([0x4242]);
  expect(wire.serverHello).toMatchObject({ cipherSuite: 0x1234, extensions: [0x4343] });
  expect(wire.messages.at(-1)).toEqual({
    ...{ direction: 'received', name: 'unknown', code: 99, sizeBytes: 6 },
    ...{ encrypted: false, atMs: 3 },
  });
});

test('an alert cut in two records of TLS 1.2 is one alert', () => {
  const transcript = new Transcript();
  transcript.received(plainRecord(21, Buffer.of(2)), 1);
  transcript.received(plainRecord(21, Buffer.of(70)), 2);
  expect(transcript.snapshot().alerts).toMatchObject([{ level: 2, code: 70, atMs: 2 }]);
});

test('a bare alert of SSL 3.0 is read', () => {
  const transcript = new Transcript();
  transcript.received(Buffer.from('15030000020228', 'hex'), 1);
  expect(transcript.snapshot()).toMatchObject({
    alerts: [{ level: 2, code: 40, encrypted: false }],
  });
  expect(transcript.snapshot().fault).toBeUndefined();
});

test('a peer that speaks no TLS is told by its first octet, and its first octets are kept', () => {
  const transcript = new Transcript();
  transcript.received(Buffer.from('H'), 1);
  expect(transcript.snapshot().fault).toEqual({ direction: 'received', kind: 'not-tls', atMs: 1 });
  transcript.received(Buffer.alloc(1_000, 0x20), 2);
  const wire = transcript.snapshot();
  expect(wire.firstOctetsReceived).toHaveLength(wireLimits.firstOctets);
  expect(wire.octetsReceived).toBe(1_001);
});

test('noise after a record is a framing fault, and the record counts', () => {
  const transcript = new Transcript();
  transcript.received(Buffer.concat([plainRecord(21, fatal(40)), Buffer.from('HTTP/1.1')]), 1);
  expect(transcript.snapshot()).toMatchObject({
    fault: { kind: 'framing' },
    alerts: [{ code: 40 }],
  });
});

test('a ServerHello can not be taken back by a second one in clear', () => {
  const transcript = new Transcript();
  transcript.sent(plainRecord(22, clientHello()), 1);
  transcript.received(plainRecord(22, tls13Hello), 2);
  transcript.received(plainRecord(22, serverHello(0xc02f)), 3);
  for (const line of keylogLines) transcript.keylog(line);
  const server = protection('SERVER_HANDSHAKE_TRAFFIC_SECRET');
  transcript.received(server.seal(contentType.alert, fatal(48)), 4);
  expect(transcript.snapshot()).toMatchObject({
    serverHello: { version: 0x0304 },
    fault: { kind: 'framing' },
    alerts: [{ code: 48, encrypted: true }],
  });
});

test('after forget nothing opens any more, octets are counted, and what was known stays known', () => {
  const { transcript, server } = pastHandshake();
  transcript.received(server.seal(contentType.alert, fatal(48)), 5);
  const before = transcript.snapshot();
  transcript.forget();
  for (const line of keylogLines) transcript.keylog(line);
  const more = server.seal(contentType.alert, fatal(49));
  transcript.received(more, 6);
  expect(transcript.snapshot()).toEqual({
    ...before,
    octetsReceived: before.octetsReceived + more.length,
  });
});
