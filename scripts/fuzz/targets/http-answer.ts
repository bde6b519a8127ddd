/** Answers to GET and to CONNECT, from a peer that ends the connection after them. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { systemClock } from '../../../src/base/clock.ts';
import { ask } from '../../../src/probe/ask.ts';
import { openTunnel } from '../../../src/probe/open-tunnel.ts';
import type { Target } from '../../../src/target/target.ts';
import { type FuzzTarget, holdSafe } from '../target.ts';

/** Takes whatever is asked, says the input in two pieces, and ends. */
function stranger(input: Uint8Array): Duplex {
  const half = input.length >> 1;
  let isAnswered = false;
  return new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      if (!isAnswered) {
        for (const piece of [input.subarray(0, half), input.subarray(half)]) {
          if (piece.length > 0) this.push(Buffer.from(piece));
        }
        this.push(null);
      }
      isAnswered = true;
      done();
    },
  });
}

const target = { host: 'gateway', port: 443 } as Target;
const never = new AbortController().signal;

const answers = [
  'HTTP/1.1 200 OK\r\nserver: nginx\r\ndate: Mon, 23 Nov 2026 18:00:00 GMT\r\ncontent-length: 2\r\n\r\nok',
  'HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n1e\r\nNo required SSL certificate was sent\r\n0\r\n\r\n',
  'HTTP/1.1 503 Unavailable\r\nretry-after: 120\r\nretry-after: Mon, 23 Nov 2026 18:00:00 GMT\r\n\r\n',
  'HTTP/1.1 302 Found\r\nlocation: https://user:pass@elsewhere:8443/x?y#z\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\ncontent-encoding: gzip\r\n\r\nnope',
  'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
];

const tunnels = [
  'HTTP/1.1 200 Connection established\r\nvia: 1.1 proxy\r\n\r\n\x16\x03\x03',
  'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="a, b=c", Negotiate\r\n\r\n',
  'HTTP/1.0 502 Bad Gateway\r\n\r\n<html>',
  'SSH-2.0-OpenSSH_9.2\r\n',
];

const words = [
  '\r\n',
  '\r\n\r\n',
  'HTTP/1.1 ',
  'content-length: ',
  'transfer-encoding: chunked',
  'connection: upgrade',
  '\0',
  '0\r\n',
];
const seedsOf = (texts: readonly string[]) => texts.map((text) => Buffer.from(text, 'latin1'));

export const httpAnswer: FuzzTarget = {
  ...{ seeds: seedsOf(answers), words },
  run: async (input) => {
    const socket = stranger(input);
    holdSafe(await ask(socket as TLSSocket, target, '/', systemClock, never), 'an answer');
    socket.destroy();
  },
};

export const proxyAnswer: FuzzTarget = {
  ...{ seeds: seedsOf(tunnels), words },
  run: async (input) => {
    const socket = stranger(input);
    const proxy = { protocol: 'http', host: 'proxy', port: 3128 } as const;
    const { seen } = await openTunnel(socket as Socket, proxy, 'gateway:443', never);
    holdSafe(seen, 'what was seen of a proxy');
    socket.destroy();
  },
};
