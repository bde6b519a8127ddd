/** The upgrade of a connection with home to a WebSocket (RFC 6455), or how it was refused. */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../../../base/clock.ts';
import type { HomeConfig } from '../../../config/config.ts';
import { parseRetryAfter } from '../../../retry/retry-after.ts';
import type { HomeCredential } from '../home-credential.ts';
import { homeSubprotocol, maxHomeMessageBytes } from './protocol.ts';
import { socketBounds } from './socket-bounds.ts';

export type Upgraded =
  | { readonly kind: 'open'; readonly socket: WebSocket }
  /** An answer of HTTP in place of the upgrade. */
  | { readonly kind: 'refused'; readonly status: number; readonly retryAfterMs?: number }
  /** The upgrade was asked for, and no answer to it came that holds: somebody between us may not let it pass. */
  | { readonly kind: 'dropped' };

/** No decent server thinks longer about an upgrade. */
const upgradeMs = 5_000;

/** Uses `stream` up, whatever comes of it. Rejects with the signal's reason only. */
export async function upgradeToSocket(
  stream: Socket,
  { url }: HomeConfig,
  { token }: HomeCredential,
  clock: Clock,
  signal: AbortSignal,
): Promise<Upgraded> {
  const { WebSocket } = await import('ws');
  return new Promise((resolve, reject) => {
    // Without userinfo, which `ws` would turn into a credential of its own.
    const address = `${url.protocol}//${url.host}${url.pathname}${url.search}`;
    const socket = new WebSocket(address, [homeSubprotocol], {
      createConnection: () => stream,
      headers: token ? { authorization: `Bearer ${token.reveal()}` } : {},
      followRedirects: false,
      ...socketBounds(maxHomeMessageBytes),
    });
    const conclude = (settle: () => void): void => {
      cancel();
      signal.removeEventListener('abort', abort);
      settle();
    };
    const leave = (settle: () => void): void => {
      stream.destroy();
      conclude(settle);
    };
    const abort = (): void => leave(() => reject(signal.reason));
    const dropped = (): void => leave(() => resolve({ kind: 'dropped' }));
    const cancel = clock.after(upgradeMs, dropped);
    // Stays on: what goes wrong later is seen by the close that follows.
    socket.on('error', () => {});
    socket.once('error', dropped);
    socket.once('open', () => {
      socket.off('error', dropped);
      conclude(() => resolve({ kind: 'open', socket }));
    });
    socket.once('unexpected-response', (_, { statusCode = 0, headers }) => {
      const after = headers['retry-after'];
      const retryAfterMs = after === undefined ? undefined : parseRetryAfter(after, clock.now());
      const refused = { status: statusCode, ...(retryAfterMs !== undefined && { retryAfterMs }) };
      leave(() => resolve({ kind: 'refused', ...refused }));
    });
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
