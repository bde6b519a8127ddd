/** Ways to answer an HTTP request without ever coming to an end, for gateways, proxies and homes alike. */
import type { Socket } from 'node:net';
import { drip, flood } from '../../support/stub-peer.ts';
import type { HostilePeer } from './peer.ts';
import { startTlsPeer } from './tls-peer.ts';

/** Answers once the request has come. */
export const onRequest = (then: (socket: Socket) => void) => (socket: Socket) =>
  void socket.once('data', () => then(socket));

/** Says `head` and then `octets` for ever. */
export const answerForEver = (head: string, octets: string, times = 1) =>
  onRequest((socket) => {
    socket.write(head);
    flood(socket, Buffer.from(octets.repeat(times)));
  });

const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;

/** Each says nothing that could be taken for a whole answer. */
export const endlessHeads = {
  'sends HTTP headers for ever': answerForEver(
    'HTTP/1.1 200 OK\r\n',
    'x-more: of the same\r\n',
    500,
  ),
  'sends one HTTP header without an end': answerForEver('HTTP/1.1 200 OK\r\nx: ', 'y', 10_000),
  'sends a status line without an end': answerForEver('HTTP/1.1 200 ', 'y', 10_000),
  'answers one octet at a time': onRequest((socket) =>
    drip(socket, Buffer.from(`HTTP/1.1 200 OK\r\nserver: ${'slow'.repeat(100)}\r\n`), 40),
  ),
  'sends 100 Continue for ever': answerForEver('', 'HTTP/1.1 100 Continue\r\n\r\n', 400),
  'sends 103 Early Hints for ever': answerForEver(
    '',
    'HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n',
    400,
  ),
  'sends empty lines for ever': answerForEver('', '\r\n', 5_000),
  'sends two lengths that contradict each other': onRequest((socket) =>
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc'),
  ),
} as const;

/** Whole heads before bodies without an end. */
export const endlessBodies = {
  'sends a chunked body for ever': answerForEver(
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    chunk,
  ),
  'sends a body until the connection ends, and it never does': answerForEver(
    'HTTP/1.1 200 OK\r\n\r\n',
    'x',
    60_000,
  ),
  'claims a body of 2^53 octets': answerForEver(
    'HTTP/1.1 200 OK\r\ncontent-length: 9007199254740991\r\n\r\n',
    'x',
    60_000,
  ),
  'claims a chunk of 2^60 octets': answerForEver(
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffff\r\n',
    'x',
    60_000,
  ),
  'sends trailers for ever': answerForEver(
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n',
    'x-more: of the same\r\n',
    500,
  ),
  'sends the same whole answer for ever': answerForEver(
    '',
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
    400,
  ),
} as const;

const peersOf = (
  ways: Readonly<Record<string, (socket: Socket) => void>>,
  report: object,
  denies?: RegExp,
): readonly HostilePeer[] =>
  Object.entries(ways).map(([does, behave]) => ({
    does,
    report,
    ...(denies && { denies }),
    start: (identity) => startTlsPeer(identity, behave),
  }));

const refusal = (body: string): string =>
  `HTTP/1.1 403 Forbidden\r\ntransfer-encoding: chunked\r\nserver: hostile\r\n\r\n${body}`;

export const httpPeers: readonly HostilePeer[] = [
  ...peersOf(endlessHeads, { outcome: 'failed', layer: 'http' }, /ECONNRESET|is not HTTP/),
  ...peersOf(endlessBodies, { outcome: 'accepted', http: { status: 200 } }),
  ...peersOf(
    {
      'refuses in a body that never ends': answerForEver(refusal(''), chunk),
      'refuses in a body that comes one octet at a time': onRequest((socket) => {
        socket.write(refusal('400\r\n'));
        drip(socket, Buffer.alloc(0x400, 'x'), 40);
      }),
    },
    { outcome: 'rejected', layer: 'http', http: { status: 403 } },
  ),
  ...peersOf(
    {
      'switches protocols though nobody asked': onRequest((socket) => {
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
        );
        flood(socket, Buffer.alloc(60_000, 'x'));
      }),
    },
    { outcome: 'accepted', http: { status: 101 } },
  ),
  ...peersOf(
    {
      'redirects to itself': onRequest((socket) =>
        socket.write('HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n'),
      ),
    },
    { outcome: 'accepted', http: { status: 302 } },
  ),
  ...peersOf(
    {
      'redirects to a Location of 30,000 characters': onRequest((socket) =>
        socket.write(
          `HTTP/1.1 302 Found\r\nlocation: https://${'a'.repeat(30_000)}/\r\ncontent-length: 0\r\n\r\n`,
        ),
      ),
    },
    { outcome: 'failed', layer: 'http', http: { status: 302 } },
  ),
];
