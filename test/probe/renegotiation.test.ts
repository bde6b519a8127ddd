/** A TLS 1.2 server that asks for a new handshake is told no, and the alert that says so is evidence. */
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookAt } from '../support/aim-at.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
let gatewayCa: Issued;
let server: Server;

beforeAll(async () => {
  const pki = makePki(directory);
  gatewayCa = pki.ca('Gateway CA');
  const { cert, key } = pki.server({ ca: gatewayCa });
  server = createServer({ cert, key, maxVersion: 'TLSv1.2' }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.renegotiate({ requestCert: true }, () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => server.close());

test('renegotiation is refused with no_renegotiation', async () => {
  const { port } = server.address() as AddressInfo;
  const evidence = await lookAt({
    port,
    credential: { caPath: gatewayCa.certPath },
    timeoutMs: 600,
  });
  const names = evidence.tls?.transcript.map(({ direction, name }) => `${direction} ${name}`);
  expect(names).toContain('received hello_request');
  expect(names?.filter((name) => name === 'sent client_hello')).toHaveLength(1);
  expect(evidence.alerts).toContainEqual(
    expect.objectContaining({ direction: 'sent', level: 'warning', code: 100, encrypted: true }),
  );
});
