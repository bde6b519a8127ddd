/** The tap: a Duplex around a connected socket that shows every octet of both directions to a watcher. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { errorCode } from '../base/cannot-run.ts';

/** Who is shown the octets: a transcript. */
export interface TapWatcher {
  sent(octets: Uint8Array, atMs: number): void;
  received(octets: Uint8Array, atMs: number): void;
}

/** The first thing that ended the connection below TLS. */
export interface TapEnding {
  readonly by: 'peer' | 'us';
  readonly how: 'fin' | 'reset' | 'limit';
  readonly atMs: number;
  /** errno of a reset, or of a write that failed. */
  readonly code?: string;
}

/** A peer that sends more than this on one connection is cut off: handshakes and answers are far smaller. */
const maxOctetsReceived = 4 * 1024 * 1024;

/**
 * What the watcher is shown counts even when the socket then errors: octets are shown to it the
 * moment they are read, before TLS sees them.
 */
export class Tap extends Duplex {
  readonly #socket: Socket;
  readonly #watcher: TapWatcher;
  readonly #elapsedMs: () => number;
  #received = 0;
  #ending: TapEnding | undefined;
  #lastSentAtMs: number | undefined;
  #lastReceivedAtMs: number | undefined;

  /** `elapsedMs` gives the milliseconds since the attempt began. The tap owns the socket from now on. */
  constructor(socket: Socket, watcher: TapWatcher, elapsedMs: () => number) {
    super({ autoDestroy: true, allowHalfOpen: true });
    this.#socket = socket;
    this.#watcher = watcher;
    this.#elapsedMs = elapsedMs;
    socket.setNoDelay(true);
    socket.on('data', (octets: Buffer) => this.#take(octets));
    socket.on('end', () => {
      this.#endedBy('peer', 'fin');
      this.push(null);
    });
    socket.on('error', (error) => {
      this.#endedBy('peer', 'reset', errorCode(error));
      this.destroy(error);
    });
    socket.on('close', () => this.destroy());
  }

  /** When the last octets went each way; absent before the first. */
  get lastOctets(): { readonly lastSentAtMs?: number; readonly lastReceivedAtMs?: number } {
    const lastSentAtMs = this.#lastSentAtMs;
    const lastReceivedAtMs = this.#lastReceivedAtMs;
    return {
      ...(lastSentAtMs !== undefined && { lastSentAtMs }),
      ...(lastReceivedAtMs !== undefined && { lastReceivedAtMs }),
    };
  }

  get ending(): TapEnding | undefined {
    return this.#ending;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    const atMs = this.#elapsedMs();
    this.#lastSentAtMs = atMs;
    this.#watcher.sent(chunk, atMs);
    this.#socket.write(chunk, done);
  }

  /** Octets that wait together leave together: many small writes would lose an alert to a reset. */
  override _writev(
    chunks: readonly { chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    const octets = Buffer.concat(chunks.map(({ chunk }) => chunk));
    this._write(octets, 'binary', done);
  }

  override _final(done: () => void): void {
    this.#endedBy('us', 'fin');
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#endedBy('us', 'fin');
    this.#socket.destroy();
    done(error);
  }

  #take(octets: Buffer): void {
    this.#received += octets.length;
    const atMs = this.#elapsedMs();
    this.#lastReceivedAtMs = atMs;
    this.#watcher.received(octets, atMs);
    if (this.#received > maxOctetsReceived) {
      this.#endedBy('us', 'limit');
      this.destroy();
    } else if (!this.push(octets)) this.#socket.pause();
  }

  #endedBy(by: 'peer' | 'us', how: TapEnding['how'], code?: string): void {
    this.#ending ??= { by, how, atMs: this.#elapsedMs(), ...(code !== undefined && { code }) };
  }
}
