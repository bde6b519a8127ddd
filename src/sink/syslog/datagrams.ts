/** Syslog over UDP: one message a datagram (RFC 5426). */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { errorCode } from '../../base/cannot-run.ts';
import type { Clock } from '../../base/clock.ts';
import type { SyslogConfig } from '../../config/config.ts';
import type { Carrier } from './carrier.ts';

/** What IPv4 lets a datagram carry. */
export const maxDatagramBytes = 65_507;

/** Nobody says so when a name has moved: it is resolved again after this. */
const maxAgeMs = 300_000;

/** With which a socket ends that has reached that age. */
export const agedCode = 'AGED';

/** Rejects with the resolver's error. */
export async function openDatagrams({ host, port }: SyslogConfig, clock: Clock): Promise<Carrier> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  const cancel = clock.after(maxAgeMs, () => close(agedCode));
  const close = (code: string): void => {
    cancel();
    end(code);
    try {
      socket.close();
    } catch {
      // Closed before.
    }
  };
  // What comes back for an earlier datagram: nobody listens there.
  socket.on('error', (error) => close(errorCode(error)));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(port, address, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        socket.send(message, (error) => (error ? reject(error) : resolve()));
      }),
    ended,
    close: () => close('CLOSED'),
  };
}
