/** Record protection of the TLS 1.2 AEAD suites (RFC 5246 section 6.2.3.3, RFC 5288, RFC 6655, RFC 7905). */
import { type AeadInput, aeadOpen, aeadSeal, recordNonce } from './aead.ts';
import type { BulkCipher } from './bulk-cipher.ts';
import type { TrafficKeys } from './key-schedule.ts';
import { tls12 } from './names/versions.ts';
import type { OpenedRecord, RecordProtection } from './record-protection.ts';
import type { TlsRecord } from './record-reader.ts';
import { recordHeader, SequenceNumber } from './sequence-number.ts';

export class Tls12AeadProtection implements RecordProtection {
  readonly #cipher: BulkCipher;
  readonly #keys: TrafficKeys;
  readonly #sequence = new SequenceNumber();

  constructor(cipher: BulkCipher, keys: TrafficKeys) {
    this.#cipher = cipher;
    this.#keys = keys;
  }

  open({ contentType, version, fragment }: TlsRecord): OpenedRecord | undefined {
    const explicit = fragment.subarray(0, this.#cipher.explicitNonceLength);
    const sealed = fragment.subarray(explicit.length);
    const length = sealed.length - this.#cipher.tagLength;
    if (length < 0) return undefined;
    const header = recordHeader(contentType, version, length);
    const content = aeadOpen(this.#input(explicit, header), sealed);
    if (content === undefined) return undefined;
    this.#sequence.advance();
    return { contentType, content };
  }

  seal(contentType: number, content: Uint8Array): Uint8Array {
    // The sequence number serves as the explicit nonce: unique under the key, as RFC 5288 section 3 asks.
    const explicit = this.#sequence.octets().subarray(0, this.#cipher.explicitNonceLength);
    const additional = recordHeader(contentType, tls12, content.length);
    const sealed = aeadSeal(this.#input(explicit, additional), content);
    this.#sequence.advance();
    const header = recordHeader(contentType, tls12, explicit.length + sealed.length);
    return Buffer.concat([header, explicit, sealed]);
  }

  skip(): void {
    this.#sequence.advance();
  }

  forget(): void {
    this.#keys.key.fill(0);
    this.#keys.iv.fill(0);
  }

  #input(explicit: Uint8Array, header: Uint8Array): AeadInput {
    const sequence = this.#sequence.octets();
    const nonce =
      explicit.length > 0
        ? Buffer.concat([this.#keys.iv, explicit])
        : recordNonce(this.#keys.iv, sequence);
    const additional = Buffer.concat([sequence, header]);
    return { cipher: this.#cipher, key: this.#keys.key, nonce, additional };
  }
}
