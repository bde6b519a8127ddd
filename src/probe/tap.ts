/** The tap: a Duplex around a connected socket that shows every octet of both directions to a watcher. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { errorCode } from '../base/cannot-run.ts';

/** Who is shown the octets: a transcript. */
export interface TapWatcher {
  /** Set when it was shown more than an honest peer has to say, however few the octets: the connection is cut. */
  readonly hasEnough?: boolean;
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
const maxOctetsReceived = 512 * 1024;

/** Nor do we ever have so much to say: a peer that makes us answer, and answer again, is cut off too. */
const maxOctetsSent = 256 * 1024;

/** When TLS is done with a connection, its peer's last words are some alerts and no more. */
const maxOctetsLingered = 128 * 1024;

/** Turns of the event loop in which whatever the system holds for us is read: one for what waits now, and some to spare. */
const readingTurns = 3;

/**
 * What the watcher is shown counts even when the socket then errors: octets are shown to it the
 * moment they are read, before TLS sees them. Nor is anything lost when a write fails, which Node
 * would answer by closing the socket with its last octets unread, or when TLS is done at the first
 * alert of several: a tap that `lingers` reads on until the peer has left or it is cut.
 */
export class Tap extends Duplex {
  readonly #socket: Socket;
  readonly #watcher: TapWatcher;
  readonly #elapsedMs: () => number;
  readonly #lingers: boolean;
  readonly #peerLeft: Promise<void>;
  #notePeerLeft = (): void => {};
  #received = 0;
  #sent = 0;
  #lingered = 0;
  #hasWriteFailed = false;
  #ending: TapEnding | undefined;
  #lastSentAtMs: number | undefined;
  #lastReceivedAtMs: number | undefined;

  /** `elapsedMs` gives the milliseconds since the attempt began. The tap owns the socket from now on. */
  constructor(
    socket: Socket,
    watcher: TapWatcher,
    elapsedMs: () => number,
    { lingers = false }: { readonly lingers?: boolean } = {},
  ) {
    super({ autoDestroy: true, allowHalfOpen: true });
    this.#socket = socket;
    this.#watcher = watcher;
    this.#elapsedMs = elapsedMs;
    this.#lingers = lingers;
    this.#peerLeft = new Promise((resolve) => {
      this.#notePeerLeft = resolve;
    });
    swallowWriteErrors(socket, (error) => this.#writeFailed(error));
    socket.setNoDelay(true);
    socket.on('data', (octets: Buffer) => this.#take(octets));
    socket.on('end', () => {
      this.#endedBy('peer', 'fin');
      this.#notePeerLeft();
      if (!this.destroyed) this.push(null);
    });
    socket.on('error', (error) => {
      this.#brokenBy(error);
      this.destroy(error);
    });
    socket.on('close', () => {
      this.#notePeerLeft();
      this.destroy();
    });
  }

  /** Resolves once nothing more can come from the peer. */
  get peerLeft(): Promise<void> {
    return this.#peerLeft;
  }

  /** Ends it all, on our side too. */
  cut(): void {
    this.destroy();
    this.#endedBy('us', 'fin');
    this.#socket.destroy();
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

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: WriteDone): void {
    const atMs = this.#elapsedMs();
    this.#socket.write(chunk, done);
    // What the system refused never stood on the wire.
    if (this.#hasWriteFailed) return;
    this.#lastSentAtMs = atMs;
    this.#watcher.sent(chunk, atMs);
    this.#sent += chunk.length;
    if (this.#sent > maxOctetsSent) this.#overflow();
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
    if (this.#lingers) {
      this.#socket.resume();
    } else {
      this.#endedBy('us', 'fin');
      this.#socket.destroy();
    }
    done(error);
  }

  /** The peer has reset the connection; what it said before may still wait to be read. */
  #writeFailed(error: Error): void {
    this.#hasWriteFailed = true;
    this.#brokenBy(error);
    inTurns(readingTurns, () => {
      this.#notePeerLeft();
      this.destroy(error);
    });
  }

  #take(octets: Buffer): void {
    this.#received += octets.length;
    if (this.destroyed) this.#lingered += octets.length;
    const atMs = this.#elapsedMs();
    this.#lastReceivedAtMs = atMs;
    this.#watcher.received(octets, atMs);
    if (
      this.#received > maxOctetsReceived ||
      this.#lingered > maxOctetsLingered ||
      this.#watcher.hasEnough
    ) {
      this.#overflow();
    } else if (!this.destroyed && !this.push(octets)) this.#socket.pause();
  }

  #overflow(): void {
    this.#endedBy('us', 'limit');
    this.cut();
  }

  /** EPIPE is Linux's word for a reset that came after the peer's FIN, in answer to what we still sent. */
  #brokenBy(error: Error): void {
    const code = errorCode(error);
    this.#endedBy('peer', code === 'EPIPE' ? 'fin' : 'reset', code);
  }

  #endedBy(by: 'peer' | 'us', how: TapEnding['how'], code?: string): void {
    this.#ending ??= { by, how, atMs: this.#elapsedMs(), ...(code !== undefined && { code }) };
  }
}

/** Node destroys a socket whose write failed, with octets unread; so it is not told. */
function swallowWriteErrors(socket: Socket, note: (error: Error) => void): void {
  const write = socket._write.bind(socket);
  const writev = socket._writev?.bind(socket);
  const noting = (done: WriteDone) => (error?: Error | null) => {
    if (error) note(error);
    done();
  };
  socket._write = (chunk, encoding, done) => write(chunk, encoding, noting(done));
  if (writev) socket._writev = (chunks, done) => writev(chunks, noting(done));
}

type WriteDone = (error?: Error | null) => void;

function inTurns(turns: number, done: () => void): void {
  setImmediate(() => (turns <= 1 ? done() : inTurns(turns - 1, done)));
}
