/** Faults of the way: nothing there, silence, resets, filters, other protocols, changed octets. */
import type { Socket } from 'node:net';
import type { Expected, Fault, Scene } from '../fault.ts';
import { startHaproxy, startNginx } from '../servers/gateways.ts';
import { startTlsService } from '../servers/node-gateway.ts';
import {
  corrupted,
  type Meddling,
  onHello,
  recordsIn,
  startDeafListener,
  startMiddlebox,
  startPeer,
} from '../servers/peers.ts';
import type { Stage } from '../stage.ts';

type Staged = Partial<Scene> & { readonly port: number };

function onTheWay(
  name: string,
  expected: Partial<Expected> & Pick<Expected, 'code'>,
  stage: (stage: Stage) => Promise<Staged>,
): Fault {
  return { group: 'network', name, expected: { side: 'network', ...expected }, stage };
}

const peer = (behave: (socket: Socket) => void) => (stage: Stage) => startPeer(stage, behave);

/** Says these octets as soon as somebody connects, and waits. */
const greets = (octets: string | Uint8Array) => peer((socket) => void socket.write(octets));

/** A good gateway, and something between us and it. */
const between =
  (meddle: (connection: number) => Meddling, gateway = startHaproxy) =>
  async (stage: Stage) =>
    startMiddlebox(stage, (await gateway(stage)).port, meddle);

const plaintext: readonly (readonly [what: string, octets: string | Uint8Array])[] = [
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['SMTP', '220 mail.example ESMTP Postfix\r\n'],
  ['FTP', '220 ProFTPD Server ready.\r\n'],
  ['Redis', '-ERR unknown command\r\n'],
  ['PostgreSQL', Buffer.from('E\0\0\0\x28SFATAL\0C08P01\0Minvalid length\0\0', 'latin1')],
  ['MySQL', Buffer.from('\x4a\0\0\0\x0a8.0.36\0\x08\0\0\0salt\0', 'latin1')],
];

const closesAfter = (records: number, how: (socket: Socket) => void) => (): Meddling => ({
  toClient: (octets, { client }) => {
    const [first] = recordsIn(octets).slice(records - 1);
    setImmediate(() => how(client));
    return first ? octets.subarray(0, first.end) : octets;
  },
});

/** Drops what comes from us once a chunk is larger than a segment of a narrow path. */
const dropsLarge = (): Meddling => {
  let dropping = false;
  let first = true;
  return {
    toServer: (octets) => {
      dropping ||= !first && octets.length > 900;
      first = false;
      return dropping ? undefined : octets;
    },
  };
};

const helloOver = (octets: Buffer, limit: number): boolean =>
  octets[0] === 22 && octets[5] === 1 && octets.readUInt16BE(3) > limit;

const corruptsOnce = (direction: keyof Meddling, skip: number) => (): Meddling => {
  let left = skip;
  return {
    [direction]: (octets: Buffer) => {
      const changed = corrupted(octets);
      if (!changed) return octets;
      left -= 1;
      return left < 0 ? changed : octets;
    },
  };
};

