/** Joins handshake messages from the records that carry them: fragmented, coalesced, or both. */
import { wireLimits } from './wire-limits.ts';

export interface HandshakeMessage {
  readonly type: number;
  /** May be a view of the record: copy what is kept. Absent when it is larger than the limit. */
  readonly body?: Uint8Array;
  /** With its header. */
  readonly sizeBytes: number;
}

const headerLength = 4;

/** For the records of one direction under one protection: messages do not span a change of keys. */
export class HandshakeReader {
  readonly #header = new Uint8Array(headerLength);
  #headerFilled = 0;
  #body: Uint8Array | undefined;
  #bodyFilled = 0;

  read(fragment: Uint8Array, use: (message: HandshakeMessage) => void): void {
    let at = 0;
    while (at < fragment.length) {
      at =
        this.#headerFilled < headerLength
          ? this.#readHeader(fragment, at)
          : this.#readBody(fragment, at);
      if (this.#headerFilled === headerLength && this.#bodyFilled === this.#length()) {
        this.#finish(use);
      }
    }
  }

  forget(): void {
    this.#body?.fill(0);
    this.#body = undefined;
    this.#headerFilled = 0;
    this.#bodyFilled = 0;
  }

  #readHeader(fragment: Uint8Array, from: number): number {
    const part = fragment.subarray(from, from + headerLength - this.#headerFilled);
    this.#header.set(part, this.#headerFilled);
    this.#headerFilled += part.length;
    return from + part.length;
  }

  #readBody(fragment: Uint8Array, from: number): number {
    const length = this.#length();
    const part = fragment.subarray(from, from + length - this.#bodyFilled);
    if (part.length === length) {
      this.#body = part;
    } else if (length <= wireLimits.messageBytes) {
      this.#body ??= new Uint8Array(length);
      this.#body.set(part, this.#bodyFilled);
    }
    this.#bodyFilled += part.length;
    return from + part.length;
  }

  #finish(use: (message: HandshakeMessage) => void): void {
    const type = this.#header[0] ?? 0;
    const length = this.#length();
    const body = length === 0 ? new Uint8Array(0) : this.#body;
    this.#body = undefined;
    this.#headerFilled = 0;
    this.#bodyFilled = 0;
    use({ type, sizeBytes: headerLength + length, ...(body && { body }) });
  }

  #length(): number {
    const [, high = 0, middle = 0, low = 0] = this.#header;
    return high * 65_536 + middle * 256 + low;
  }
}
