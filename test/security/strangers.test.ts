/** Whoever proves nothing is told nothing, even where the environment tells Node to trust everybody. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { openStream } from '../../src/sink/syslog/stream.ts';
import { lookAt, stepOf } from '../support/aim-at.ts';
import { makePki, type Pki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let pki: Pki;

beforeAll(() => {
  pki = makePki(temporaryDirectory());
});
beforeEach(() => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

/** Remembers what it is told. */
async function startStranger(): Promise<{ port: number; heard: () => string }> {
  const { cert, key } = pki.server({ ca: pki.ca('Stranger CA') });
  let heard = '';
  const server = createServer({ cert, key }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (octets) => {
      heard += octets.toString('latin1');
    });
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}

test('a syslog receiver that is a stranger gets no event', async () => {
  const { port, heard } = await startStranger();
  const opening = openStream({
    syslog: { protocol: 'tls', host: 'localhost', port },
    clock: systemClock,
    timeoutMs: 3_000,
    signal: new AbortController().signal,
  });
  await expect(opening).rejects.toMatchObject({
    code: expect.stringMatching(/^UNABLE_TO_|SELF_SIGNED/),
  });
  expect(heard()).toBe('');
});

test('a proxy that is a stranger gets no password', async () => {
  const { port, heard } = await startStranger();
  const userinfo = new Secret('agent:s3cret');
  const proxy = { protocol: 'https', host: 'localhost', port, userinfo } as const;
  const evidence = await lookAt({ port: 1, proxy, timeoutMs: 2_000 });
  expect(stepOf(evidence, 'proxy')).toMatchObject({ outcome: 'failed' });
  expect(heard()).toBe('');
});
