/** Refuses a TLS 1.3 client after the handshake, as a gateway does: an alert under the keys that protect the server's data. */
import type { Socket } from 'node:net';
import { contentType } from '../tls/names/handshake-types.ts';
import { protectionFromSecret, sealRecord } from '../tls/record-protection.ts';
import { RecordReader } from '../tls/record-reader.ts';

const fatal = 2;

/** Sees both directions of one connection from the server's side, which tells how many records it has protected. */
export class Refusal {
  readonly #cipherSuite: number;
  readonly #client = new RecordReader();
  readonly #server = new RecordReader();
  #clientFinished = false;
  #recordsSealed = 0;
  #secret: Uint8Array | undefined;

  constructor(cipherSuite: number) {
    this.#cipherSuite = cipherSuite;
  }

  /** From the client. Its first protected record ends its handshake. */
  received(octets: Uint8Array): void {
    this.#client.read(octets, (record) => {
      if (record.contentType === contentType.applicationData) this.#clientFinished = true;
    });
  }

  /** To the client. What follows the client's flight goes under the keys for data: session tickets. */
  sent(octets: Uint8Array): void {
    this.#server.read(octets, () => {
      if (this.#clientFinished) this.#recordsSealed += 1;
    });
  }

  /** A line of the key log, as Node's `keylog` event gives it. */
  addKeyLog(line: Buffer): void {
    const [label, , secret] = line.toString('latin1').trim().split(' ');
    if (label === 'SERVER_TRAFFIC_SECRET_0' && secret) this.#secret = Buffer.from(secret, 'hex');
  }

  /** Sends the fatal alert and ends the connection. */
  send(socket: Socket, alert: number): void {
    const protection = this.#secret && protectionFromSecret(this.#secret, this.#cipherSuite);
    if (!protection) return void socket.destroy();
    for (let record = 0; record < this.#recordsSealed; record += 1) protection.skip();
    socket.end(sealRecord(protection, contentType.alert, Uint8Array.of(fatal, alert)));
    protection.forget();
  }
}
