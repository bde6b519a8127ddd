/** The upgrades that home does not make, answered as a request would be. */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { homeSubprotocol } from '../../sink/home/socket/protocol.ts';
import type { Reply } from '../receive.ts';
import { retryAfterSeconds } from '../spread-retry.ts';

/** Why this is no upgrade of ours; undefined when it is one. */
export function refusalOf({ url = '', headers }: IncomingMessage): Reply | undefined {
  const path = url.split('?', 1)[0];
  if (path !== '/' && path !== '/events') {
    return { status: 404, body: { status: 404, title: 'There is nothing here' } };
  }
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (offered.includes(homeSubprotocol)) return undefined;
  return { status: 400, body: { status: 400, title: `Offer the subprotocol ${homeSubprotocol}` } };
}

export function crowded(retryAfterMs: number): Reply {
  return {
    status: 503,
    body: { status: 503, title: 'There are too many connections' },
    headers: { 'retry-after': retryAfterSeconds(retryAfterMs) },
  };
}

/** As the same reply to a request would read. */
export function refuse(stream: Duplex, { status, body, headers }: Reply): void {
  const text = JSON.stringify(body);
  const all = {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`);
  stream.once('finish', () => stream.destroy());
}
