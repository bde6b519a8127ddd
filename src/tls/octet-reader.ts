/** Reads numbers and vectors of TLS presentation language from octets, without ever throwing. */

/**
 * A cursor that fails once and for all: after a read past the end every read gives zero or nothing, and
 * `ok` is false, here and in the readers that it was taken from. So a parser reads on and asks once.
 */
export class OctetReader {
  readonly #octets: Uint8Array;
  readonly #parent: OctetReader | undefined;
  #at = 0;
  #ok = true;

  constructor(octets: Uint8Array, parent?: OctetReader) {
    this.#octets = octets;
    this.#parent = parent;
  }

  get ok(): boolean {
    return this.#ok;
  }

  /** Octets not read yet; zero after a failure. */
  get left(): number {
    return this.#octets.length - this.#at;
  }

  fail(): void {
    this.#ok = false;
    this.#at = this.#octets.length;
    this.#parent?.fail();
  }

  u8(): number {
    return this.#number(1);
  }

  u16(): number {
    return this.#number(2);
  }

  u24(): number {
    return this.#number(3);
  }

  /** A view of the next `count` octets. Copy what is kept with `new Uint8Array`: a Buffer's `slice` is a view too. */
  take(count: number): Uint8Array {
    if (count > this.left) {
      this.fail();
      return new Uint8Array(0);
    }
    this.#at += count;
    return this.#octets.subarray(this.#at - count, this.#at);
  }

  /** A vector whose length stands before it in `lengthOctets` octets. */
  vector(lengthOctets: 1 | 2 | 3): Uint8Array {
    return this.take(this.#number(lengthOctets));
  }

  /** The same as a reader of its own, whose failure is ours too. */
  within(lengthOctets: 1 | 2 | 3): OctetReader {
    return new OctetReader(this.vector(lengthOctets), this);
  }

  /** Every number of two octets up to the end. */
  u16List(): number[] {
    const numbers: number[] = [];
    while (this.left > 0) numbers.push(this.u16());
    return numbers;
  }

  #number(count: number): number {
    let value = 0;
    for (const octet of this.take(count)) value = value * 256 + octet;
    return value;
  }
}
