/** A TLS 1.2 server of one cipher suite (ECDHE-ECDSA-AES128-GCM-SHA256) that then writes whatever a case says. */
import {
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import type { Socket } from 'node:net';
import { protectionFromMasterSecret } from '../../../src/tls/record-protection.ts';
import type { TlsRecord } from '../../../src/tls/record-reader.ts';
import { toDer } from '../../support/openssl.ts';
import { handshake, plainRecord, u16, vector8, vector16, vector24 } from '../../tls/synthetic.ts';
import { contentTypes, type HelloFromClient, readClient, serverHello } from './wire.ts';

const suite = 0xc02b;
const serverRandom = Buffer.alloc(32, 0x5e);
const x25519Spki = Buffer.from('302a300506032b656e032100', 'hex');

export interface Tls12Behaviour {
  readonly cert: string;
  readonly key: string;
  readonly afterHandshake: (seal: (type: number, content: Uint8Array) => Uint8Array) => void;
}

export function serveTls12(socket: Socket, behaviour: Tls12Behaviour): void {
  const messages: Buffer[] = [];
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  let clientRandom: Uint8Array = Buffer.alloc(32);
  let masterSecret: Buffer | undefined;
  let hasChanged = false;
  const readKeyExchange = ({ fragment }: TlsRecord): void => {
    messages.push(Buffer.from(fragment));
    // ClientKeyExchange: header, then the point.
    const point = Buffer.concat([x25519Spki, fragment.subarray(5, 37)]);
    const peer = createPublicKey({ key: point, format: 'der', type: 'spki' });
    const shared = diffieHellman({ privateKey, publicKey: peer });
    masterSecret = prf(shared, 'master secret', Buffer.concat([clientRandom, serverRandom]), 48);
  };
  const finish = (record: TlsRecord, secret: Buffer): void => {
    const parameters = {
      ...{ masterSecret: secret, clientRandom, serverRandom },
      ...{ cipherSuite: suite, encryptThenMac: false },
    };
    const opening = protectionFromMasterSecret(parameters, 'client');
    const sealing = protectionFromMasterSecret(parameters, 'server');
    const finished = opening?.open(record);
    if (!finished || !sealing) return;
    messages.push(Buffer.from(finished.content));
    const seen = createHash('sha256').update(Buffer.concat(messages)).digest();
    socket.write(plainRecord(contentTypes.changeCipherSpec, Buffer.of(1)));
    const verify = handshake(20, prf(secret, 'server finished', seen, 12));
    socket.write(sealing.seal(contentTypes.handshake, verify));
    behaviour.afterHandshake((type, content) => sealing.seal(type, content));
  };
  readClient(
    socket,
    (hello) => {
      clientRandom = hello.random;
      const share = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
      messages.push(hello.message, ...writeFlight(hello, share, behaviour));
      socket.write(plainRecord(contentTypes.handshake, ...messages.slice(1)));
    },
    (record) => {
      if (record.contentType === contentTypes.changeCipherSpec) hasChanged = true;
      else if (!hasChanged && record.contentType === contentTypes.handshake)
        readKeyExchange(record);
      else if (masterSecret && record.contentType === contentTypes.handshake) {
        const secret = masterSecret;
        masterSecret = undefined;
        finish(record, secret);
      }
    },
  );
}

function writeFlight(
  { random, sessionId: _ }: HelloFromClient,
  share: Uint8Array,
  { cert, key }: Tls12Behaviour,
): readonly Buffer[] {
  const parameters = Buffer.concat([Buffer.of(3), u16(29), vector8(share)]);
  const signature = sign('sha256', Buffer.concat([random, serverRandom, parameters]), key);
  return [
    // Renegotiation is said to be secure, or the client would not speak to us at all.
    serverHello(suite, serverRandom, Buffer.alloc(0), Buffer.from('ff01000100', 'hex')),
    handshake(11, vector24(vector24(toDer(cert)))),
    handshake(12, parameters, u16(0x0403), vector16(signature)),
    handshake(14),
  ];
}

/** PRF of RFC 5246 section 5 with SHA-256. */
function prf(secret: Uint8Array, label: string, seed: Uint8Array, length: number): Buffer {
  const labelled = Buffer.concat([Buffer.from(label, 'latin1'), seed]);
  const blocks: Buffer[] = [];
  let chain: Buffer = labelled;
  while (blocks.length * 32 < length) {
    chain = createHmac('sha256', secret).update(chain).digest();
    blocks.push(createHmac('sha256', secret).update(chain).update(labelled).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}
