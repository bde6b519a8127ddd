/** Record streams made by hand, for what no server at hand would send: hello messages, secrets, sealed records. */
import { deflateSync } from 'node:zlib';
import { contentType } from '../../src/tls/names/handshake-types.ts';
import { protectionFromSecret, type RecordProtection } from '../../src/tls/record-protection.ts';
import { Transcript } from '../../src/tls/transcript.ts';

export const u16 = (number: number): Buffer => Buffer.of(number >> 8, number & 0xff);
export const u24 = (number: number): Buffer =>
  Buffer.concat([Buffer.of(number >> 16), u16(number & 0xffff)]);
export const vector8 = (...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(body.length), body]);
};
export const vector16 = (...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([u16(body.length), body]);
};
export const vector24 = (...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([u24(body.length), body]);
};
export const extension = (type: number, ...parts: Uint8Array[]): Buffer =>
  Buffer.concat([u16(type), vector16(...parts)]);
export const handshake = (type: number, ...parts: Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.of(type), vector24(...parts)]);
export const plainRecord = (type: number, ...parts: Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.of(type, 3, 3), vector16(...parts)]);

export const clientRandom = Buffer.alloc(32, 0xc1);
export const serverRandom = Buffer.alloc(32, 0x5e);

export const clientHello = (...extensions: Uint8Array[]): Buffer =>
  handshake(
    1,
    ...[u16(0x0303), clientRandom, vector8(), vector16(u16(0x1301)), vector8(Buffer.of(0))],
    ...(extensions.length > 0 ? [vector16(...extensions)] : []),
  );

export const serverHello = (suite: number, ...extensions: Uint8Array[]): Buffer =>
  handshake(
    2,
    ...[u16(0x0303), serverRandom, vector8(), u16(suite), Buffer.of(0)],
    ...(extensions.length > 0 ? [vector16(...extensions)] : []),
  );

export const tls13Hello = serverHello(0x1301, extension(43, u16(0x0304)));

export const secrets = {
  CLIENT_HANDSHAKE_TRAFFIC_SECRET: Buffer.alloc(32, 1),
  SERVER_HANDSHAKE_TRAFFIC_SECRET: Buffer.alloc(32, 2),
  CLIENT_TRAFFIC_SECRET_0: Buffer.alloc(32, 3),
  SERVER_TRAFFIC_SECRET_0: Buffer.alloc(32, 4),
} as const;

export const keylogLines = Object.entries(secrets).map(
  ([label, secret]) => `${label} ${clientRandom.toString('hex')} ${secret.toString('hex')}\n`,
);

export const protection = (label: keyof typeof secrets): RecordProtection => {
  const made = protectionFromSecret(secrets[label], 0x1301);
  if (made === undefined) throw new Error('the suite is known');
  return made;
};

export const finished = handshake(20, Buffer.alloc(32));

/** A transcript past the handshake of TLS 1.3, and the protections that both sides write with from now on. */
export function pastHandshake(): {
  transcript: Transcript;
  server: RecordProtection;
  client: RecordProtection;
} {
  const transcript = new Transcript();
  transcript.sent(plainRecord(contentType.handshake, clientHello()), 1);
  transcript.received(plainRecord(contentType.handshake, tls13Hello), 2);
  for (const line of keylogLines) transcript.keylog(line);
  transcript.received(
    protection('SERVER_HANDSHAKE_TRAFFIC_SECRET').seal(contentType.handshake, finished),
    3,
  );
  transcript.sent(
    protection('CLIENT_HANDSHAKE_TRAFFIC_SECRET').seal(contentType.handshake, finished),
    4,
  );
  return {
    transcript,
    server: protection('SERVER_TRAFFIC_SECRET_0'),
    client: protection('CLIENT_TRAFFIC_SECRET_0'),
  };
}

const name = Buffer.from('300d310b3009060355040613024445', 'hex');
const certificateList = [
  ...[vector24(Buffer.alloc(300, 0x30)), vector16()],
  ...[vector24(Buffer.alloc(200, 0x30)), vector16(extension(5, Buffer.of(1), vector24(name)))],
];
const certificateBody = Buffer.concat([vector8(), vector24(...certificateList)]);

/** One of each message that a server of TLS 1.3 may send under protection. */
export const serverMessages: readonly Buffer[] = [
  handshake(8, vector16(extension(16, vector16(vector8(Buffer.from('h2')))), extension(10))),
  handshake(
    13,
    vector8(Buffer.of(7)),
    vector16(extension(13, vector16(u16(0x0403))), extension(47, vector16(vector16(name)))),
  ),
  handshake(11, certificateBody),
  handshake(25, u16(1), u24(certificateBody.length), vector24(deflateSync(certificateBody))),
  handshake(15, u16(0x0403), vector16(Buffer.alloc(70))),
  handshake(4, Buffer.alloc(8), vector8(Buffer.alloc(8)), vector16(Buffer.alloc(60)), vector16()),
  handshake(22, Buffer.of(1), vector24(name)),
  clientHello(
    extension(0, vector16(Buffer.of(0), vector16(Buffer.from('localhost')))),
    extension(51, vector16(u16(29), vector16(Buffer.alloc(32)))),
  ),
  tls13Hello,
  handshake(24, Buffer.of(1)),
];