export const network: readonly Fault[] = [
  onTheWay('nothing listens', { code: 'tcp-refused', certain: true }, async (stage) => ({
    port: await stage.port(),
  })),
  onTheWay('packets are dropped', { code: 'tcp-timeout', certain: true }, startDeafListener),
  onTheWay(
    'the connection is reset as soon as it stands',
    { code: 'tcp-reset-on-accept', decidable: false },
    peer((socket) => void socket.resetAndDestroy()),
  ),
  onTheWay(
    'a reset answers every ClientHello',
    { code: 'handshake-reset' },
    peer(onHello((socket) => void socket.resetAndDestroy())),
  ),
  onTheWay(
    'a close answers every ClientHello',
    { code: 'handshake-closed' },
    peer(onHello((socket) => void socket.end())),
  ),
  onTheWay(
    'silence answers every ClientHello',
    { code: 'handshake-timeout' },
    peer(() => {}),
  ),
  onTheWay(
    'silence follows the ServerHello',
    { code: 'handshake-timeout' },
    between(() => {
      let isOver = false;
      return {
        toClient: (octets) => {
          if (isOver) return undefined;
          isOver = true;
          return octets.subarray(0, recordsIn(octets)[0]?.end);
        },
      };
    }),
  ),
  onTheWay(
    'a filter resets this server name',
    { code: 'handshake-reset' },
    between(() => ({
      toServer: (octets, { client }) => {
        if (!octets.includes('localhost')) return octets;
        client.resetAndDestroy();
        return undefined;
      },
    })),
  ),
  onTheWay(
    'a box resets a large ClientHello',
    { code: 'client-hello-too-large' },
    between(() => ({
      toServer: (octets, { client }) => {
        if (!helloOver(octets, 1200)) return octets;
        client.resetAndDestroy();
        return undefined;
      },
    })),
  ),
  onTheWay(
    'a box swallows a large ClientHello',
    { code: 'client-hello-too-large' },
    between(() => {
      let isSwallowing = false;
      return {
        toServer: (octets) => {
          isSwallowing ||= helloOver(octets, 1200);
          return isSwallowing ? undefined : octets;
        },
      };
    }),
  ),
  onTheWay(
    'our certificate flight is swallowed, TLS 1.3',
    { code: 'path-mtu-black-hole' },
    between(dropsLarge, (stage) => startNginx(stage, { version: '1.3' })),
  ),
  onTheWay(
    'our certificate flight is swallowed, TLS 1.2',
    { code: 'path-mtu-black-hole', decidable: false },
    between(dropsLarge, (stage) => startNginx(stage, { version: '1.2' })),
  ),
  onTheWay(
    'the gateway leaves after its ServerHello',
    { code: 'gateway-closed-mid-handshake', side: 'gateway' },
    between(closesAfter(1, (socket) => void socket.end())),
  ),
  onTheWay(
    'a reset follows the ServerHello',
    { code: 'gateway-closed-mid-handshake', side: 'gateway' },
    between(closesAfter(1, (socket) => void socket.resetAndDestroy())),
  ),
  ...plaintext.map(([what, octets]) =>
    onTheWay(`${what} listens`, { code: 'plaintext-service', certain: true }, greets(octets)),
  ),
  onTheWay(
    'HTTP listens',
    { code: 'plaintext-service', certain: true },
    peer(
      onHello((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')),
    ),
  ),
  onTheWay(
    'a portal answers in clear with a redirect to its login',
    { code: 'captive-portal', decidable: false },
    peer(
      onHello((socket) =>
        socket.end(
          'HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Type: text/html\r\n\r\n<html>',
        ),
      ),
    ),
  ),
  onTheWay(
    'a portal answers in clear with 511',
    { code: 'captive-portal', certain: true },
    peer(
      onHello((socket) =>
        socket.end('HTTP/1.1 511 Network Authentication Required\r\nConnection: close\r\n\r\n'),
      ),
    ),
  ),
  onTheWay('mail over TLS listens', { code: 'tls-service-not-http', certain: true }, (stage) =>
    startTlsService(stage, '220 mail.example ESMTP Postfix\r\n'),
  ),
  onTheWay(
    'something speaks no protocol at all',
    { code: 'malformed-tls', certain: true },
    peer((socket) => void socket.write(Buffer.alloc(64, 0xa5))),
  ),
  onTheWay(
    'a record claims more than TLS allows',
    { code: 'malformed-tls' },
    peer(onHello((socket) => void socket.write(Buffer.of(22, 3, 3, 0xff, 0xff, 1, 2, 3)))),
  ),
  onTheWay(
    'TLS begins and goes on with nonsense',
    { code: 'malformed-tls' },
    between(() => {
      let isOver = false;
      return {
        toClient: (octets) => {
          if (isOver) return undefined;
          isOver = true;
          const end = recordsIn(octets)[0]?.end ?? 0;
          return Buffer.concat([octets.subarray(0, end), Buffer.alloc(64, 0x2a)]);
        },
      };
    }),
  ),
  onTheWay(
    'a bit changes in the handshake that comes back',
    { code: 'record-corrupted', certain: true },
    between(corruptsOnce('toClient', 0)),
  ),
  onTheWay(
    'a bit changes in our flight',
    { code: 'record-corrupted', certain: true },
    between(corruptsOnce('toServer', 0)),
  ),
  onTheWay(
    'a bit changes in the answer, TLS 1.2',
    { code: 'record-corrupted', certain: true },
    between(corruptsOnce('toClient', 0), (stage) => startNginx(stage, { version: '1.2' })),
  ),
];
