/** Follows one connection from record to record: which keys are in force, what waits for one, what each says. */
import { bulkCipher } from './bulk-cipher.ts';
import { Half, newContentReaders } from './half.ts';
import { type ConnectionState, readHandshakeMessage } from './handshake-message.ts';
import { KeyLog, type SecretLabel } from './key-log.ts';
import { nextTrafficSecret } from './key-schedule.ts';
import { contentType, handshakeType } from './names/handshake-types.ts';
import { tls12, tls13 } from './names/versions.ts';
import {
  type OpenedRecord,
  protectionFromMasterSecret,
  protectionFromSecret,
} from './record-protection.ts';
import type { TlsRecord } from './record-reader.ts';
import { type Moment, WireFacts } from './wire-facts.ts';
import { wireLimits } from './wire-limits.ts';

interface Waiting {
  readonly half: Half;
  readonly record: TlsRecord;
  readonly moment: Moment;
}

/** What a waiting record costs beside its octets. */
const waitingOverheadBytes = 64;

export class Connection {
  readonly client = new Half('sent');
  readonly server = new Half('received');
  readonly facts = new WireFacts();
  readonly #keyLog = new KeyLog();
  readonly #state: ConnectionState = {};
  #waiting: Waiting[] = [];
  #waitingBytes = 0;

  /** Records of both directions, in the order of arrival. */
  arrive(half: Half, record: TlsRecord, moment: Moment): void {
    if (!this.#isProtected(half, record)) {
      this.#readContent(half, record.contentType, record.fragment, moment, false);
      return;
    }
    if (half.cipherSpec) this.#noteUnopened(record, moment);
    if (half.full) return;
    if (half.waiting > 0 || !this.#readProtected(half, record, moment)) {
      this.#wait({ half, record, moment });
    }
  }

  /** Opens what waited for it, in the order of arrival. */
  addSecret(line: Uint8Array): void {
    if (!this.#keyLog.add(line)) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.client.waiting = 0;
    this.server.waiting = 0;
    for (const entry of waiting) {
      const { half, record, moment } = entry;
      if (half.waiting > 0 || !this.#readProtected(half, record, moment)) this.#keepWaiting(entry);
      else record.fragment.fill(0);
    }
  }

  forget(): void {
    this.#keyLog.forget();
    this.client.forget();
    this.server.forget();
    for (const { record } of this.#waiting) record.fragment.fill(0);
    this.#waiting = [];
  }

  /** TLS 1.3 says it by the outer content type, so that a clear alert is one at any time; older versions by ChangeCipherSpec. */
  #isProtected(half: Half, record: TlsRecord): boolean {
    if (this.#state.negotiated?.version === tls13) {
      return record.contentType === contentType.applicationData;
    }
    return half.cipherSpec !== undefined;
  }

  /** What TLS 1.2 and older show of a record before it is opened. */
  #noteUnopened(record: TlsRecord, moment: Moment): void {
    if (record.contentType === contentType.applicationData) {
      this.facts.applicationData(moment);
    }
    // The first handshake message under new keys is Finished.
    if (record.contentType === contentType.handshake) this.facts.finished(moment);
  }

  #noteOpaque(record: TlsRecord, moment: Moment): void {
    const name = opaqueNames[record.contentType];
    if (name === undefined) return;
    this.#note(moment, name, record.contentType, record.fragment.length, true);
  }

