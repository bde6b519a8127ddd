import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { HomeConnection } from '../../../src/sink/home/home-connection.ts';
import { makePki } from '../../support/openssl.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** Whether each connection resumed a session, of a server that ends each after its answer. */
async function resumptions(maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<readonly boolean[]> {
  const pki = makePki(temporaryDirectory());
  const ca = pki.ca('Home CA');
  const { cert, key } = pki.server({ ca });
  const resumed: boolean[] = [];
  const server = createServer({ cert, key, maxVersion }, (request, response) => {
    resumed.push((request.socket as TLSSocket).isSessionReused());
    request.resume().on('end', () => response.writeHead(200, { connection: 'close' }).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const connection = new HomeConnection(
    { url: new URL(`https://localhost:${port}/`) },
    systemClock,
  );
  onTestFinished(() => connection.close());
  const post = { contentType: 'application/json', idempotencyKey: '"a"', body: '[]' };
  for (let count = 0; count < 3; count += 1) {
    await connection.post({ ...post, credential: { ca: ca.cert } }, AbortSignal.timeout(5_000));
    collectGarbage();
    await systemClock.sleep(20);
  }
  return resumed;
}

/** As a minute between two reports does. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

test.for(['TLSv1.2', 'TLSv1.3'] as const)(
  'the next connection to home resumes the session of the last, however long ago: %s',
  async (version) => {
    expect(await resumptions(version)).toEqual([false, true, true]);
  },
);
