/** Peers that do their harm in the handshake, before there are any keys. */
import type { Socket } from 'node:net';
import { drip, flood, type StubPeer, startStubPeer } from '../../support/stub-peer.ts';
import { extension, handshake, plainRecord, u16 } from '../../tls/synthetic.ts';
import type { HostilePeer } from './peer.ts';
import { contentTypes, readClient, serverHello, supportedVersion13 } from './wire.ts';

const { alert, changeCipherSpec, handshake: handshakeType } = contentTypes;

const afterHello = (then: (socket: Socket, sessionId: Buffer) => void) => (): Promise<StubPeer> =>
  startStubPeer((socket) => readClient(socket, ({ sessionId }) => then(socket, sessionId)));

/** A hundred at once: many small writes cost the peer more than the prober. */
const hundred = (octets: Uint8Array): Buffer => Buffer.concat(Array(100).fill(octets));

const hello13 = (sessionId: Uint8Array): Buffer => {
  const share = extension(51, u16(29), u16(32), Buffer.alloc(32, 9));
  return serverHello(0x1301, Buffer.alloc(32, 0x5e), sessionId, share, supportedVersion13);
};

/** SHA-256 of "HelloRetryRequest" (RFC 9846 section 4.1.3). */
const retryRandom = Buffer.from(
  'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c',
  'hex',
);

const timedOut = {
  outcome: 'failed',
  layer: 'tls',
  alerts: [],
  tls: { ended: { by: 'us', how: 'timeout' } },
};
const brokenOff = { outcome: 'failed', layer: 'tls', tls: { ended: { by: 'us' } } };

export const beforeKeys: readonly HostilePeer[] = [
  {
    does: 'takes the connection and says nothing for ever',
    start: () => startStubPeer(() => {}),
    report: {
      ...timedOut,
      tls: { ended: { by: 'us', how: 'timeout', after: { name: 'client_hello' } } },
    },
  },
  {
    does: 'sends its ServerHello one octet at a time',
    start: afterHello((socket, sessionId) =>
      drip(socket, plainRecord(handshakeType, hello13(sessionId)), 40),
    ),
    report: timedOut,
    denies: /Nothing more came/,
  },
  {
    does: 'sends records of zero length for ever',
    start: afterHello((socket) => flood(socket, hundred(plainRecord(handshakeType)))),
    report: brokenOff,
  },
  {
    does: 'sends records of 16 KiB for ever',
    start: afterHello((socket) => flood(socket, plainRecord(handshakeType, Buffer.alloc(16_384)))),
    report: brokenOff,
    denies: /Nothing more came/,
  },
  {
    does: 'sends records longer than TLS allows',
    start: afterHello((socket) => flood(socket, plainRecord(handshakeType, Buffer.alloc(65_000)))),
    report: brokenOff,
  },
  {
    does: 'claims a handshake message of 16 MB and goes on sending it',
    start: afterHello((socket) => {
      socket.write(plainRecord(handshakeType, Buffer.from([2, 255, 255, 255])));
      flood(socket, plainRecord(handshakeType, Buffer.alloc(16_384)));
    }),
    report: brokenOff,
  },
  {
    does: 'claims a Certificate message of 16 MB after a ServerHello of TLS 1.2',
    start: afterHello((socket) => {
      const hello = serverHello(0xc02b, Buffer.alloc(32, 0x5e), Buffer.alloc(0));
      socket.write(plainRecord(handshakeType, hello, Buffer.from([11, 255, 255, 255])));
      flood(socket, plainRecord(handshakeType, Buffer.alloc(16_384, 0xff)));
    }),
    report: brokenOff,
  },
  {
    does: 'sends a handshake message in records of one octet',
    start: afterHello((socket, sessionId) => {
      const pieces = [...hello13(sessionId)].map((octet) =>
        plainRecord(handshakeType, Buffer.of(octet)),
      );
      socket.write(Buffer.concat(pieces));
    }),
    report: timedOut,
  },
  {
    does: 'sends warning alerts for ever in place of a ServerHello',
    start: afterHello((socket) => flood(socket, hundred(plainRecord(alert, Buffer.of(1, 112))))),
    report: {
      outcome: 'failed',
      layer: 'tls',
      alerts: expectAlert('received', 'warning', 112),
    },
  },
  {
    does: 'sends ChangeCipherSpec for ever',
    start: afterHello((socket) =>
      flood(socket, hundred(plainRecord(changeCipherSpec, Buffer.of(1)))),
    ),
    report: brokenOff,
  },
  {
    does: 'sends HelloRetryRequest for ever',
    start: afterHello((socket, sessionId) => {
      const retry = serverHello(
        ...([0x1301, retryRandom, sessionId, extension(51, u16(24)), supportedVersion13] as const),
      );
      flood(socket, plainRecord(handshakeType, retry));
    }),
    report: { outcome: 'failed', layer: 'tls', tls: { ended: { by: 'us' } } },
  },
  {
    does: 'sends HelloRequest for ever in place of a ServerHello',
    start: afterHello((socket) => flood(socket, hundred(plainRecord(handshakeType, handshake(0))))),
    report: brokenOff,
  },
  {
    does: 'sends ServerHello for ever',
    start: afterHello((socket, sessionId) =>
      flood(socket, hundred(plainRecord(handshakeType, hello13(sessionId)))),
    ),
    report: brokenOff,
  },
  {
    does: 'sends noise for ever',
    start: () => startStubPeer((socket) => flood(socket, Buffer.alloc(65_536, 'noise '))),
    report: { outcome: 'failed', layer: 'tls', tls: { notTls: { protocol: 'unknown' } } },
  },
];

function expectAlert(direction: string, level: string, code: number): readonly object[] {
  return Array(16).fill({ direction, level, code });
}
