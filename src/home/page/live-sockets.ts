/** The WebSocket by which open pages learn that something changed, at most once a second; what, they ask for themselves. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../base/clock.ts';
import { keepWatch, type WatchLimits } from '../../sink/home/socket/keep-watch.ts';
import { socketBounds } from '../../sink/home/socket/socket-bounds.ts';
import type { Shown } from '../admission.ts';
import type { Connections } from '../connections.ts';
import type { Reply } from '../receive.ts';
import { crowded, refuse } from '../socket/refuse-upgrade.ts';
import { type Access, isSameHost } from './access.ts';

export interface LiveOptions {
  readonly access: Access;
  readonly connections: Connections;
  readonly clock: Clock;
  /** Called right before pages are told to ask again, for what they are to see. */
  readonly onTell: () => void;
}

const maxSockets = 256;
const leastMs = 1_000;
/** What comes together is told once. */
const gatherMs = 100;
/** Every open page's right is looked at again as often. */
const recheckMs = 10_000;
/** A page says nothing. */
const maxMessageBytes = 128;
const watch: WatchLimits = {
  quietMs: 45_000,
  answerMs: 10_000,
  maxOctets: 16 * 1024,
  periodMs: 60_000,
};
/** Private use (RFC 6455 section 7.4.2): log in again. */
const loggedOut = 4401;

export class LiveSockets {
  readonly #options: LiveOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    ...socketBounds(maxMessageBytes),
  });
  readonly #open = new Map<WebSocket, Shown>();
  #toldMs = Number.NEGATIVE_INFINITY;
  #cancelTelling: (() => void) | undefined;
  #cancelRecheck: () => void;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#cancelRecheck = options.clock.after(recheckMs, () => this.#recheck());
  }

  get size(): number {
    return this.#open.size;
  }

  /** Something that a page may show is not what it was. */
  changed(): void {
    if (this.#open.size === 0 || this.#cancelTelling) return;
    const { clock } = this.#options;
    const sinceMs = clock.monotonicMs() - this.#toldMs;
    this.#cancelTelling = clock.after(Math.max(leastMs - sinceMs, gatherMs), () => this.#tell());
  }

  /** For the server's event `upgrade`. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => {});
    const { cookie, authorization, host, origin } = request.headers;
    if (origin === undefined || !isSameHost(origin, host)) {
      refuse(stream, refusal(403, 'Only pages of this home may listen here'));
    } else if (typeof this.#options.access.see(request) === 'string') {
      refuse(stream, refusal(401, 'Log in first'));
    } else if (this.#open.size >= maxSockets) {
      refuse(stream, crowded(30_000));
    } else {
      const headers = {
        ...(cookie !== undefined && { cookie }),
        ...(authorization !== undefined && { authorization }),
        ...(host !== undefined && { host }),
      };
      const shown = { headers, socket: request.socket };
      this.#server.handleUpgrade(request, stream, head, (socket) => {
        this.#hold(socket, stream, shown);
      });
    }
  }

  close(): void {
    this.#cancelTelling?.();
    this.#cancelRecheck();
    for (const socket of this.#open.keys()) {
      socket.close(1001);
      socket.terminate();
    }
  }

  #hold(socket: WebSocket, stream: Duplex, shown: Shown): void {
    const { connections, clock } = this.#options;
    this.#open.set(socket, shown);
    socket.on('error', () => {});
    socket.on('message', () => socket.close(1003));
    const release = connections.welcome(shown.socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      release();
    });
    keepWatch(socket, stream, clock, watch);
  }

  #tell(): void {
    this.#cancelTelling = undefined;
    this.#toldMs = this.#options.clock.monotonicMs();
    this.#options.onTell();
    for (const socket of this.#open.keys()) {
      // Who has not read the last one knows enough.
      if (socket.bufferedAmount === 0) socket.send('changed');
    }
  }

  #recheck(): void {
    const { access, clock } = this.#options;
    this.#cancelRecheck = clock.after(recheckMs, () => this.#recheck());
    for (const [socket, shown] of this.#open) {
      const seen = access.see(shown);
      if (seen === 'login' || seen === 'elsewhere') socket.close(loggedOut);
    }
  }
}

function refusal(status: number, title: string): Reply {
  return { status, body: { status, title } };
}
