/** The WebSocket door of home: lets agents in, holds their connections, and asks them for a look. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { keepWatch, type WatchLimits } from '../../sink/home/socket/keep-watch.ts';
import { homeSubprotocol, maxAgentMessageBytes } from '../../sink/home/socket/protocol.ts';
import { socketBounds } from '../../sink/home/socket/socket-bounds.ts';
import { notAdmitted, type Receiver } from '../receive.ts';
import type { Sender } from '../sender.ts';
import { spreadRetry } from '../spread-retry.ts';
import { AgentSocket } from './agent-socket.ts';
import { PartialMessages } from './partial-messages.ts';
import { type PlaceLimits, Places } from './places.ts';
import { crowded, refusalOf, refuse } from './refuse-upgrade.ts';

export interface AgentSocketsOptions
  extends Pick<Receiver, 'admission' | 'connections' | 'intake'> {
  readonly clock: Clock;
  readonly random: Random;
  readonly onFault: (error: unknown) => void;
  readonly limits?: Partial<SocketLimits>;
}

export interface SocketLimits extends PlaceLimits {
  readonly watch: WatchLimits;
  /** From the first octet of a message to its last. */
  readonly messageMs: number;
  /** Every open connection's credential is looked at again in so many turns, one each second. */
  readonly recheckTurns: number;
  /** A fleet that is asked at once looks over this time. */
  readonly spreadMs: number;
}

/** Who is asked: everybody, or whoever has this name as sender, delegate or source. */
export type Whom = { readonly all: true } | { readonly name: string };

export interface ConnectedAgent {
  readonly sender: Sender;
  readonly source: string | undefined;
  readonly delegate: string | undefined;
}

const usualLimits: SocketLimits = {
  connections: 12_500,
  reserved: 2_500,
  few: 8,
  // The agent asks first, as a rule: then nothing is asked from here.
  watch: { quietMs: 45_000, answerMs: 10_000, maxOctets: 256 * 1024 * 1024, periodMs: 60_000 },
  messageMs: 15_000,
  recheckTurns: 10,
  spreadMs: 10_000,
};

const turnMs = 1_000;

export class AgentSockets {
  readonly #options: AgentSocketsOptions;
  readonly #limits: SocketLimits;
  readonly #server: WebSocketServer;
  readonly #open = new Map<AgentSocket, WebSocket>();
  readonly #places: Places;
  readonly #partial = new PartialMessages();
  readonly #ending = new AbortController();
  #cancelTurn: () => void;
  #turn = 0;
  #unknown = 0;

  constructor(options: AgentSocketsOptions) {
    this.#options = options;
    this.#limits = { ...usualLimits, ...options.limits };
    this.#places = new Places(this.#limits);
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      handleProtocols: () => homeSubprotocol,
      ...socketBounds(maxAgentMessageBytes),
    });
    this.#cancelTurn = options.clock.after(turnMs, () => this.#recheck());
  }

  get size(): number {
    return this.#open.size;
  }

  /** Messages of types that are not known here. */
  get unknownMessages(): number {
    return this.#unknown;
  }

  agents(): Iterable<ConnectedAgent> {
    return this.#open.keys();
  }

  /** For the server's event `upgrade`. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => {});
    const refusal = refusalOf(request);
    const admitted = refusal ? 'unknown' : this.#options.admission(request);
    if (refusal) refuse(stream, refusal);
    else if (typeof admitted === 'string') refuse(stream, notAdmitted(admitted));
    else this.#welcome(admitted.sender, request, stream, head);
  }

  /** How many are asked. */
  probeNow(whom: Whom): number {
    const asked = [...this.#open.keys()].filter((agent) => isMeant(agent, whom));
    for (const agent of asked) {
      const delayMs =
        asked.length > 1 ? this.#options.random.fraction() * this.#limits.spreadMs : 0;
      this.#options.clock.after(delayMs, () => {
        if (this.#open.has(agent)) agent.probeNow();
      });
    }
    return asked.length;
  }

  /** Agents come back by themselves, spread over the time that they take for it. */
  close(): void {
    this.#ending.abort();
    this.#cancelTurn();
    for (const socket of this.#open.values()) {
      socket.close(1001);
      socket.terminate();
    }
  }

  #welcome(sender: Sender, request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { connections, random } = this.#options;
    if (this.#ending.signal.aborted || !this.#places.take(sender.identity)) {
      refuse(stream, crowded(spreadRetry(30_000, random)));
      return;
    }
    stream.once('close', () => this.#places.leave(sender.identity));
    const { socket } = request;
    stream.once('close', connections.welcome(socket));
    // What is left of the request is its credential: ten thousand requests would cost more than their connections.
    const { authorization } = request.headers;
    const shown = { headers: authorization === undefined ? {} : { authorization }, socket };
    this.#server.handleUpgrade(request, stream, head, (webSocket) => {
      this.#hold(webSocket, stream, sender, () => this.#options.admission(shown));
    });
  }

  #hold(
    socket: WebSocket,
    stream: Duplex,
    sender: Sender,
    admit: () => ReturnType<AgentSocketsOptions['admission']>,
  ): void {
    const { clock, intake, onFault } = this.#options;
    const onUnknown = (): void => {
      this.#unknown += 1;
    };
    const agent = new AgentSocket({ socket, sender, admit, intake, clock, onUnknown, onFault });
    this.#open.set(agent, socket);
    // Stays on: what goes wrong is seen by the close that follows.
    socket.on('error', () => {});
    socket.once('close', () => this.#open.delete(agent));
    keepWatch(socket, stream, clock, this.#limits.watch);
    this.#boundMessages(socket, stream, sender);
  }

  /** Neither too many octets of messages that never end, nor for too long. */
  #boundMessages(socket: WebSocket, stream: Duplex, { identity }: Sender): void {
    const { clock } = this.#options;
    const partial = this.#partial.open(identity);
    let beganMs: number | undefined;
    const clear = (): void => {
      beganMs = undefined;
      partial.clear();
    };
    stream.on('data', ({ length }: Buffer) => {
      const nowMs = clock.monotonicMs();
      beganMs ??= nowMs;
      const isLate = nowMs - beganMs > this.#limits.messageMs;
      if (!partial.grow(length) || isLate) socket.terminate();
    });
    for (const event of ['message', 'ping', 'pong', 'close'] as const) socket.on(event, clear);
  }

  /** A part of them each time, so that a fleet costs no long turn. */
  #recheck(): void {
    const { recheckTurns } = this.#limits;
    let place = 0;
    for (const agent of this.#open.keys()) {
      if (place % recheckTurns === this.#turn) agent.recheck();
      place += 1;
    }
    this.#turn = (this.#turn + 1) % recheckTurns;
    this.#cancelTurn = this.#options.clock.after(turnMs, () => this.#recheck());
  }
}

function isMeant({ sender, source, delegate }: ConnectedAgent, whom: Whom): boolean {
  return 'all' in whom || [sender.name, source, delegate].includes(whom.name);
}
