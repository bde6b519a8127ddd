/** A TLS 1.3 server of one cipher suite that does in its handshake, and after it, whatever a case says. */
import {
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import type { Socket } from 'node:net';
import { bulkCipher } from '../../../src/tls/bulk-cipher.ts';
import { nextTrafficSecret } from '../../../src/tls/key-schedule.ts';
import { protectionFromSecret, type RecordProtection } from '../../../src/tls/record-protection.ts';
import { toDer } from '../../support/openssl.ts';
import {
  extension,
  handshake,
  plainRecord,
  u16,
  vector8,
  vector16,
  vector24,
} from '../../tls/synthetic.ts';
import {
  contentTypes,
  type HelloFromClient,
  readClient,
  serverHello,
  supportedVersion13,
} from './wire.ts';

const suite = 0x1301;
/** RFC 8410 section 4: what stands before 32 octets of an X25519 public key in its SubjectPublicKeyInfo. */
const x25519Spki = Buffer.from('302a300506032b656e032100', 'hex');

/** Records under the keys in force. */
export interface Session {
  readonly socket: Socket;
  seal(type: number, content: Uint8Array): Uint8Array;
  /** As after a KeyUpdate of ours. */
  updateKeys(): void;
}

export interface Tls13Behaviour {
  readonly cert: string;
  readonly key: string;
  /** In place of a Certificate message that holds `cert`; with its header. */
  readonly certificateMessage?: Buffer;
  readonly requestsCertificate?: boolean;
  /** Under the handshake keys, in place of all that follows ServerHello. */
  readonly inHandshake?: (session: Session) => void;
  /** Once the client has sent something under its own keys. */
  readonly afterHandshake?: (session: Session) => void;
}

export function serveTls13(socket: Socket, behaviour: Tls13Behaviour): void {
  let hasAnswered = false;
  let application: Session | undefined;
  readClient(
    socket,
    (hello) => {
      application = answer(socket, hello, behaviour);
    },
    ({ contentType }) => {
      if (hasAnswered || contentType !== contentTypes.applicationData || !application) return;
      hasAnswered = true;
      behaviour.afterHandshake?.(application);
    },
  );
}

/** Sends the whole flight and gives what follows it; a client without TLS 1.3, or without our group, is turned away. */
function answer(
  socket: Socket,
  hello: HelloFromClient,
  behaviour: Tls13Behaviour,
): Session | undefined {
  if (hello.x25519 === undefined) {
    socket.end(plainRecord(contentTypes.alert, Buffer.of(2, 40)));
    return undefined;
  }
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const share = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const keyShare = extension(51, u16(29), vector16(share));
  const ours = serverHello(
    suite,
    Buffer.alloc(32, 0x5e),
    hello.sessionId,
    keyShare,
    supportedVersion13,
  );
  const peer = createPublicKey({
    key: Buffer.concat([x25519Spki, hello.x25519]),
    format: 'der',
    type: 'spki',
  });
  const shared = diffieHellman({ privateKey, publicKey: peer });
  const transcript = [hello.message, ours];
  const early = extract(Buffer.alloc(32), Buffer.alloc(32));
  const secret = extract(derive(early, 'derived', []), shared);
  const sealing = session(socket, derive(secret, 's hs traffic', transcript));
  socket.write(plainRecord(contentTypes.handshake, ours));
  if (behaviour.inHandshake) {
    behaviour.inHandshake(sealing);
    return sealing;
  }
  const flight = writeFlight(transcript, derive(secret, 's hs traffic', transcript), behaviour);
  for (let at = 0; at < flight.length; at += 16_384) {
    socket.write(sealing.seal(contentTypes.handshake, flight.subarray(at, at + 16_384)));
  }
  const main = extract(derive(secret, 'derived', []), Buffer.alloc(32));
  return session(socket, derive(main, 's ap traffic', [...transcript, flight]));
}

/** EncryptedExtensions to Finished (RFC 9846 section 2), as one. */
function writeFlight(
  hellos: readonly Buffer[],
  trafficSecret: Buffer,
  { cert, key, certificateMessage, requestsCertificate = false }: Tls13Behaviour,
): Buffer {
  const certificate = certificateMessage ?? certificateOf([toDer(cert)]);
  const request = handshake(13, vector8(), vector16(extension(13, vector16(u16(0x0403)))));
  const messages = [
    ...hellos,
    handshake(8, vector16()),
    ...(requestsCertificate ? [request] : []),
    certificate,
  ];
  const signed = Buffer.concat([
    Buffer.alloc(64, 0x20),
    Buffer.from('TLS 1.3, server CertificateVerify\0', 'latin1'),
    hash(messages),
  ]);
  messages.push(handshake(15, u16(0x0403), vector16(sign('sha256', signed, key))));
  const finishedKey = expand(trafficSecret, 'finished', Buffer.alloc(0));
  messages.push(handshake(20, createHmac('sha256', finishedKey).update(hash(messages)).digest()));
  return Buffer.concat(messages.slice(hellos.length));
}

/** A Certificate message of TLS 1.3 (RFC 9846 section 4.4.2), with its header. */
export function certificateOf(chain: readonly Uint8Array[]): Buffer {
  return handshake(11, vector8(), vector24(...chain.flatMap((der) => [vector24(der), vector16()])));
}

function session(socket: Socket, firstSecret: Uint8Array): Session {
  const cipher = bulkCipher(suite);
  let secret = firstSecret;
  let protection: RecordProtection | undefined = protectionFromSecret(secret, suite);
  return {
    socket,
    seal: (type, content) => protection?.seal(type, content) ?? new Uint8Array(0),
    updateKeys: () => {
      if (cipher) secret = nextTrafficSecret(secret, cipher);
      protection = protectionFromSecret(secret, suite);
    },
  };
}

const hash = (messages: readonly Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(messages)).digest();

const extract = (salt: Uint8Array, secret: Uint8Array): Buffer =>
  createHmac('sha256', salt).update(secret).digest();

const derive = (secret: Uint8Array, label: string, messages: readonly Uint8Array[]): Buffer =>
  expand(secret, label, hash(messages));

/** HKDF-Expand-Label for 32 octets, which one block of SHA-256 gives (RFC 9846 section 7.1). */
function expand(secret: Uint8Array, label: string, context: Uint8Array): Buffer {
  const label13 = Buffer.from(`tls13 ${label}`, 'latin1');
  const labelled = Buffer.concat([u16(32), vector8(label13), vector8(context), Buffer.of(1)]);
  return createHmac('sha256', secret).update(labelled).digest();
}
