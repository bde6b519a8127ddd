/** Cuts one direction's octets into TLS records, whatever the chunks they come in. */
import { wireLimits } from './wire-limits.ts';

export interface TlsRecord {
  readonly contentType: number;
  /** legacy_record_version. */
  readonly version: number;
  /** May be a view of the caller's chunk: copy what is kept. */
  readonly fragment: Uint8Array;
}

const headerLength = 5;

/** Every octet is looked at once; one record at most is buffered. After a fault the rest is ignored. */
export class RecordReader {
  readonly #header = new Uint8Array(headerLength);
  #headerFilled = 0;
  #fragment: Uint8Array | undefined;
  #fragmentFilled = 0;
  #anyRecord = false;
  #fault: 'not-tls' | 'framing' | undefined;

  /** Set as soon as the octets can be no record: `not-tls` in the first one, `framing` later. */
  get fault(): 'not-tls' | 'framing' | undefined {
    return this.#fault;
  }

  read(octets: Uint8Array, use: (record: TlsRecord) => void): void {
    let at = 0;
    while (at < octets.length && this.#fault === undefined) {
      at =
        this.#headerFilled < headerLength
          ? this.#readHeader(octets, at)
          : this.#readFragment(octets, at);
      if (this.#isComplete()) this.#finish(use);
    }
  }

  forget(): void {
    this.#fragment?.fill(0);
    this.#fragment = undefined;
    this.#headerFilled = 0;
    this.#fragmentFilled = 0;
  }

  #readHeader(octets: Uint8Array, from: number): number {
    const part = octets.subarray(from, from + headerLength - this.#headerFilled);
    this.#header.set(part, this.#headerFilled);
    this.#headerFilled += part.length;
    if (!couldBeHeader(this.#header.subarray(0, this.#headerFilled))) {
      this.#fault = this.#anyRecord ? 'framing' : 'not-tls';
    }
    return from + part.length;
  }

  #readFragment(octets: Uint8Array, from: number): number {
    const length = this.#length();
    const part = octets.subarray(from, from + length - this.#fragmentFilled);
    if (part.length === length) {
      this.#fragment = part;
    } else {
      this.#fragment ??= new Uint8Array(length);
      this.#fragment.set(part, this.#fragmentFilled);
    }
    this.#fragmentFilled += part.length;
    return from + part.length;
  }

  #isComplete(): boolean {
    return (
      this.#fault === undefined &&
      this.#headerFilled === headerLength &&
      this.#fragmentFilled === this.#length()
    );
  }

  #finish(use: (record: TlsRecord) => void): void {
    const [contentType = 0, major = 0, minor = 0] = this.#header;
    const fragment = this.#fragment ?? new Uint8Array(0);
    this.#fragment = undefined;
    this.#headerFilled = 0;
    this.#fragmentFilled = 0;
    this.#anyRecord = true;
    use({ contentType, version: major * 256 + minor, fragment });
  }

  #length(): number {
    return (this.#header[3] ?? 0) * 256 + (this.#header[4] ?? 0);
  }
}

/** Whether a record may begin so: a known content type, major version 3, and a length that is allowed. */
export function couldBeHeader(octets: Uint8Array): boolean {
  const [type = 20, major = 3, , high = 0, low = 0] = octets;
  return type >= 20 && type <= 24 && major === 3 && high * 256 + low <= wireLimits.recordBytes;
}
