/** One open WebSocket with home, from the agent's side: batches go out, answers and the one command come in. */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../../../base/clock.ts';
import type { Carried } from '../../delivery/carrier.ts';
import type { SpooledReport } from '../../spool/spool.ts';
import { cloudEvent, eventSource } from '../cloud-event.ts';
import type { BatchAnswers } from './batch-answers.ts';
import { carriedByClose } from './carried-by.ts';
import { keepWatch, type WatchLimits } from './keep-watch.ts';
import { closeCodes, type HomeMessage, readHomeMessage } from './protocol.ts';

export interface ConversationOptions {
  readonly socket: WebSocket;
  /** Which the socket stands on. */
  readonly stream: Socket;
  readonly agentId: string;
  readonly delegate?: string;
  readonly clock: Clock;
  readonly limits: WatchLimits;
  readonly onProbeNow: () => void;
  readonly onClosed: () => void;
  /** Something that is none of this protocol's, or no longer of use. */
  readonly onIgnored: () => void;
}

interface InFlight {
  readonly answers: BatchAnswers;
  /** In the order of the message. */
  readonly ids: readonly string[];
  conclude(carried: Carried): void;
}

export class Conversation {
  readonly #options: ConversationOptions;
  #batches = 0;
  #inFlight: InFlight | undefined;
  #closeCode: number | undefined;
  /** It was we who closed: home repeats our code then, and says nothing of the batch by it. */
  #isLeft = false;

  constructor(options: ConversationOptions) {
    const { socket, stream, clock, limits, agentId, delegate, onClosed } = options;
    this.#options = options;
    keepWatch(socket, stream, clock, limits);
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#leave(closeCodes.unsupportedData);
      else this.#hear(String(data));
    });
    // Octets that are no WebSocket's, or too many: `ws` has said so, and no farewell is waited for.
    socket.once('error', () => {
      this.#isLeft = true;
      socket.terminate();
    });
    socket.once('close', (code) => {
      this.#closeCode = code;
      this.#inFlight?.conclude(this.#carriedByClose(code));
      onClosed();
    });
    this.#say({
      type: 'hello',
      source: eventSource(agentId),
      ...(delegate !== undefined && { delegate }),
    });
  }

  /** Sends what is open of the batch and waits until home has answered for all of it. Rejects with the signal's reason. */
  async exchange(
    batch: readonly SpooledReport[],
    answers: BatchAnswers,
    signal: AbortSignal,
  ): Promise<Carried> {
    signal.throwIfAborted();
    if (answers.isComplete) return answers.delivered();
    if (this.#closeCode !== undefined) return this.#carriedByClose(this.#closeCode);
    const open = batch.filter(({ id }) => answers.isOpen(id));
    const { promise, resolve, reject } = Promise.withResolvers<Carried>();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#inFlight = { answers, ids: open.map(({ id }) => id), conclude: resolve };
    try {
      this.#sendReports(open);
      return await promise;
    } catch (error) {
      // Whoever owes an answer for that long is gone, or owes it to nobody any more.
      this.end();
      throw error;
    } finally {
      this.#inFlight = undefined;
      signal.removeEventListener('abort', abort);
    }
  }

  /** At once, with a word of farewell if the network takes it. */
  end(): void {
    const { socket } = this.#options;
    socket.close(1000);
    socket.terminate();
  }

  #leave(code: number): void {
    this.#isLeft = true;
    this.#options.socket.close(code);
  }

  #carriedByClose(code: number): Carried {
    if (!this.#isLeft) return carriedByClose(code);
    return { verdict: 'retry', trouble: { code: 'unreachable', error: 'WEBSOCKET_MALFORMED' } };
  }

  /** The reports stand in the message octet for octet as they are spooled. */
  #sendReports(reports: readonly SpooledReport[]): void {
    const { agentId, socket } = this.#options;
    this.#batches += 1;
    const events = reports.map((report) => cloudEvent(agentId, report)).join(',');
    socket.send(`{"type":"reports","batch":${this.#batches},"events":[${events}]}`);
  }

  #say(message: unknown): void {
    this.#options.socket.send(JSON.stringify(message));
  }

  #hear(text: string): void {
    const { onIgnored } = this.#options;
    const message = readHomeMessage(text);
    if (message === 'unknown') onIgnored();
    else if (typeof message === 'number') this.#leave(message);
    else this.#take(message);
  }

  #take(message: HomeMessage): void {
    switch (message.type) {
      case 'probe-now':
        this.#options.onProbeNow();
        return;
      case 'busy':
        this.#later(message.retryAfterMs);
        return;
      case 'stored':
        this.#settle(message.ids, (answers, id) => answers.store(id));
        return;
      case 'refused': {
        const named = message.indexes.flatMap((index) => this.#inFlight?.ids[index] ?? []);
        const { reason } = message;
        this.#settle([...message.ids, ...named], (answers, id) => answers.refuse(id, reason));
      }
    }
  }

  #later(retryAfterMs: number): void {
    const trouble = { code: 'overloaded' } as const;
    if (this.#inFlight) this.#inFlight.conclude({ verdict: 'retry', trouble, retryAfterMs });
    else this.#options.onIgnored();
  }

  #settle(ids: readonly string[], answer: (answers: BatchAnswers, id: string) => boolean): void {
    const answers = this.#inFlight?.answers;
    for (const id of ids) if (!answers || !answer(answers, id)) this.#options.onIgnored();
    if (answers?.isComplete) this.#inFlight?.conclude(answers.delivered());
  }
}
