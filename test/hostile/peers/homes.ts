/** Homes that answer a delivery as hostile gateways answer a request, and what delivery then says of them. */
import type { Socket } from 'node:net';
import { drip } from '../../support/stub-peer.ts';
import { endlessBodies, endlessHeads, onRequest } from './http.ts';

export interface HostileHome {
  /** Completes the sentence "a home that …". */
  readonly does: string;
  readonly behave: (socket: Socket) => void;
  /** The code of the trouble that delivery tells; with a bar between two where the bound or the deadline may come first. */
  readonly trouble: string;
  /** Reports that then still wait. */
  readonly waiting: 0 | 1;
}

const answers =
  (...lines: readonly string[]) =>
  (socket: Socket): void =>
    void socket.on('data', () => socket.write(`HTTP/1.1 ${lines.join('\r\n')}\r\n\r\n`));

/** Of heads without an end, those that break a rule of undici's at once. */
const broken = [
  'sends HTTP headers for ever',
  'sends one HTTP header without an end',
  'sends 100 Continue for ever',
  'sends two lengths that contradict each other',
];

const isTaken = { trouble: '', waiting: 0 } as const;
const kept = (code: string) => ({ trouble: code, waiting: 1 }) as const;

export const hostileHomes: readonly HostileHome[] = [
  { does: 'says nothing', behave: () => {}, ...kept('timeout') },
  ...Object.entries(endlessHeads).map(([does, behave]) => ({
    ...{ does, behave },
    ...kept(broken.includes(does) ? 'unreachable' : 'unreachable|timeout'),
  })),
  // A status that says it is stored counts, whatever follows.
  ...Object.entries(endlessBodies).map(([does, behave]) => ({ does, behave, ...isTaken })),
  {
    does: 'sends its body one octet at a time',
    behave: onRequest((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      drip(socket, Buffer.alloc(1_000, 'x'), 40);
    }),
    ...isTaken,
  },
  {
    does: 'redirects to itself for ever',
    behave: answers('307 Temporary Redirect', 'location: /', 'content-length: 0'),
    ...kept('redirected'),
  },
  {
    does: 'wants to be asked again in 10^30 seconds',
    behave: answers(`503 Busy`, `retry-after: 1${'0'.repeat(30)}`, 'content-length: 0'),
    ...kept('overloaded'),
  },
  {
    does: 'finds one report too much for ever',
    behave: answers('413 Too Large', 'content-length: 0'),
    trouble: 'reports-refused',
    waiting: 0,
  },
  {
    does: 'speaks no HTTP',
    behave: (socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
    ...kept('unreachable'),
  },
  {
    does: 'resets every connection',
    behave: (socket) => void socket.resetAndDestroy(),
    ...kept('unreachable'),
  },
];
