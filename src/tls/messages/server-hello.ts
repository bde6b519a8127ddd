/** ServerHello and HelloRetryRequest (RFC 9846 section 4.1.3 and 4.1.4, RFC 5246 section 7.4.1.3). */
import { tls13 } from '../names/versions.ts';
import { OctetReader } from '../octet-reader.ts';
import type { ServerHello } from '../wire.ts';
import {
  bodyOf,
  countTimestamps,
  readChosenProtocol,
  readExtensions,
  typesOf,
} from './extension-list.ts';

export interface ServerHelloRead {
  readonly hello: ServerHello;
  /** A copy: the keys of TLS 1.2 are derived from it. */
  readonly random: Uint8Array;
  /** It is a HelloRetryRequest, which only TLS 1.3 has. */
  readonly isRetry: boolean;
  /** encrypt_then_mac (RFC 7366) was agreed. */
  readonly encryptThenMac: boolean;
  /** TLS 1.2 and older only. */
  readonly alpn?: string;
  readonly signedCertificateTimestamps?: number;
}

/** SHA-256 of "HelloRetryRequest": the random that makes a ServerHello one. */
const retryRandom = Buffer.from(
  'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c',
  'hex',
);

/** Whether the body of a ServerHello is a HelloRetryRequest's. */
export const isRetryRequest = (message: Uint8Array): boolean =>
  retryRandom.equals(message.subarray(2, 34));

/** Undefined when the octets are no ServerHello. */
export function readServerHello(message: Uint8Array): ServerHelloRead | undefined {
  const reader = new OctetReader(message);
  const legacyVersion = reader.u16();
  const random = new Uint8Array(reader.take(32));
  reader.vector(1);
  const cipherSuite = reader.u16();
  reader.u8();
  const extensions = readExtensions(reader);
  const isRetry = isRetryRequest(message);
  const keyShareGroup = bodyOf(extensions, 51)?.u16();
  const alpn = readChosenProtocol(extensions);
  const timestamps = bodyOf(extensions, 18);
  const read: ServerHelloRead = {
    hello: {
      version: bodyOf(extensions, 43)?.u16() ?? (isRetry ? tls13 : legacyVersion),
      legacyVersion,
      cipherSuite,
      extensions: typesOf(extensions),
      ...(keyShareGroup !== undefined && { keyShareGroup }),
    },
    random,
    isRetry,
    encryptThenMac: bodyOf(extensions, 22) !== undefined,
    ...(alpn !== undefined && { alpn }),
    ...(timestamps && { signedCertificateTimestamps: countTimestamps(timestamps) }),
  };
  return reader.ok ? read : undefined;
}
