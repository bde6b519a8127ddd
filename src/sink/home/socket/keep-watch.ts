/** Watches one open WebSocket, at either end: a peer that is gone is noticed, and one that floods is left. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '../../../base/clock.ts';

export interface WatchLimits {
  /** After so long without an octet from the peer it is pinged. */
  readonly quietMs: number;
  /** From the ping to any octet. */
  readonly answerMs: number;
  /** The peer may send so many octets within `periodMs`. */
  readonly maxOctets: number;
  readonly periodMs: number;
}

/** `stream` is what the open `socket` reads from. The connection is cut when the peer fails; `close` (1006) says so. */
export function keepWatch(
  socket: WebSocket,
  stream: Duplex,
  clock: Clock,
  { quietMs, answerMs, maxOctets, periodMs }: WatchLimits,
): void {
  let heardMs = clock.monotonicMs();
  let periodBeganMs = heardMs;
  let octets = 0;

  const listen = (): void => {
    const quietForMs = clock.monotonicMs() - heardMs;
    if (quietForMs < quietMs) {
      cancel = clock.after(quietMs - quietForMs, listen);
      return;
    }
    const heardBeforeMs = heardMs;
    socket.ping();
    cancel = clock.after(answerMs, () => {
      if (heardMs > heardBeforeMs) listen();
      else socket.terminate();
    });
  };
  let cancel = clock.after(quietMs, listen);

  stream.on('data', (chunk: Buffer) => {
    heardMs = clock.monotonicMs();
    if (heardMs - periodBeganMs > periodMs) {
      periodBeganMs = heardMs;
      octets = 0;
    }
    octets += chunk.length;
    if (octets > maxOctets) socket.terminate();
  });
  socket.once('close', () => cancel());
}