  #wait(entry: Waiting): void {
    const { half, record, moment } = entry;
    const isUseless =
      half.cipherSpec !== undefined && record.contentType === contentType.applicationData;
    const fragment = isUseless ? new Uint8Array(0) : new Uint8Array(record.fragment);
    const bytes = this.#waitingBytes + fragment.length + waitingOverheadBytes;
    if (bytes > wireLimits.waitingBytes) {
      half.full = true;
      this.facts.fault(moment, 'too-large');
      return;
    }
    this.#keepWaiting({ half, record: { ...record, fragment }, moment });
  }

  #keepWaiting(entry: Waiting): void {
    this.#waitingBytes += entry.record.fragment.length + waitingOverheadBytes;
    entry.half.waiting += 1;
    this.#waiting.push(entry);
  }

  /** False when the key is not there yet. */
  #readProtected(half: Half, record: TlsRecord, moment: Moment): boolean {
    if (half.opaque) this.#noteOpaque(record, moment);
    if (half.opaque || half.closed) return true;
    if (half.protection === undefined && !this.#makeProtection(half)) return half.closed;
    if (this.#isPassedOver(half, record)) half.protection?.skip();
    else this.#openRecord(half, record, moment);
    return true;
  }

  #openRecord(half: Half, record: TlsRecord, moment: Moment): void {
    const opened = half.open(record);
    if (opened === undefined) {
      half.closed = true;
      this.facts.fault(moment, 'decrypt');
      return;
    }
    half.openedRecords += 1;
    if (half.openedRecords >= wireLimits.openedRecords) half.closed = true;
    this.#readOpened(half, opened, moment);
    opened.content.fill(0);
  }

  /** Application data of TLS 1.2, and of TLS 1.3 once there was enough of it, save records short enough for an alert. */
  #isPassedOver(half: Half, record: TlsRecord): boolean {
    if (half.cipherSpec !== undefined) return record.contentType === contentType.applicationData;
    return (
      half.applicationRecords >= wireLimits.applicationRecords &&
      record.fragment.length > wireLimits.shortRecordBytes
    );
  }

  #readOpened(half: Half, opened: OpenedRecord, moment: Moment): void {
    if (opened.contentType === contentType.applicationData) {
      half.applicationRecords += 1;
      this.facts.applicationData(moment);
      return;
    }
    this.#readContent(half, opened.contentType, opened.content, moment, true);
    if (half.keyUpdate) this.#updateKeys(half);
  }

  #makeProtection(half: Half): boolean {
    return half.cipherSpec ? this.#makeTls12Protection(half) : this.#makeTls13Protection(half);
  }

  #makeTls12Protection(half: Half): boolean {
    const { cipherSpec } = half;
    const masterSecret =
      cipherSpec && this.#keyLog.secret('CLIENT_RANDOM', cipherSpec.clientRandom);
    if (cipherSpec === undefined || masterSecret === undefined) return false;
    const writer = half.direction === 'sent' ? 'client' : 'server';
    half.protection = protectionFromMasterSecret({ ...cipherSpec, masterSecret }, writer);
    return half.protection !== undefined;
  }

  #makeTls13Protection(half: Half): boolean {
    const { negotiated } = this.#state;
    const secret = negotiated && this.#keyLog.secret(label(half), negotiated.clientRandom);
    if (negotiated === undefined || secret === undefined) return false;
    half.secret = new Uint8Array(secret);
    half.protection = protectionFromSecret(half.secret, negotiated.cipherSuite);
    half.closed = half.protection === undefined;
    return !half.closed;
  }

  #readContent(
    half: Half,
    type: number,
    content: Uint8Array,
    moment: Moment,
    encrypted: boolean,
  ): void {
    const readers = encrypted ? half.opened : half.clear;
    switch (type) {
      case contentType.changeCipherSpec:
        this.#note(moment, 'change_cipher_spec', type, content.length, encrypted);
        this.#changeCipherSpec(half);
        return;
      case contentType.alert:
        readers.alerts.read(content, (level, code) => {
          this.facts.alert(moment, { level, code, encrypted });
          this.#note(moment, 'alert', code, 2, encrypted);
        });
        return;
      case contentType.handshake:
        readers.handshake.read(content, (message) => {
          const context = { facts: this.facts, state: this.#state, half, moment, encrypted };
          readHandshakeMessage(message, context);
          if (encrypted) this.#followKeys(half, message.type, moment);
        });
        return;
      case contentType.heartbeat:
        this.#note(moment, 'heartbeat', type, content.length, encrypted);
        return;
      default:
        // Application data before any keys, or an inner content type that does not exist.
        this.facts.fault(moment, encrypted ? 'message' : 'framing');
    }
  }

  #note(moment: Moment, name: string, code: number, sizeBytes: number, encrypted: boolean): void {
    this.facts.message(moment, { name, code, sizeBytes, encrypted });
  }

  /** In TLS 1.3 it is there for middleboxes and changes nothing (RFC 9846 section 5). */
  #changeCipherSpec(half: Half): void {
    const { negotiated } = this.#state;
    if (negotiated === undefined || negotiated.version === tls13) return;
    half.changeKeys();
    half.previous?.forget();
    half.previous = undefined;
    half.opened = newContentReaders();
    half.cipherSpec = negotiated;
    half.opaque = negotiated.version !== tls12 || bulkCipher(negotiated.cipherSuite) === undefined;
  }

  /** TLS 1.3: Finished and KeyUpdate end the keys that they were sent under. */
  #followKeys(half: Half, type: number, moment: Moment): void {
    if (type === handshakeType.finished) this.facts.finished(moment);
    const { negotiated } = this.#state;
    if (negotiated?.version !== tls13) return;
    if (type === handshakeType.finished && half.stage === 'handshake') {
      half.stage = 'application';
      half.changeKeys();
    }
    // It ends its record (RFC 9846 section 5.1), so it changes the keys once, after the record.
    if (type === handshakeType.keyUpdate) half.keyUpdate = true;
  }

  #updateKeys(half: Half): void {
    half.keyUpdate = false;
    const cipherSuite = this.#state.negotiated?.cipherSuite ?? 0;
    const cipher = bulkCipher(cipherSuite);
    if (cipher === undefined || half.secret === undefined) return;
    const next = nextTrafficSecret(half.secret, cipher);
    half.changeKeys();
    half.secret = next;
    half.protection = protectionFromSecret(next, cipherSuite);
  }
}

/** Names for what TLS 1.2 and older carry in records that we can not open. */
const opaqueNames: Readonly<Record<number, string>> = {
  [contentType.changeCipherSpec]: 'change_cipher_spec',
  [contentType.alert]: 'encrypted_alert',
  [contentType.handshake]: 'encrypted_handshake',
};

function label({ direction, stage }: Half): SecretLabel {
  const side = direction === 'sent' ? 'CLIENT' : 'SERVER';
  return stage === 'handshake' ? `${side}_HANDSHAKE_TRAFFIC_SECRET` : `${side}_TRAFFIC_SECRET_0`;
}
