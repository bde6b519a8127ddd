/** A context presents the credential and keeps the limits, against a real server. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type SecureContext, type TLSSocket } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import type { TlsConfig } from '../../src/config/config.ts';
import { createContext } from '../../src/credential/create-context.ts';
import { loadCredential } from '../../src/credential/load-credential.ts';
import { makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const ca = pki.ca('Delegate CA');
const { cert, key } = pki.server({ ca });
const leaf = pki.leaf({ cn: 'delegate-7', ca });
const limits: TlsConfig = { minVersion: '1.2', maxVersion: '1.3', alpn: [] };

const server = createServer({
  cert,
  key,
  ca: ca.cert,
  requestCert: true,
  rejectUnauthorized: false,
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const { port } = server.address() as AddressInfo;
afterAll(() => server.close());

test('the credential is presented and the CA file is the anchor', async () => {
  const config = { certPath: leaf.certPath, keyPath: leaf.keyPath, caPath: ca.certPath };
  const { client, peer } = await handshake(createContext(loadCredential(config), limits));
  expect(client.authorized).toBe(true);
  expect(peer.authorized).toBe(true);
  expect(peer.getPeerCertificate().subject.CN).toBe('delegate-7');
});

test('a block that does not decode hides no anchor behind it', async () => {
  const broken = pki.ca('Broken').cert.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAABBBBCCCCDDDDEEEE');
  const caPath = pki.write('bundle.pem', pki.ca('Other').cert + broken + ca.cert);
  const { client } = await handshake(createContext(loadCredential({ caPath }), limits));
  expect(client.authorized).toBe(true);
});

test('an encrypted key is opened with its passphrase', async () => {
  const config = {
    certPath: leaf.certPath,
    keyPath: pki.encryptedKey(leaf, 'geheim'),
    passphrasePath: pki.write('passphrase', 'geheim\n'),
  };
  const { peer } = await handshake(createContext(loadCredential(config), limits));
  expect(peer.authorized).toBe(true);
});

test('without a credential none is sent, and without a CA file the server is not trusted', async () => {
  const { client, peer } = await handshake(createContext(loadCredential({}), limits));
  expect(client.authorizationError).toBe('SELF_SIGNED_CERT_IN_CHAIN');
  expect(peer.getPeerCertificate()).toEqual({});
});

test('versions, groups, ciphers and signature algorithms are kept', async () => {
  const context = createContext(loadCredential({}), {
    minVersion: '1.2',
    maxVersion: '1.2',
    alpn: [],
    groups: ['P-256'],
    ciphers: ['ECDHE-ECDSA-AES256-GCM-SHA384'],
    signatureAlgorithms: ['ecdsa_secp256r1_sha256'],
  });
  const { client } = await handshake(context);
  expect(client.getProtocol()).toBe('TLSv1.2');
  expect(client.getCipher().name).toBe('ECDHE-ECDSA-AES256-GCM-SHA384');
  expect(client.getEphemeralKeyInfo()).toMatchObject({ name: 'prime256v1' });
});

async function handshake(secureContext: SecureContext) {
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const client = connect({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    secureContext,
    rejectUnauthorized: false,
  });
  await once(client, 'secureConnect');
  const [peer] = await accepted;
  const seen = { client, peer };
  peer.on('error', () => {});
  afterAll(() => {
    client.destroy();
    peer.destroy();
  });
  return seen;
}
