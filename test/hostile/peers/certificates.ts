/** Peers whose Certificate message is the weapon: too many, too large, packed, or with names that harm a terminal. */
import { createPublicKey, sign } from 'node:crypto';
import { brotliCompressSync, constants, deflateSync, zstdCompressSync } from 'node:zlib';
import { name, objectIdentifier, sequence, tlv, utf8String } from '../../support/der-writer.ts';
import { startStubPeer } from '../../support/stub-peer.ts';
import { handshake, u16, u24, vector24 } from '../../tls/synthetic.ts';
import type { HostilePeer, PeerIdentity } from './peer.ts';
import { certificateOf, serveTls13 } from './tls13-server.ts';

interface Forgery {
  readonly key: string;
  readonly subject: string;
  /** Of an extension that nobody knows. */
  readonly paddingBytes?: number;
  readonly serial?: number;
}

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

/** A self-signed certificate for 2026 to 2049, with any characters in its name. */
function forge({ key, subject, paddingBytes = 0, serial = 1 }: Forgery): Buffer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const names = name(['2.5.4.3', utf8String(subject)]);
  const time = (text: string): Buffer => tlv(0x17, Buffer.from(text));
  const padding = sequence(
    objectIdentifier('1.3.6.1.4.1.99999.1'),
    tlv(4, Buffer.alloc(paddingBytes, 0x55)),
  );
  const toBeSigned = sequence(
    ...[tlv(0xa0, tlv(2, Buffer.of(2))), tlv(2, u24(0x100000 + serial)), ecdsaWithSha256, names],
    ...[sequence(time('250101000000Z'), time('490101000000Z')), names, spki],
    ...(paddingBytes > 0 ? [tlv(0xa3, sequence(padding))] : []),
  );
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', toBeSigned, key)]);
  return sequence(toBeSigned, ecdsaWithSha256, tlv(3, signature));
}

const chainOf = (count: number, key: string): readonly Buffer[] =>
  Array.from({ length: count }, (_, serial) => forge({ key, serial, subject: 'localhost' }));

/** C0, DEL, C1, the separators, and what turns the direction of text. */
const everyControl = String.fromCodePoint(
  ...Array.from({ length: 32 }, (_, code) => code),
  ...Array.from({ length: 33 }, (_, code) => 0x7f + code),
  ...[0xad, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff],
);

/** CompressedCertificate (RFC 8879 section 4) that claims another length than it has. */
function packed(algorithm: 1 | 2 | 3, claimedBytes: number, octets: Uint8Array): Buffer {
  return handshake(25, u16(algorithm), u24(claimedBytes), vector24(octets));
}

const bomb = Buffer.alloc(64 * 1024 * 1024);
/** Brotli's best takes seconds. */
const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const largestClaim = 256 * 1024;

interface Case {
  readonly does: string;
  readonly message: (identity: PeerIdentity) => Buffer;
  readonly report: object;
}

/** Our OpenSSL gives up, and says so to the peer. */
const weRefuse = (alert: number): object => ({
  ...{ outcome: 'failed', layer: 'tls' },
  alerts: [{ direction: 'sent', level: 'fatal', code: alert }],
  tls: { ended: { by: 'us', how: 'alert' } },
});

const cases: readonly Case[] = [
  {
    does: 'sends a chain of 1,000 certificates',
    message: ({ key }) => certificateOf(chainOf(1_000, key)),
    report: weRefuse(47),
  },
  {
    does: 'sends a chain of 250 certificates, as long as OpenSSL takes it',
    message: ({ key }) => certificateOf(chainOf(250, key)),
    report: { outcome: 'failed', layer: 'tls', tls: { serverAuthorized: false } },
  },
  {
    does: 'sends a certificate of 1 MB',
    message: ({ key }) =>
      certificateOf([forge({ key, subject: 'localhost', paddingBytes: 1_000_000 })]),
    report: weRefuse(47),
  },
  {
    does: 'sends a certificate of 90 KB',
    message: ({ key }) =>
      certificateOf([forge({ key, subject: 'localhost', paddingBytes: 90_000 })]),
    report: { outcome: 'failed', layer: 'tls', tls: { serverAuthorized: false } },
  },
  {
    does: 'has every control character in its name',
    message: ({ key }) => certificateOf([forge({ key, subject: `gate${everyControl}way` })]),
    report: { outcome: 'failed', layer: 'tls', tls: { serverAuthorized: false } },
  },
  {
    does: 'sends a certificate of noise',
    message: () => certificateOf([Buffer.alloc(2_000, 0x30)]),
    report: weRefuse(42),
  },
  {
    does: 'packs its certificate though nobody asked it to',
    message: ({ key }) => {
      const body = certificateOf([forge({ key, subject: 'localhost' })]).subarray(4);
      return packed(1, body.length, deflateSync(body));
    },
    report: weRefuse(10),
  },
  {
    does: 'packs a bomb with zlib',
    message: () => packed(1, largestClaim, deflateSync(bomb)),
    report: weRefuse(10),
  },
  {
    does: 'packs a bomb with brotli',
    message: () => packed(2, largestClaim, brotliCompressSync(bomb, fast)),
    report: weRefuse(10),
  },
  {
    does: 'packs a bomb with zstd',
    message: () => packed(3, largestClaim, zstdCompressSync(bomb)),
    report: weRefuse(10),
  },
];

export const certificates: readonly HostilePeer[] = cases.map(({ message, ...peer }) => ({
  ...peer,
  start: (identity) => {
    const certificateMessage = message(identity);
    return startStubPeer((socket) => serveTls13(socket, { ...identity, certificateMessage }));
  },
}));
