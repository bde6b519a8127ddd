/** Decodes the record stream of one client connection as a tap sees it, both directions, into a Wire. */
import { Connection } from './connection.ts';
import type { Half } from './half.ts';
import type { TlsRecord } from './record-reader.ts';
import type { Wire } from './wire.ts';
import { wireLimits } from './wire-limits.ts';

/**
 * Takes chunks of any size in the order in which they stood on the wire, and the lines of the key log,
 * which may come later than the records that they open. Never throws, and keeps no more than `wireLimits`
 * says. Times are those of the caller's clock, in milliseconds.
 */
export class Transcript {
  readonly #connection = new Connection();
  readonly #firstOctets: number[] = [];
  #octetsSent = 0;
  #octetsReceived = 0;
  #order = 0;
  #forgotten = false;

  sent(octets: Uint8Array, atMs: number): void {
    this.#octetsSent += octets.length;
    this.#read(this.#connection.client, octets, atMs);
  }

  received(octets: Uint8Array, atMs: number): void {
    this.#octetsReceived += octets.length;
    const room = wireLimits.firstOctets - this.#firstOctets.length;
    if (room > 0 && !this.#forgotten) this.#firstOctets.push(...octets.subarray(0, room));
    this.#read(this.#connection.server, octets, atMs);
  }

  /** One line as Node's `keylog` event gives it; as octets no copy of the secret stays behind in a string. */
  keylog(line: string | Uint8Array): void {
    if (this.#forgotten) return;
    const octets = typeof line === 'string' ? Buffer.from(line, 'latin1') : line;
    this.#connection.addSecret(octets);
  }

  /** What is known by now. */
  snapshot(): Wire {
    return this.#connection.facts.toWire({
      octetsSent: this.#octetsSent,
      octetsReceived: this.#octetsReceived,
      firstOctetsReceived: Uint8Array.from(this.#firstOctets),
    });
  }

  /** Whether more records or messages came by than an honest connection has: each costs far more than its octets. */
  get hasEnough(): boolean {
    return (
      this.#order > wireLimits.records ||
      this.#connection.facts.messageCount > wireLimits.countedMessages
    );
  }

  /** Zeroes secrets, keys and buffers. Octets are only counted afterwards; what is known stays known. */
  forget(): void {
    this.#forgotten = true;
    this.#connection.forget();
  }

  #read(half: Half, octets: Uint8Array, atMs: number): void {
    if (this.#forgotten || half.records.fault !== undefined) return;
    const { direction } = half;
    half.records.read(octets, (record: TlsRecord) => {
      this.#order += 1;
      this.#connection.arrive(half, record, { direction, order: this.#order, atMs });
    });
    if (half.records.fault === undefined) return;
    this.#order += 1;
    this.#connection.facts.fault({ direction, order: this.#order, atMs }, half.records.fault);
  }
}
