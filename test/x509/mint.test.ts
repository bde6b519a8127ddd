/** Minted certificates do real work: openssl verifies them and Node serves with them. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { readCertificate } from '../../src/x509/certificate.ts';
import { type Minted, type MintKeyType, mintCertificate } from '../../src/x509/mint.ts';
import { makePki, openssl } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const hourMs = 3_600_000;
const dates = { notBeforeMs: Date.now() - hourMs, notAfterMs: Date.now() + hourMs };
const ca: Minted = await mintCertificate({ subject: 'CN=Delegate CA', isCa: true, ...dates });
const caPath = pki.write('ca.pem', ca.certPem);

test.for(['ec', 'rsa', 'ed25519'] as const)(
  'openssl verifies an %s client certificate',
  async (keyType: MintKeyType) => {
    const leaf = await mintCertificate({
      subject: 'CN=delegate,O=A\\, B',
      issuer: ca,
      extendedKeyUsage: ['clientAuth'],
      keyType,
      ...dates,
    });
    const path = pki.write(`${keyType}.pem`, leaf.certPem);
    const printed = openssl([
      'verify',
      '-x509_strict',
      '-purpose',
      'sslclient',
      '-CAfile',
      caPath,
      path,
    ]);
    expect(printed.toString()).toBe(`${path}: OK\n`);
    const certificate = readCertificate(leaf.der);
    expect(certificate?.publicKey.algorithm).toBe(keyType);
    expect(certificate?.subject.text).toBe('CN=delegate,O=A\\, B');
    expect(certificate?.issuer.text).toBe('CN=Delegate CA');
  },
);

test('the dates are those that were asked for, expired and future too', async () => {
  const notBeforeMs = Date.parse('2020-01-01T00:00:00Z');
  const notAfterMs = Date.parse('2051-01-01T00:00:00Z');
  const minted = await mintCertificate({ subject: 'CN=x', notBeforeMs, notAfterMs });
  expect(readCertificate(minted.der)).toMatchObject({
    notBeforeMs,
    notAfterMs,
    isSelfIssued: true,
  });
});

test('a server with a minted certificate is trusted by name and by address', async () => {
  const { certPem, keyPem } = await mintCertificate({
    subject: 'CN=localhost',
    issuer: ca,
    extendedKeyUsage: ['serverAuth'],
    subjectAltNames: ['DNS:localhost', 'IP:127.0.0.1', 'URI:urn:x', 'email:a@b'],
    ...dates,
  });
  const server = createServer({ cert: certPem, key: keyPem }, (socket) => socket.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  for (const host of ['127.0.0.1', 'localhost']) {
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca: ca.certPem,
      ...(host === 'localhost' && { servername: host }),
    });
    await once(socket, 'secureConnect');
    expect(socket.authorized).toBe(true);
    socket.destroy();
  }
  server.close();
});

test('an alternative name of no known kind is refused', async () => {
  await expect(
    mintCertificate({ subject: 'CN=x', subjectAltNames: ['localhost'], ...dates }),
  ).rejects.toThrow(TypeError);
});

test('it works from inside one bundled CommonJS file', async () => {
  const outfile = `${pki.dir}/mint.cjs`;
  const contents = `import { mintCertificate } from './mint.ts';
    mintCertificate({ subject: 'CN=bundled', notBeforeMs: 0, notAfterMs: 1000 })
      .then(({ certPem }) => console.log(certPem));`;
  const resolveDir = new URL('../../src/x509', import.meta.url).pathname;
  await build({
    stdin: { contents, resolveDir },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
  });
  const printed = execFileSync(process.execPath, [outfile]).toString();
  expect(openssl(['x509', '-noout', '-subject'], printed).toString()).toContain('bundled');
});
