/** Octets of TLS as a server writes them before any keys, and what both stub servers do alike. */
import type { Socket } from 'node:net';
import { HandshakeReader } from '../../../src/tls/handshake-reader.ts';
import { RecordReader, type TlsRecord } from '../../../src/tls/record-reader.ts';
import { extension, handshake, u16, vector8 } from '../../tls/synthetic.ts';

export const contentTypes = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
} as const;

/** ServerHello; with the random of a HelloRetryRequest it is one. */
export function serverHello(
  suite: number,
  random: Uint8Array,
  sessionId: Uint8Array,
  ...extensions: readonly Uint8Array[]
): Buffer {
  const list = Buffer.concat(extensions);
  const head = [u16(0x0303), random, vector8(sessionId), u16(suite), Buffer.of(0)];
  return handshake(2, ...head, ...(list.length > 0 ? [u16(list.length), list] : []));
}

export const supportedVersion13 = extension(43, u16(0x0304));

export interface HelloFromClient {
  /** With its header. */
  readonly message: Buffer;
  readonly random: Buffer;
  readonly sessionId: Buffer;
  /** The X25519 share, 32 octets; absent when none was sent. */
  readonly x25519?: Buffer;
}

/** Calls `onHello` with the ClientHello and `onRecord` with every record that follows it. */
export function readClient(
  socket: Socket,
  onHello: (hello: HelloFromClient) => void,
  onRecord: (record: TlsRecord) => void = () => {},
): void {
  const records = new RecordReader();
  const messages = new HandshakeReader();
  let isHelloRead = false;
  socket.on('data', (octets: Buffer) =>
    records.read(octets, (record) => {
      if (isHelloRead) return onRecord({ ...record, fragment: new Uint8Array(record.fragment) });
      messages.read(record.fragment, ({ type, body }) => {
        isHelloRead = true;
        onHello(parseHello(handshake(type, body ?? Buffer.alloc(0))));
      });
    }),
  );
}

function parseHello(message: Buffer): HelloFromClient {
  const random = message.subarray(6, 38);
  const sessionId = message.subarray(39, 39 + (message[38] ?? 0));
  // A share of group 29 is `001d 0020` and 32 octets; nothing else in our own ClientHello looks so.
  const at = message.lastIndexOf(Buffer.from('001d0020', 'hex'));
  return {
    message,
    random,
    sessionId,
    ...(at > 0 && { x25519: message.subarray(at + 4, at + 36) }),
  };
}
