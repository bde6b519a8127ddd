/** Record protection of the TLS 1.2 CBC suites: MAC then encrypt (RFC 5246 section 6.2.3.2), or the reverse (RFC 7366). */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { BulkCipher } from './bulk-cipher.ts';
import type { KeyBlock } from './key-schedule.ts';
import { tls12 } from './names/versions.ts';
import type { OpenedRecord, RecordProtection } from './record-protection.ts';
import type { TlsRecord } from './record-reader.ts';
import { recordHeader, SequenceNumber } from './sequence-number.ts';

export class Tls12CbcProtection implements RecordProtection {
  readonly #cipher: BulkCipher;
  readonly #keys: KeyBlock;
  readonly #encryptThenMac: boolean;
  readonly #mac: { readonly hash: string; readonly length: number };
  readonly #sequence = new SequenceNumber();

  constructor(cipher: BulkCipher, keys: KeyBlock, encryptThenMac: boolean) {
    this.#cipher = cipher;
    this.#keys = keys;
    this.#encryptThenMac = encryptThenMac;
    this.#mac = cipher.mac ?? { hash: 'sha1', length: 20 };
  }

  open(record: TlsRecord): OpenedRecord | undefined {
    const content = this.#encryptThenMac ? this.#openEncrypted(record) : this.#openMacked(record);
    if (content === undefined) return undefined;
    this.#sequence.advance();
    return { contentType: record.contentType, content };
  }

  /** The iv is derived from the sequence number: good enough for a record that ends a connection, no more. */
  seal(contentType: number, content: Uint8Array): Uint8Array {
    const iv = this.#digest(0, tls12, this.#sequence.octets()).subarray(0, this.#cipher.ivLength);
    const fragment = this.#encryptThenMac
      ? this.#sealEncrypted(contentType, content, iv)
      : this.#encrypt(Buffer.concat([content, this.#digest(contentType, tls12, content)]), iv);
    this.#sequence.advance();
    return Buffer.concat([recordHeader(contentType, tls12, fragment.length), fragment]);
  }

  skip(): void {
    this.#sequence.advance();
  }

  forget(): void {
    this.#keys.key.fill(0);
    this.#keys.macKey.fill(0);
  }

  #openMacked({ contentType, version, fragment }: TlsRecord): Uint8Array | undefined {
    const plaintext = this.#decrypt(fragment);
    if (plaintext === undefined || plaintext.length < this.#mac.length) return undefined;
    const content = plaintext.subarray(0, plaintext.length - this.#mac.length);
    const mac = plaintext.subarray(content.length);
    return timingSafeEqual(mac, this.#digest(contentType, version, content)) ? content : undefined;
  }

  #openEncrypted({ contentType, version, fragment }: TlsRecord): Uint8Array | undefined {
    const length = fragment.length - this.#mac.length;
    if (length < 0) return undefined;
    const encrypted = fragment.subarray(0, length);
    const mac = this.#digest(contentType, version, encrypted);
    return timingSafeEqual(mac, fragment.subarray(length)) ? this.#decrypt(encrypted) : undefined;
  }

  #sealEncrypted(contentType: number, content: Uint8Array, iv: Uint8Array): Buffer {
    const encrypted = this.#encrypt(content, iv);
    return Buffer.concat([encrypted, this.#digest(contentType, tls12, encrypted)]);
  }

  #digest(contentType: number, version: number, content: Uint8Array): Buffer {
    return createHmac(this.#mac.hash, this.#keys.macKey)
      .update(this.#sequence.octets())
      .update(recordHeader(contentType, version, content.length))
      .update(content)
      .digest();
  }

  /** Without iv and padding; undefined when the padding is none. */
  #decrypt(fragment: Uint8Array): Uint8Array | undefined {
    const { algorithm, ivLength } = this.#cipher;
    const ciphertext = fragment.subarray(ivLength);
    if (ciphertext.length === 0 || ciphertext.length % ivLength !== 0) return undefined;
    try {
      const decipher = createDecipheriv(algorithm, this.#keys.key, fragment.subarray(0, ivLength));
      decipher.setAutoPadding(false);
      const plaintext = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
      return withoutPadding(plaintext);
    } catch {
      return undefined;
    }
  }

  /** Iv and ciphertext, padded to the block. */
  #encrypt(plaintext: Uint8Array, iv: Uint8Array): Buffer {
    const { algorithm, ivLength } = this.#cipher;
    const padding = ivLength - 1 - (plaintext.length % ivLength);
    const encipher = createCipheriv(algorithm, this.#keys.key, iv);
    encipher.setAutoPadding(false);
    const padded = Buffer.concat([plaintext, Buffer.alloc(padding + 1, padding)]);
    return Buffer.concat([iv, encipher.update(padded), encipher.final()]);
  }
}

/** Every padding octet holds the number of them that stand before the last. */
function withoutPadding(plaintext: Uint8Array): Uint8Array | undefined {
  const padding = plaintext.at(-1) ?? 0;
  const end = plaintext.length - padding - 1;
  if (end < 0 || plaintext.subarray(end).some((octet) => octet !== padding)) return undefined;
  return plaintext.subarray(0, end);
}
