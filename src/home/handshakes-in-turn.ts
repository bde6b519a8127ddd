/** Lets TLS begin on a few of the new connections at a time, so that a fleet that comes at once is served one after the other. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';

export interface Pace {
  /** Of one turn of the event loop: some ten milliseconds of work, and those that were begun are finished first. */
  readonly perTurn: number;
  /** Begun and not yet gone. */
  readonly places: number;
  /** Whoever is slow keeps its place no longer, and nobody waits for it. */
  readonly leaseMs: number;
}

const usualPace: Pace = { perTurn: 16, places: 384, leaseMs: 3_000 };

/**
 * For a server made with `pauseOnConnect`, before anybody listens to its connections. A connection that waits costs a
 * twentieth of the memory of one whose handshake has begun.
 */
export function beginInTurn(server: Server, clock: Clock, pace: Pace = usualPace): void {
  const listeners = server.listeners('connection');
  const waiting: Socket[] = [];
  let places = pace.places;
  let isPlanned = false;
  const begin = (socket: Socket): void => {
    if (!server.listening) socket.destroy();
    if (socket.destroyed) return;
    places -= 1;
    let leave = (): void => {
      leave = () => {};
      cancel();
      places += 1;
      plan();
    };
    const cancel = clock.after(pace.leaseMs, () => leave());
    socket.once('close', () => leave());
    for (const listener of listeners) listener.call(server, socket);
  };
  const turn = (): void => {
    isPlanned = false;
    for (const socket of waiting.splice(0, Math.min(pace.perTurn, places))) begin(socket);
    plan();
  };
  const plan = (): void => {
    if (isPlanned || places === 0 || waiting.length === 0) return;
    isPlanned = true;
    setImmediate(turn);
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    // Until TLS has taken it over, nobody else hears of its faults.
    socket.on('error', () => {});
    waiting.push(socket);
    plan();
  });
}
