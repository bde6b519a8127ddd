/** Reads alerts from the records that carry them: alone, coalesced, or (before TLS 1.3) cut in two. */

/** For the records of one direction under one protection. */
export class AlertReader {
  #level: number | undefined;

  read(fragment: Uint8Array, use: (level: number, code: number) => void): void {
    for (const octet of fragment) {
      if (this.#level === undefined) {
        this.#level = octet;
      } else {
        use(this.#level, octet);
        this.#level = undefined;
      }
    }
  }
}
