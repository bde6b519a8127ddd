/** Peers that finish an honest handshake of TLS 1.2 and then never stop. */
import { floodWith, startStubPeer } from '../../support/stub-peer.ts';
import { handshake } from '../../tls/synthetic.ts';
import type { HostilePeer } from './peer.ts';
import { serveTls12 } from './tls12-server.ts';
import { contentTypes } from './wire.ts';

interface Case {
  readonly does: string;
  readonly type: number;
  readonly content: Uint8Array;
  readonly report: object;
}

const tls12 = { version: '1.2' };

const cases: readonly Case[] = [
  {
    does: 'asks for renegotiation for ever',
    type: contentTypes.handshake,
    content: handshake(0),
    report: {
      outcome: 'failed',
      layer: 'http',
      tls: tls12,
      alerts: [{ direction: 'sent', level: 'warning', code: 100, encrypted: true }],
    },
  },
  {
    does: 'floods warning alerts of TLS 1.2',
    type: contentTypes.alert,
    content: Buffer.of(1, 90),
    report: {
      outcome: 'failed',
      tls: tls12,
      alerts: [{ direction: 'received', level: 'warning', code: 90, encrypted: true }],
    },
  },
  {
    does: 'floods application data of zero length in TLS 1.2',
    type: contentTypes.applicationData,
    content: Buffer.alloc(0),
    report: { outcome: 'failed', layer: 'http', tls: tls12 },
  },
  {
    does: 'floods Finished',
    type: contentTypes.handshake,
    content: handshake(20, Buffer.alloc(12)),
    report: { outcome: 'failed', layer: 'http', tls: tls12 },
  },
];

export const tls12Peers: readonly HostilePeer[] = cases.map(({ does, type, content, report }) => ({
  does,
  options: ['--tls-max', '1.2'],
  report,
  start: ({ cert, key }) =>
    startStubPeer((socket) =>
      serveTls12(socket, {
        cert,
        key,
        afterHandshake: (seal) =>
          floodWith(socket, () =>
            Buffer.concat(Array.from({ length: 50 }, () => seal(type, content))),
          ),
      }),
    ),
}));
