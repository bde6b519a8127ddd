/** Walks big-endian fields (those of Java's DataInput) from front to back; past the end it throws RangeError. */

export class OctetCursor {
  readonly #octets: Buffer;
  #offset = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  get rest(): number {
    return this.#octets.length - this.#offset;
  }

  u2(): number {
    return this.take(2).readUInt16BE();
  }

  u4(): number {
    return this.take(4).readUInt32BE();
  }

  take(count: number): Buffer {
    if (count > this.rest) throw new RangeError('past the end');
    this.#offset += count;
    return this.#octets.subarray(this.#offset - count, this.#offset);
  }
}
