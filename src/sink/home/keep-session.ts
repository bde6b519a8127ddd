/** Keeps the last TLS session with home, by which the next handshake is cheap for both. */
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/**
 * Connects as what `build` makes. undici remembers sessions too, but only until memory is collected, which is sooner
 * than the next report.
 */
export function keepSession(
  build: (session: Buffer | undefined) => buildConnector.connector,
): buildConnector.connector {
  let last: Buffer | undefined;
  return (options, done) =>
    build(last)(options, (...result) => {
      const socket: Socket | null = result[1];
      socket?.on('session', (session: Buffer) => {
        last = session;
      });
      done(...result);
    });
}
