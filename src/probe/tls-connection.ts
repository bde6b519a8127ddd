/** The tls step: one TLS connection through the tap, and what the gateway makes of us after the handshake looks done. */
import type { Socket } from 'node:net';
import {
  checkServerIdentity,
  connect,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type SecureContext,
  TLSSocket,
} from 'node:tls';
import { errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import type {
  AlertSeen,
  Ending,
  StepError,
  TlsSeen,
  TransportEnding,
} from '../evidence/evidence.ts';
import { seeAlerts, seeTls, type Verdict } from '../evidence/tls-seen.ts';
import type { Target } from '../target/target.ts';
import { Transcript } from '../tls/transcript.ts';
import type { Wire, WireDirection } from '../tls/wire.ts';
import type { PeerMemory } from './peer-memory.ts';
import { failed, passed, type StepResult, stepError, timedOut } from './step-result.ts';
import { Tap } from './tap.ts';

/** How long a peer may take to leave after an alert; whoever sends one closes at once. */
const lastWordsMs = 100;

export class TlsConnection {
  readonly socket: TLSSocket;
  readonly #tap: Tap;
  readonly #transcript = new Transcript();
  readonly #target: Target;
  readonly #elapsedMs: () => number;
  #authorisation: Pick<Verdict, 'serverAuthorized' | 'serverAuthorizationError'> = {};
  #gaveUpAtMs: number | undefined;
  #error: unknown;
  #isSecured = false;
  readonly #memory: PeerMemory | undefined;

  /**
   * Starts the handshake. The server is judged by us and not by Node, whose refusal would tear the
   * connection down before the gateway has said what it thinks of our certificate.
   */
  constructor(
    socket: Socket,
    context: SecureContext,
    target: Target,
    elapsedMs: () => number,
    memory?: PeerMemory,
  ) {
    this.#target = target;
    this.#memory = memory;
    this.#elapsedMs = elapsedMs;
    this.#tap = new Tap(socket, this.#transcript, elapsedMs, { lingers: true });
    this.socket = connect({
      socket: this.#tap,
      secureContext: context,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      // A stapled answer comes only to those who ask.
      requestOCSP: true,
      ...(target.serverName !== undefined && { servername: target.serverName }),
      ...(target.tls.alpn.length > 0 && { ALPNProtocols: [...target.tls.alpn] }),
    });
    // Node makes an object of the whole chain at each handshake, for a judge that we have none of: a tenth of a look.
    this.socket.getPeerCertificate = () => unread;
    this.socket.on('keylog', (line: Buffer) => {
      this.#transcript.keylog(line);
      line.fill(0);
    });
    // Kept for whoever waits; what it means stands in the transcript.
    this.socket.on('error', (error) => {
      this.#error ??= error;
    });
  }

  /** Resolves when Node calls the connection secure, which in TLS 1.3 is before the server has judged us. */
  handshake(signal: AbortSignal): Promise<StepResult<true>> {
    return new Promise((resolve) => {
      const done = (result: StepResult<true>): void => {
        this.socket.off('secureConnect', secured).off('close', closed);
        signal.removeEventListener('abort', gaveUp);
        resolve(result);
      };
      const secured = (): void => {
        this.#isSecured = true;
        this.#authorisation = this.#judgeServer();
        done(passed(true));
      };
      const closed = (): void => done(failed(this.error));
      const gaveUp = (): void => {
        this.#gaveUpAtMs = this.#elapsedMs();
        done(failed(timedOut));
      };
      this.socket.once('secureConnect', secured).once('close', closed);
      signal.addEventListener('abort', gaveUp, { once: true });
      if (signal.aborted) gaveUp();
    });
  }

  /** Whether requests may be sent: the server's chain and name hold. */
  get isServerTrusted(): boolean {
    return this.#authorisation.serverAuthorized === true;
  }

  /**
   * Whether the gateway took its leave of us without one octet of an answer: its refusal of the
   * handshake, and no fault of a later step.
   */
  get isRefused(): boolean {
    const wire = this.#transcript.snapshot();
    if (wire.applicationDataReceived) return false;
    const fatal = wire.alerts.some(({ direction, code }) => direction === 'received' && code !== 0);
    const left = this.#tap.ending?.by === 'peer' && wire.ticketsReceived === 0;
    return fatal || left;
  }

  /** Why the connection ended: OpenSSL's or the system's code, or CLOSED for a close without an error. */
  get error(): StepError {
    return this.#error === undefined ? { code: 'CLOSED' } : stepError(this.#error);
  }

  /** Whether we cut the connection because more came than anybody needs to say. */
  get isOverflown(): boolean {
    return this.#tap.ending?.by === 'us' && this.#tap.ending.how === 'limit';
  }

  /** Waits until the server consents (a ticket, data), refuses or leaves, at most `graceMs`, or until `signal` is aborted. */
  async settle(graceMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
    if (this.#hasSettled() || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = clock.after(graceMs, done);
      signal.addEventListener('abort', done, { once: true });
      this.socket.once('session', done).once('data', done).once('end', done).once('close', done);
    });
  }

  /**
   * When TLS is done with the connection, waits until the peer is too, at most a moment, and cuts it
   * then: some say more than one alert, and how the peer leaves is evidence.
   */
  async hearOut(clock: Clock): Promise<void> {
    if (!this.#tap.destroyed) return;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(lastWordsMs, resolve);
      void this.#tap.peerLeft.then(() => {
        cancel();
        resolve();
      });
    });
    this.#tap.cut();
  }

  /** The round trip as the handshake showed it: from our ClientHello to the first octet that came back. */
  get roundTripMs(): number {
    const { messages } = this.#transcript.snapshot();
    const asked = messages.find(({ direction }) => direction === 'sent');
    const answered = messages.find(({ direction }) => direction === 'received');
    return asked && answered ? answered.atMs - asked.atMs : 0;
  }

  /** DER in the order sent; absent when no Certificate message came. */
  get serverCertificates(): readonly Uint8Array[] | undefined {
    return this.#transcript.snapshot().serverCertificates;
  }

  /** What was seen so far; call it before `close`, which is our doing and no evidence. */
  see(): { readonly tls: TlsSeen; readonly alerts: readonly AlertSeen[] } {
    const wire = this.#transcript.snapshot();
    const ended = this.#ending(wire);
    return {
      tls: seeTls(
        wire,
        { ...this.#authorisation, ...this.#tap.lastOctets, ...(ended && { ended }) },
        this.#memory?.see,
      ),
      alerts: seeAlerts(wire),
    };
  }

  /** Says close_notify where that is still possible, frees the socket and forgets the keys. */
  close(): void {
    this.#transcript.forget();
    if (!this.#isSecured || this.#tap.ending !== undefined) {
      this.#tap.cut();
      return;
    }
    this.socket.end();
    // By then close_notify is in the kernel's hands; whether the peer ever answers it is no concern of ours.
    setImmediate(() => this.#tap.cut());
  }

  /** Marks the connection as given up at a deadline of a later step. */
  giveUp(): void {
    this.#gaveUpAtMs ??= this.#elapsedMs();
  }

  #judgeServer(): Pick<Verdict, 'serverAuthorized' | 'serverAuthorizationError'> {
    const { authorized, authorizationError } = this.socket;
    const code = authorized ? this.#judgeName() : authorizationCode(authorizationError);
    return code === ''
      ? { serverAuthorized: true }
      : { serverAuthorized: false, serverAuthorizationError: code };
  }

  /** Why the server's certificate is not one of the name that we call it by; '' when it is. */
  #judgeName(): string {
    const name = this.#target.serverName ?? this.#target.host;
    const judge = (): string => {
      const mismatch = checkServerIdentity(name, readPeerCertificate(this.socket));
      return mismatch ? errorCode(mismatch) : '';
    };
    const [leaf] = this.#memory ? (this.serverCertificates ?? []) : [];
    return this.#memory && leaf ? this.#memory.judgement(leaf, name, judge) : judge();
  }

  #hasSettled(): boolean {
    const wire = this.#transcript.snapshot();
    return (
      wire.ticketsReceived > 0 ||
      wire.applicationDataReceived ||
      this.#tap.ending !== undefined ||
      this.#tap.destroyed
    );
  }

  /** An alert that ends the connection counts for more than the FIN that follows it, whoever sends that first. */
  #ending(wire: Wire): Omit<Ending, 'after'> | undefined {
    const transport = this.#transport();
    const ended = (by: 'peer' | 'us', how: Ending['how'], atMs: number) => ({
      ...{ by, how, atMs },
      ...(transport && transport.how !== how && { transport }),
    });
    const fatal = wire.alerts.find(({ level, code }) => level === 2 && code !== 0);
    if (fatal) return ended(sender(fatal.direction), 'alert', fatal.atMs);
    const closed = wire.alerts.find(
      ({ direction, code }) => direction === 'received' && code === 0,
    );
    if (closed && transport?.by === 'peer' && transport.how === 'fin') {
      return ended('peer', 'close_notify', closed.atMs);
    }
    if (transport?.by !== 'peer' && this.#gaveUpAtMs !== undefined) {
      return ended('us', 'timeout', this.#gaveUpAtMs);
    }
    return transport;
  }

  #transport(): TransportEnding | undefined {
    const ending = this.#tap.ending;
    return ending && { by: ending.by, how: ending.how, atMs: ending.atMs };
  }
}

/** As Node gives it to those who do not ask. */
const unread = {} as DetailedPeerCertificate;

const readPeerCertificate = (socket: TLSSocket): PeerCertificate =>
  TLSSocket.prototype.getPeerCertificate.call(socket);

function sender(direction: WireDirection): 'peer' | 'us' {
  return direction === 'received' ? 'peer' : 'us';
}

/** Node types it as an Error and gives the code as a string. */
function authorizationCode(error: unknown): string {
  return typeof error === 'string' ? error : errorCode(error);
}
