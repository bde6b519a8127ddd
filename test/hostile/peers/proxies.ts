/** Proxies that answer CONNECT as hostile gateways answer GET, in clear and over TLS, and tunnels that lead nowhere. */
import type { Socket } from 'node:net';
import { drip, flood, startStubPeer } from '../../support/stub-peer.ts';
import { endlessHeads, onRequest } from './http.ts';
import type { HostilePeer } from './peer.ts';
import { startTlsPeer } from './tls-peer.ts';

const established = 'HTTP/1.1 200 Connection established\r\n\r\n';
const failedAtProxy = { outcome: 'failed', layer: 'proxy' };

const refuses = (status: string, octets = ''): ((socket: Socket) => void) =>
  onRequest((socket) => {
    socket.write(`HTTP/1.1 ${status}\r\ntransfer-encoding: chunked\r\n\r\n`);
    if (octets !== '') flood(socket, Buffer.from(octets));
  });

/** An empty line is no head, and a contradiction about a body is none about a tunnel. */
const answers: Readonly<Record<string, (socket: Socket) => void>> = {
  ...endlessHeads,
  'takes CONNECT and says nothing': () => {},
};

const inClear: readonly HostilePeer[] = Object.entries(answers)
  .filter(([does]) => does !== 'sends two lengths that contradict each other')
  .map(([does, behave]) => ({
    does: `is a proxy and ${does}`,
    proxy: 'http',
    start: () => startStubPeer(behave),
    report: failedAtProxy,
    denies: /ECONNRESET/,
  }));

const overTls: readonly HostilePeer[] = (
  [
    'sends HTTP headers for ever',
    'answers one octet at a time',
    'takes CONNECT and says nothing',
  ] as const
).map((does) => ({
  does: `is a proxy over TLS and ${does}`,
  proxy: 'https',
  start: (identity) => startTlsPeer(identity, answers[does] ?? (() => {})),
  // TLS stood: what follows must not be said of the handshake.
  report: { ...failedAtProxy, proxy: { secured: true } },
  denies: /ClientHello|notHttp/,
}));

export const proxyPeers: readonly HostilePeer[] = [
  ...inClear,
  ...overTls,
  {
    does: 'is a proxy that asks for a password for ever',
    proxy: 'http',
    start: () =>
      startStubPeer((socket) =>
        socket.on('data', () =>
          socket.write(
            'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="x"\r\ncontent-length: 0\r\n\r\n',
          ),
        ),
      ),
    report: { ...failedAtProxy, proxy: { status: 407 } },
  },
  {
    does: 'is a proxy that refuses in a body without an end',
    proxy: 'http',
    start: () => startStubPeer(refuses('502 Bad Gateway', `4000\r\n${'x'.repeat(0x4000)}\r\n`)),
    report: { ...failedAtProxy, proxy: { status: 502 } },
  },
  {
    does: 'is a proxy over TLS whose handshake never begins',
    proxy: 'https',
    start: () => startStubPeer(() => {}),
    report: failedAtProxy,
  },
  {
    does: 'is a proxy over TLS that sends empty records for ever',
    proxy: 'https',
    start: () =>
      startStubPeer(
        onRequest((socket) => flood(socket, Buffer.from('1603030000'.repeat(8_000), 'hex'))),
      ),
    report: failedAtProxy,
  },
  {
    does: 'is a proxy over TLS that claims a message of 16 MB',
    proxy: 'https',
    start: () =>
      startStubPeer(
        onRequest((socket) => {
          socket.write(Buffer.from('160303000402ffffff', 'hex'));
          flood(socket, Buffer.concat([Buffer.from('1603034000', 'hex'), Buffer.alloc(16_384)]));
        }),
      ),
    report: failedAtProxy,
  },
  {
    does: 'is a proxy whose tunnel says nothing',
    proxy: 'http',
    start: () => startStubPeer(onRequest((socket) => socket.write(established))),
    report: { outcome: 'failed', layer: 'tls', proxy: { status: 200 } },
  },
  {
    does: 'is a proxy whose tunnel brings noise for ever',
    proxy: 'http',
    start: () =>
      startStubPeer(
        onRequest((socket) => {
          socket.write(established);
          flood(socket, Buffer.alloc(60_000, 'noise '));
        }),
      ),
    report: { outcome: 'failed', layer: 'tls', tls: { notTls: { protocol: 'unknown' } } },
  },
  {
    does: 'is a proxy that opens the tunnel one octet at a time',
    proxy: 'http',
    start: () => startStubPeer(onRequest((socket) => drip(socket, Buffer.from(established), 40))),
    report: failedAtProxy,
  },
];
