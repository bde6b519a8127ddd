/** Peers that are no gateway, or a bad one: what they did becomes evidence. Those that never stop are in test/hostile. */
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { lookAt } from '../support/aim-at.ts';
import { startStubPeer } from '../support/stub-peer.ts';

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
