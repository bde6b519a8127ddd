/** What is known of one direction of a connection while it is read: its records and the keys they stand under. */
import { AlertReader } from './alert-reader.ts';
import { HandshakeReader } from './handshake-reader.ts';
import type { OpenedRecord, RecordProtection, Tls12Parameters } from './record-protection.ts';
import { RecordReader, type TlsRecord } from './record-reader.ts';
import type { WireDirection } from './wire.ts';

/** What joins the contents of records under one protection. */
export interface ContentReaders {
  readonly handshake: HandshakeReader;
  readonly alerts: AlertReader;
}

export const newContentReaders = (): ContentReaders => ({
  handshake: new HandshakeReader(),
  alerts: new AlertReader(),
});

export class Half {
  readonly direction: WireDirection;
  readonly records = new RecordReader();
  readonly clear = newContentReaders();
  opened = newContentReaders();
  /** TLS 1.3: which traffic secret is in use. */
  stage: 'handshake' | 'application' = 'handshake';
  /** TLS 1.3: our copy of it, from which the next is made. */
  secret: Uint8Array | undefined;
  /** TLS 1.2 and older: what a ChangeCipherSpec put in force. */
  cipherSpec: Omit<Tls12Parameters, 'masterSecret'> | undefined;
  /** TLS 1.2 and older: that is nothing we can open. */
  opaque = false;
  protection: RecordProtection | undefined;
  /** Used until `protection` has opened a record: some peers switch their keys late. */
  previous: RecordProtection | undefined;
  /** Protected records can no longer be opened. */
  closed = false;
  /** Records that wait for a key. */
  waiting = 0;
  /** No more may wait. */
  full = false;
  openedRecords = 0;
  /** Those of them that were application data. */
  applicationRecords = 0;
  /** A packed certificate was unpacked: each takes memory that a peer could ask for many times over. */
  unpacked = false;
  /** A KeyUpdate stood in the record that is being read. */
  keyUpdate = false;

  constructor(direction: WireDirection) {
    this.direction = direction;
  }

  open(record: TlsRecord): OpenedRecord | undefined {
    const opened = this.protection?.open(record);
    if (opened === undefined) return this.previous?.open(record);
    this.previous?.forget();
    this.previous = undefined;
    return opened;
  }

  /** The present keys end; the next ones are not made yet. */
  changeKeys(): void {
    this.previous?.forget();
    this.previous = this.protection;
    this.protection = undefined;
    this.secret?.fill(0);
    this.secret = undefined;
  }

  forget(): void {
    this.changeKeys();
    this.previous?.forget();
    this.previous = undefined;
    this.cipherSpec = undefined;
    this.records.forget();
    this.clear.handshake.forget();
    this.opened.handshake.forget();
  }
}
