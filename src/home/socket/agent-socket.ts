/** One agent's WebSocket, at home: what it says is taken in order, one message at a time, and answered when it is on disk. */
import type { WebSocket } from 'ws';
import type { Clock } from '../../base/clock.ts';
import { closeCodes, readAgentMessage } from '../../sink/home/socket/protocol.ts';
import type { Intake } from '../intake.ts';
import { type RejectionReason, SetAside } from '../read-event.ts';
import type { Admitted, Sender } from '../sender.ts';
import { answersTo } from './answers.ts';

export interface AgentSocketOptions {
  readonly socket: WebSocket;
  readonly sender: Sender;
  /** Whether the credential is still good. */
  readonly admit: () => Admitted;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly onUnknown: () => void;
  readonly onFault: (error: unknown) => void;
}

/** Of one message. */
const maxEvents = 1_000;
/** Smaller messages are not worth a look at the ration before they are read. */
const smallOctets = 1_024;
/** A sender that is told to wait and goes on may do so that often. */
const maxImpatience = 20;
const unavailableMs = 30_000;

export class AgentSocket {
  readonly #options: AgentSocketOptions;
  readonly #waiting: Buffer[] = [];
  #working = false;
  #source: string | undefined;
  #delegate: string | undefined;
  #waitUntilMs = 0;
  #impatience = 0;

  constructor(options: AgentSocketOptions) {
    this.#options = options;
    const { socket, onFault } = options;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) socket.close(closeCodes.unsupportedData);
      else this.#waiting.push(data);
      if (this.#working || isBinary) return;
      this.#work().catch((error) => {
        onFault(error);
        socket.close(closeCodes.tryAgainLater);
      });
    });
  }

  get sender(): Sender {
    return this.#options.sender;
  }

  /** As the agent says; undefined until it has. */
  get source(): string | undefined {
    return this.#source;
  }

  get delegate(): string | undefined {
    return this.#delegate;
  }

  probeNow(): void {
    this.#say({ type: 'probe-now' });
  }

  /** Closes the connection when its credential is not good any more. */
  recheck(): void {
    const { admit, sender, socket } = this.#options;
    const admitted = admit();
    if (admitted === 'unavailable') return;
    if (admitted !== 'unknown' && admitted.sender.identity === sender.identity) return;
    socket.close(closeCodes.unauthorized);
  }

  /** Nothing more is read meanwhile, so a sender that is faster than the disk waits in its own network. */
  async #work(): Promise<void> {
    const { socket } = this.#options;
    this.#working = true;
    socket.pause();
    try {
      for (let data = this.#waiting.shift(); data; data = this.#waiting.shift()) {
        if (socket.readyState !== socket.OPEN) return;
        await this.#take(data);
      }
    } finally {
      this.#working = false;
      socket.resume();
    }
  }

  async #take(data: Buffer): Promise<void> {
    const { intake, sender, onUnknown } = this.#options;
    const early = data.length > smallOctets ? intake.admit(sender, data.length) : undefined;
    if (early) return this.#busy(early.retryAfterMs);
    const message = readAgentMessage(data.toString());
    if (message === 'unknown') return onUnknown();
    if (typeof message === 'number') return this.#refuse('not-a-message', data, message);
    if (message.type === 'hello') {
      this.#source = message.source;
      this.#delegate = message.delegate;
      return;
    }
    if (message.events.length > maxEvents) {
      return this.#refuse('too-many', data, closeCodes.policyViolation);
    }
    await this.#reports(message.batch, message.events);
  }

  async #reports(batch: number, events: readonly unknown[]): Promise<void> {
    const { admit, intake, sender, socket } = this.#options;
    if (admit() === 'unavailable') return this.#busy(unavailableMs);
    this.recheck();
    if (socket.readyState !== socket.OPEN) return;
    const taken = await intake.take(events, sender);
    if (taken.kind === 'busy') return this.#busy(taken.retryAfterMs);
    for (const answer of answersTo(batch, taken)) this.#say(answer);
  }

  /** What cannot be answered by ids is kept for people to look at. */
  async #refuse(reason: RejectionReason, data: Buffer, closeCode: number): Promise<void> {
    const { intake, sender, socket } = this.#options;
    await intake.take([new SetAside(reason, data)], sender);
    socket.close(closeCode);
  }

  #busy(retryAfterMs: number): void {
    const { clock, socket } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#waitUntilMs) this.#impatience += 1;
    this.#waitUntilMs = nowMs + retryAfterMs;
    if (this.#impatience > maxImpatience) socket.close(closeCodes.policyViolation);
    else this.#say({ type: 'busy', retryAfterMs });
  }

  #say(message: unknown): void {
    this.#options.socket.send(JSON.stringify(message));
  }
}
