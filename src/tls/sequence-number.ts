/** The count of records under one key, as the eight octets that every record is authenticated with. */

export class SequenceNumber {
  #next = 0;

  /** Big endian; the same until `advance`. */
  octets(): Uint8Array {
    const octets = new Uint8Array(8);
    const view = new DataView(octets.buffer);
    view.setUint32(0, Math.floor(this.#next / 0x1_0000_0000));
    view.setUint32(4, this.#next % 0x1_0000_0000);
    return octets;
  }

  advance(): void {
    this.#next += 1;
  }
}

/** A record's header. */
export function recordHeader(contentType: number, version: number, length: number): Uint8Array {
  return Uint8Array.of(contentType, version >> 8, version & 0xff, length >> 8, length & 0xff);
}
