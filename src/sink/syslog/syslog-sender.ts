/** Sends events to a syslog receiver, in order, from a bounded queue that nobody ever waits for. */
import { errorCode } from '../../base/cannot-run.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { SyslogConfig } from '../../config/config.ts';
import { type Backoff, fullJitter } from '../../retry/backoff.ts';
import type { Carrier } from './carrier.ts';
import { agedCode, maxDatagramBytes, openDatagrams } from './datagrams.ts';
import { openStream } from './stream.ts';

export interface SyslogSenderOptions {
  readonly syslog: SyslogConfig;
  readonly clock: Clock;
  readonly random: Random;
  /** What may wait for the receiver; messages beyond it are dropped and counted. */
  readonly maxQueueBytes?: number;
  /** Once per change of code; `none` when it is over. Must not throw. */
  readonly onTrouble?: (code: string) => void;
  /** When the queue is empty again: how many messages were dropped since it last was. Must not throw. */
  readonly onLoss?: (messages: number) => void;
  readonly backoff?: Backoff;
  /** Of a dial, and of a single message. */
  readonly timeoutMs?: number;
}

interface Sent {
  readonly message: Uint8Array;
  readonly atMs: number;
}

const defaultBackoff: Backoff = { baseMs: 1_000, capMs: 60_000, floorMs: 250 };

/**
 * Nothing acknowledges syslog. A message that was sent this shortly before the connection ended is sent again, for a
 * TLS receiver may refuse us only after our first words, and one that restarts leaves unread what it was sent.
 */
const graceMs = 2_000;

export class SyslogSender {
  readonly #options: SyslogSenderOptions;
  readonly #maxQueueBytes: number;
  readonly #ending = new AbortController();
  readonly #queue: Uint8Array[] = [];
  #queueBytes = 0;
  /** On the present carrier, within the grace time. */
  #sent: Sent[] = [];
  #carrier: Carrier | undefined;
  #inFlight = false;
  #failures = 0;
  #trouble = 'none';
  #dropped = 0;
  #droppedTold = 0;
  #wake = Promise.withResolvers<void>();
  #drained: (() => void) | undefined;
  #cancelSettling: (() => void) | undefined;
  readonly #running: Promise<void>;

  constructor(options: SyslogSenderOptions) {
    this.#options = options;
    this.#maxQueueBytes = options.maxQueueBytes ?? 1024 * 1024;
    this.#running = this.#run();
  }

  /** `message` is one whole syslog message. */
  write(message: string): void {
    const octets = Buffer.from(message);
    if (octets.length > this.#room()) {
      this.#dropped += 1;
      return;
    }
    this.#queue.push(octets);
    this.#queueBytes += octets.length;
    this.#wake.resolve();
  }

  /** Messages that the receiver will never see, since the start, as far as anybody can know. */
  dropped(): number {
    return this.#dropped;
  }

  /** Sends what waits, for at most `deadlineMs`; whether all of it was, and no trouble stands. */
  async close(deadlineMs: number): Promise<boolean> {
    const drained = Promise.withResolvers<void>();
    this.#drained = drained.resolve;
    if (this.#queue.length === 0) drained.resolve();
    const cancel = this.#options.clock.after(deadlineMs, drained.resolve);
    await drained.promise;
    cancel();
    this.#ending.abort();
    this.#cancelSettling?.();
    this.#carrier?.close();
    this.#wake.resolve();
    await this.#running;
    return this.#queue.length === 0 && this.#trouble === 'none';
  }

  #room(): number {
    const restBytes = this.#maxQueueBytes - this.#queueBytes;
    const isDatagram = this.#options.syslog.protocol === 'udp';
    return isDatagram ? Math.min(restBytes, maxDatagramBytes) : restBytes;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      if (this.#queue.length === 0) this.#rest();
      await this.#wake.promise;
      while (this.#queue.length > 0 && !signal.aborted) await this.#sendNext();
    }
  }

  /** Nothing waits: says what was lost meanwhile. */
  #rest(): void {
    this.#wake = Promise.withResolvers();
    this.#drained?.();
    const lost = this.#dropped - this.#droppedTold;
    if (lost === 0) return;
    this.#droppedTold = this.#dropped;
    this.#options.onLoss?.(lost);
  }

  async #sendNext(): Promise<void> {
    const carrier = this.#carrier ?? (await this.#open());
    const [message] = this.#queue;
    if (!carrier || !message) return;
    this.#inFlight = true;
    try {
      await carrier.send(message);
    } catch (error) {
      this.#leave(carrier, errorCode(error));
    }
    this.#inFlight = false;
    // What ended meanwhile may have lost it: it stays first.
    if (this.#carrier !== carrier) return;
    this.#queue.shift();
    this.#queueBytes -= message.length;
    this.#keepForGrace(message);
  }

  /** Undefined when it did not open; the next time it then waits first. */
  async #open(): Promise<Carrier | undefined> {
    const { syslog, clock, random, timeoutMs = 10_000, backoff = defaultBackoff } = this.#options;
    const { signal } = this.#ending;
    if (this.#failures > 0) {
      await clock.sleep(fullJitter(backoff, this.#failures, random.fraction()), signal);
      if (signal.aborted) return undefined;
    }
    try {
      const carrier =
        syslog.protocol === 'udp'
          ? await openDatagrams(syslog, clock)
          : await openStream({ syslog, clock, timeoutMs, signal });
      this.#carrier = carrier;
      void carrier.ended.then((code) => this.#leave(carrier, code));
      return carrier;
    } catch (error) {
      this.#fail(errorCode(error));
      return undefined;
    }
  }

  #keepForGrace(message: Uint8Array): void {
    this.#sent.push({ message, atMs: this.#options.clock.monotonicMs() });
    if (this.#sent.length === 1) this.#settleLater();
  }

  /** After the grace time what was sent counts as taken. */
  #settleLater(): void {
    const { clock } = this.#options;
    this.#cancelSettling?.();
    this.#cancelSettling = clock.after(graceMs, () => {
      const before = clock.monotonicMs() - graceMs;
      this.#sent = this.#sent.filter(({ atMs }) => atMs > before);
      this.#failures = 0;
      this.#say('none');
      if (this.#sent.length > 0) this.#settleLater();
    });
  }

  /** Once for each carrier: takes back what it may have lost. */
  #leave(carrier: Carrier, code: string): void {
    if (this.#carrier !== carrier) return;
    this.#carrier = undefined;
    carrier.close();
    this.#cancelSettling?.();
    if (this.#ending.signal.aborted) return;
    const again = this.#sent.map(({ message }) => message);
    this.#sent = [];
    // A receiver may close what is idle, and a datagram socket that only grew old has lost nothing.
    if (code === agedCode || (again.length === 0 && !this.#inFlight)) return;
    this.#queue.unshift(...again);
    this.#queueBytes += again.reduce((sum, { length }) => sum + length, 0);
    this.#fail(code);
    this.#wake.resolve();
  }

  #fail(code: string): void {
    this.#failures += 1;
    this.#say(code);
  }

  #say(code: string): void {
    if (code === this.#trouble || this.#ending.signal.aborted) return;
    this.#trouble = code;
    this.#options.onTrouble?.(code);
  }
}
