/** A TLS 1.3 gateway that completes the handshake and then says what it likes under the keys for data: late alerts, late requests. */
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { Tap } from '../../../src/probe/tap.ts';
import { contentType } from '../../../src/tls/names/handshake-types.ts';
import { protectionFromSecret, sealRecord } from '../../../src/tls/record-protection.ts';
import { RecordReader } from '../../../src/tls/record-reader.ts';
import type { Issued } from '../../support/openssl.ts';
import type { Stage } from '../stage.ts';
import type { Server } from './child.ts';

export interface LateWord {
  readonly type: 'alert' | 'handshake';
  readonly content: Uint8Array;
  /** Whether the connection is ended with it. */
  readonly ends: boolean;
}

export interface LateGateway {
  readonly clientCa?: Issued | null;
  /** What is said to this client; undefined: it is served. */
  readonly judge: (client: TLSSocket) => LateWord | undefined;
}

export const fatalAlert = (code: number): LateWord => ({
  type: 'alert',
  content: Uint8Array.of(2, code),
  ends: true,
});

/** A CertificateRequest with one octet of context and signature_algorithms (RFC 9846 section 4.3.2). */
export const lateCertificateRequest: LateWord = {
  type: 'handshake',
  content: Uint8Array.of(13, 0, 0, 12, 1, 7, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3),
  ends: false,
};

const suite = { name: 'TLS_AES_256_GCM_SHA384', number: 0x1302 };

export async function startLate(stage: Stage, gateway: LateGateway): Promise<Server> {
  const port = await stage.port();
  const sockets = new Set<Socket>();
  const http = createHttpServer((_request, answer) => answer.end('ok'));
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    serve(stage, gateway, socket, (secured) => http.emit('connection', secured));
  });
  await new Promise<void>((resolve) => tcp.listen(port, '127.0.0.1', resolve));
  return stage.keep({
    port,
    stop: async () => {
      const closed = new Promise((resolve) => tcp.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  });
}

function serve(
  stage: Stage,
  { clientCa = stage.authorities.delegate, judge }: LateGateway,
  socket: Socket,
  accept: (secured: TLSSocket) => void,
): void {
  const count = new RecordCount();
  let secret: Buffer | undefined;
  const server = createTlsServer(
    {
      cert: stage.servers.good.cert,
      key: stage.servers.good.key,
      minVersion: 'TLSv1.3',
      ciphers: suite.name,
      ...(clientCa && { ca: clientCa.cert, requestCert: true, rejectUnauthorized: false }),
    },
    (secured) => {
      secured.on('error', () => {});
      const word = judge(secured);
      // OpenSSL's session tickets go out first.
      if (word) setImmediate(() => say(socket, word, secret, count.sealed));
      else accept(secured);
    },
  );
  server.on('keylog', (line: Buffer) => {
    const [label, , value] = line.toString('latin1').trim().split(' ');
    if (label === 'SERVER_TRAFFIC_SECRET_0' && value) secret = Buffer.from(value, 'hex');
  });
  server.on('tlsClientError', () => socket.destroy());
  server.emit('connection', new Tap(socket, count, () => 0));
}

function say(socket: Socket, word: LateWord, secret: Buffer | undefined, sealed: number): void {
  const protection = secret && protectionFromSecret(secret, suite.number);
  if (!protection) return void socket.destroy();
  for (let record = 0; record < sealed; record += 1) protection.skip();
  const type = word.type === 'alert' ? contentType.alert : contentType.handshake;
  const octets = sealRecord(protection, type, word.content);
  if (word.ends) socket.end(octets);
  else socket.write(octets);
  protection.forget();
}

/** How many records the server has sealed under its keys for data. */
class RecordCount {
  readonly #client = new RecordReader();
  readonly #server = new RecordReader();
  #clientFinished = false;
  sealed = 0;

  received(octets: Uint8Array): void {
    this.#client.read(octets, (record) => {
      if (record.contentType === contentType.applicationData) this.#clientFinished = true;
    });
  }

  sent(octets: Uint8Array): void {
    this.#server.read(octets, () => {
      if (this.#clientFinished) this.sealed += 1;
    });
  }
}
