/** Over TLS a receiver is told only when its certificate is the one that it should be. */
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../state/temporary.ts';
import { makePki } from '../../support/openssl.ts';
import { temporaryDirectory as directoryOfThisFile } from '../../support/temporary-directory.ts';
import { opened } from './incident-events.ts';
import { announcerFor } from './open-announcer.ts';

async function openTlsReceiver() {
  const pki = makePki(directoryOfThisFile());
  const ca = pki.ca('CA');
  const { cert, key } = pki.server({ ca });
  const paths: (string | undefined)[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    paths.push(request.url);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}/hook?key=1`, caPath: ca.certPath, paths };
}

test('a receiver is told over a certificate of the CA that is given, query and all', async () => {
  const { url, caPath, paths } = await openTlsReceiver();
  const receivers = [{ name: 'a', format: 'cloudevents', url: new URL(url) }] as const;
  const { tell, follow } = announcerFor(temporaryDirectory(), [], {
    notify: { receivers, caPath },
  });
  follow();
  tell(opened());
  await expect.poll(() => paths).toEqual(['/hook?key=1']);
});

test('a receiver whose certificate is nobody’s is told nothing', async () => {
  const { url, paths } = await openTlsReceiver();
  const { tell, follow, troubles, announcer } = announcerFor(temporaryDirectory(), [{ url }]);
  follow();
  tell(opened());
  await expect.poll(() => troubles.length).toBe(1);
  expect(troubles[0]?.[1]).toMatchObject({ code: 'unreachable' });
  expect(paths).toEqual([]);
  expect(announcer.receivers()[0]).toMatchObject({ sent: 0, waiting: 1 });
});
