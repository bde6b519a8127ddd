/** Begins with a few of the new connections at a time, so that a fleet that comes at once is served one after the other. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { type Connected, keyOf, networkOf } from './connections.ts';

export interface Pace {
  /** Of one turn of the event loop: some ten milliseconds of handshakes, and those that were begun go on in between. */
  readonly perTurn: number;
  /** Begun, and neither answered nor gone. */
  readonly places: number;
  /** Whoever is slow keeps its place no longer, and nobody waits for it. */
  readonly leaseMs: number;
}

const usualPace: Pace = { perTurn: 16, places: 256, leaseMs: 5_000 };

/**
 * For a server made with `pauseOnConnect`, before anybody listens to its connections. One that waits costs a tenth of
 * the memory of one whose handshake has begun. Networks take turns, so that the many of one make no other wait long.
 * The returned function is called when a connection was answered.
 */
export function beginInTurn(
  server: Server,
  clock: Clock,
  pace: Pace = usualPace,
): (socket: Connected) => void {
  const listeners = server.listeners('connection');
  const waiting = new Turns();
  const leaving = new Map<string, () => void>();
  let isPlanned = false;
  const begin = (socket: Socket): void => {
    if (!server.listening) socket.destroy();
    if (socket.destroyed) return;
    const key = keyOf(socket);
    const leave = (): void => {
      cancel();
      if (leaving.get(key) !== leave) return;
      leaving.delete(key);
      plan();
    };
    const cancel = clock.after(pace.leaseMs, leave);
    leaving.set(key, leave);
    socket.once('close', leave);
    for (const listener of listeners) listener.call(server, socket);
    // Over TLS, it is read by whoever has taken it over.
    if (socket.listenerCount('data') > 0) socket.resume();
  };
  const turn = (): void => {
    isPlanned = false;
    const count = Math.min(pace.perTurn, pace.places - leaving.size);
    for (const socket of waiting.next(count)) begin(socket);
    plan();
  };
  const plan = (): void => {
    if (isPlanned || leaving.size >= pace.places || waiting.isEmpty) return;
    isPlanned = true;
    setImmediate(turn);
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    // Until somebody has taken it over, nobody else hears of its faults.
    socket.on('error', () => {});
    waiting.add(socket);
    plan();
  });
  return (socket) => leaving.get(keyOf(socket))?.();
}

/** Sockets in order of arrival, of one network after the other. */
class Turns {
  readonly #byNetwork = new Map<string, Socket[]>();

  get isEmpty(): boolean {
    return this.#byNetwork.size === 0;
  }

  add(socket: Socket): void {
    const network = networkOf(socket.remoteAddress ?? '');
    const queue = this.#byNetwork.get(network);
    if (queue) queue.push(socket);
    else this.#byNetwork.set(network, [socket]);
  }

  next(count: number): readonly Socket[] {
    const taken: Socket[] = [];
    while (taken.length < count) {
      const [first] = this.#byNetwork;
      if (!first) break;
      const [network, queue] = first;
      this.#byNetwork.delete(network);
      taken.push(...queue.splice(0, 1));
      if (queue.length > 0) this.#byNetwork.set(network, queue);
    }
    return taken;
  }
}
