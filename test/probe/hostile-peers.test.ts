/** Peers that are no gateway, or a bad one: bounded in time and memory, and what they did becomes evidence. */
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { lookAt, stepOf } from '../support/aim-at.ts';
import { flood, startStubPeer } from '../support/stub-peer.ts';

const record = (type: number, fragment: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([type, 3, 3, fragment.length >> 8, fragment.length & 255]), fragment]);

interface Case {
  readonly peer: string;
  readonly behave: (socket: Socket) => void;
  readonly sees: (evidence: Evidence) => unknown;
  readonly expected: unknown;
}

const afterHello = (then: (socket: Socket) => void) => (socket: Socket) =>
  socket.once('data', () => then(socket));

const cases: readonly Case[] = [
  {
    peer: 'resets after the ClientHello',
    behave: afterHello((socket) => socket.resetAndDestroy()),
    sees: ({ tls }) => tls?.ended,
    expected: { by: 'peer', how: 'reset', after: { direction: 'sent', name: 'client_hello' } },
  },
  {
    peer: 'closes after the ClientHello',
    behave: afterHello((socket) => socket.end()),
    sees: ({ tls }) => tls?.ended,
    expected: { by: 'peer', how: 'fin', after: { direction: 'sent', name: 'client_hello' } },
  },
  {
    peer: 'says nothing',
    behave: () => {},
    sees: ({ tls }) => tls?.ended,
    expected: { by: 'us', how: 'timeout', after: { direction: 'sent', name: 'client_hello' } },
  },
  {
    peer: 'speaks HTTP',
    behave: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    sees: ({ tls }) => tls?.notTls,
    expected: { protocol: 'http', httpStatus: 400 },
  },
  {
    peer: 'speaks SSH',
    behave: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
    sees: ({ tls }) => tls?.notTls,
    expected: { protocol: 'ssh' },
  },
  {
    peer: 'sends one octet a second',
    behave: afterHello((socket) => {
      const timer = setInterval(() => socket.write(Buffer.of(22)), 1000);
      socket.on('close', () => clearInterval(timer));
    }),
    sees: (evidence) => stepOf(evidence, 'tls')?.error,
    expected: { code: 'TIMEOUT' },
  },
  {
    peer: 'sends empty records for ever',
    // Many in one write: a peer in this process that writes one by one would starve the probe's own timers.
    behave: afterHello((socket) =>
      flood(socket, Buffer.concat(Array(8192).fill(record(22, new Uint8Array(0))))),
    ),
    sees: (evidence) => stepOf(evidence, 'tls')?.outcome,
    expected: 'failed',
  },
  {
    peer: 'sends a handshake message of 16 MB',
    behave: afterHello((socket) => {
      socket.write(record(22, Buffer.from([2, 255, 255, 255])));
      flood(socket, record(22, new Uint8Array(16_384)));
    }),
    sees: (evidence) => stepOf(evidence, 'tls')?.outcome,
    expected: 'failed',
  },
  {
    peer: 'sends noise for ever',
    behave: (socket) => flood(socket, Buffer.alloc(65_536, 'noise ')),
    sees: ({ tls }) => tls?.notTls?.protocol,
    expected: 'unknown',
  },
  {
    peer: 'sends a fatal alert with a number that has no name',
    behave: afterHello((socket) => socket.end(record(21, Buffer.of(2, 199)))),
    sees: ({ alerts }) => alerts[0],
    expected: { direction: 'received', level: 'fatal', description: 'unknown', code: 199 },
  },
];

test.for(cases)('a peer that $peer is seen for what it is', async ({ behave, sees, expected }) => {
  const peer = await startStubPeer(behave);
  try {
    const started = performance.now();
    const evidence = await lookAt({ port: peer.port, timeoutMs: 800 });
    expect(performance.now() - started).toBeLessThan(1500);
    const seen = sees(evidence);
    if (typeof expected === 'object') expect(seen).toMatchObject(expected as object);
    else expect(seen).toBe(expected);
    await expect.poll(peer.openConnections).toBe(0);
  } finally {
    await peer.stop();
  }
});
