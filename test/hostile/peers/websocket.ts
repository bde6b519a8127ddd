/** Peers that upgrade to a WebSocket and then send frames that no reader should believe (RFC 6455 section 5). */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { flood } from '../../support/stub-peer.ts';
import type { HostilePeer } from './peer.ts';
import { startTlsPeer } from './tls-peer.ts';

const frame = (first: number, ...rest: readonly number[]): Buffer => Buffer.of(first, ...rest);

interface Case {
  readonly does: string;
  readonly act: (socket: Socket) => void;
  readonly report: object;
  readonly denies?: RegExp;
}

const upgraded = { http: { status: 200 }, websocket: { status: 101 } };
const failed = { outcome: 'failed', layer: 'websocket' };
/** We end it, and say no close code that never came. */
const endedByUs = (code: string) => ({
  report: { ...upgraded, ...failed, steps: [{ name: 'websocket', error: { code } }] },
  denies: /"closeCode"/,
});

const cases: readonly Case[] = [
  {
    does: 'sends a frame of 2^63 octets',
    act: (socket) => {
      socket.write(frame(0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0));
      flood(socket, Buffer.alloc(60_000));
    },
    ...endedByUs('WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH'),
  },
  {
    does: 'sends a frame of 2^53 octets',
    act: (socket) => {
      socket.write(frame(0x82, 127, 0, 0x20, 0, 0, 0, 0, 0, 0));
      flood(socket, Buffer.alloc(60_000));
    },
    ...endedByUs('WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH'),
  },
  {
    does: 'sends fragments of one message for ever',
    act: (socket) => {
      socket.write(frame(0x02, 1, 0));
      flood(socket, Buffer.concat(Array(1_000).fill(frame(0x00, 1, 0))));
    },
    report: upgraded,
  },
  {
    does: 'sends empty fragments for ever',
    act: (socket) => {
      socket.write(frame(0x02, 0));
      flood(socket, Buffer.concat(Array(5_000).fill(frame(0x00, 0))));
    },
    report: upgraded,
  },
  {
    does: 'sends pings for ever',
    act: (socket) => flood(socket, Buffer.concat(Array(1_000).fill(frame(0x89, 1, 0x70)))),
    report: upgraded,
  },
  {
    does: 'sends messages for ever',
    act: (socket) => flood(socket, Buffer.concat(Array(1_000).fill(frame(0x81, 1, 0x70)))),
    report: upgraded,
  },
  {
    does: 'sends a frame that claims to be packed',
    act: (socket) => socket.write(frame(0xc2, 1, 0)),
    ...endedByUs('WS_ERR_UNEXPECTED_RSV_1'),
  },
  {
    does: 'closes with a code that does not exist and a reason of controls',
    act: (socket) => socket.write(frame(0x88, 6, 0x0b, 0xb8, 0x1b, 0x5b, 0x32, 0x4a)),
    report: { ...failed, websocket: { status: 101, closeCode: 3000 } },
  },
];

export const webSocketPeers: readonly HostilePeer[] = cases.map(({ act, ...peer }) => ({
  ...peer,
  options: ['--websocket', '/stream'],
  start: (identity) => startTlsPeer(identity, (socket) => upgradeOn(socket, act)),
}));

/** An ordinary answer to GET, and 101 to what asks for it. */
function upgradeOn(socket: Socket, act: (socket: Socket) => void): void {
  socket.once('data', (octets: Buffer) => {
    const key = /sec-websocket-key: *(\S+)/i.exec(octets.toString('latin1'))?.[1];
    if (key === undefined) {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return;
    }
    const accept = createHash('sha1')
      .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    act(socket);
  });
}
