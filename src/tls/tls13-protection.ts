/** Record protection of TLS 1.3 (RFC 9846 section 5.2 to 5.4). */
import { aeadOpen, aeadSeal, recordNonce } from './aead.ts';
import type { BulkCipher } from './bulk-cipher.ts';
import type { TrafficKeys } from './key-schedule.ts';
import { contentType as contentTypes } from './names/handshake-types.ts';
import { tls12 } from './names/versions.ts';
import type { OpenedRecord, RecordProtection } from './record-protection.ts';
import type { TlsRecord } from './record-reader.ts';
import { recordHeader, SequenceNumber } from './sequence-number.ts';

export class Tls13Protection implements RecordProtection {
  readonly #cipher: BulkCipher;
  readonly #keys: TrafficKeys;
  readonly #sequence = new SequenceNumber();

  constructor(cipher: BulkCipher, keys: TrafficKeys) {
    this.#cipher = cipher;
    this.#keys = keys;
  }

  /** Content type 0 stands for a record that is all padding, which no peer may send. */
  open(record: TlsRecord): OpenedRecord | undefined {
    const { contentType, version, fragment } = record;
    const header = recordHeader(contentType, version, fragment.length);
    const inner = aeadOpen(this.#input(header), fragment);
    if (inner === undefined) return undefined;
    this.#sequence.advance();
    let end = inner.length;
    while (end > 0 && inner[end - 1] === 0) end -= 1;
    return { contentType: inner[end - 1] ?? 0, content: inner.subarray(0, Math.max(0, end - 1)) };
  }

  seal(contentType: number, content: Uint8Array): Uint8Array {
    const length = content.length + 1 + this.#cipher.tagLength;
    const header = recordHeader(contentTypes.applicationData, tls12, length);
    const inner = Buffer.concat([content, Buffer.of(contentType)]);
    const sealed = aeadSeal(this.#input(header), inner);
    this.#sequence.advance();
    return Buffer.concat([header, sealed]);
  }

  skip(): void {
    this.#sequence.advance();
  }

  forget(): void {
    this.#keys.key.fill(0);
    this.#keys.iv.fill(0);
  }

  #input(additional: Uint8Array) {
    const nonce = recordNonce(this.#keys.iv, this.#sequence.octets());
    return { cipher: this.#cipher, key: this.#keys.key, nonce, additional };
  }
}
