import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stepNames } from '../../src/evidence/evidence.ts';
import { lookAt, stepOf } from '../support/aim-at.ts';
import { type Issued, makePki, openssl, type Pki } from '../support/openssl.ts';
import { type SServer, startSServer } from '../support/s-server.ts';

let directory: string;
let pki: Pki;
let delegateCa: Issued;
let gatewayCa: Issued;
let server: Issued;
let client: Issued;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'look-'));
  pki = makePki(directory);
  delegateCa = pki.ca('Delegate CA');
  gatewayCa = pki.ca('Gateway CA');
  server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function withServer(args: readonly string[], use: (server: SServer) => Promise<void>) {
  const running = await startSServer(
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', delegateCa.certPath],
    ...args,
  );
  try {
    await use(running);
  } finally {
    await running.stop();
  }
}

const demanding = ['-Verify', '1', '-verify_return_error', '-www'];
const versions = [
  { version: '1.3', flag: '-tls1_3', missing: 116 },
  { version: '1.2', flag: '-tls1_2', missing: 40 },
] as const;

describe.each(versions)('TLS $version', ({ version, flag, missing }) => {
  test(`without a client certificate the alert ${missing} comes after our Finished`, () =>
    withServer([flag, ...demanding], async ({ port }) => {
      const evidence = await lookAt({ port, credential: { caPath: gatewayCa.certPath } });
      expect(evidence.alerts).toEqual([
        {
          direction: 'received',
          level: 'fatal',
          description: missing === 116 ? 'certificate_required' : 'handshake_failure',
          code: missing,
          encrypted: version === '1.3',
          afterFinished: true,
          atMs: expect.any(Number),
        },
      ]);
      expect(evidence.tls).toMatchObject({
        version,
        clientCertificateRequested: true,
        clientCertificateSent: false,
        certificateAuthorities: ['CN=Delegate CA'],
        ended: { by: 'peer', how: 'alert' },
      });
      expect(evidence.tls?.serverCertificates?.map(({ sha256 }) => sha256)).toEqual([
        server.sha256,
      ]);
      expect(stepOf(evidence, 'tls')?.outcome).toBe('failed');
      expect(stepOf(evidence, 'http')?.outcome).toBe('skipped');
    }));

  test('with a good certificate the gateway answers', () =>
    withServer([flag, ...demanding], async ({ port }) => {
      const credential = {
        certPath: client.certPath,
        keyPath: client.keyPath,
        caPath: gatewayCa.certPath,
      };
      const evidence = await lookAt({ port, credential });
      expect(evidence.http?.status).toBe(200);
      expect(evidence.tls).toMatchObject({ clientCertificateSent: true, serverAuthorized: true });
      expect(evidence.clientCertificate?.sha256).toBe(client.sha256);
      expect(evidence.steps.map(({ name }) => name)).toEqual([...stepNames]);
    }));

  test('an untrusted server gets no request, and what it thinks of us is seen all the same', () =>
    withServer([flag, ...demanding], async ({ port }) => {
      const evidence = await lookAt({ port, credential: { caPath: delegateCa.certPath } });
      expect(evidence.alerts.map(({ code }) => code)).toContain(missing);
      expect(evidence.http).toBeUndefined();
      expect(evidence.tls?.progress.applicationDataReceived).toBe(false);
    }));
});

test('a certificate for another name is a verdict of ours, with the name that it does have', () =>
  withServer(['-www'], async ({ port }) => {
    const credential = { caPath: gatewayCa.certPath };
    const evidence = await lookAt({ port, credential, serverName: 'gateway.example' });
    expect(evidence.tls).toMatchObject({
      serverAuthorized: false,
      serverAuthorizationError: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(stepOf(evidence, 'http')).toMatchObject({ reason: 'server-not-trusted' });
  }));

test('a name that does not resolve ends at dns', async () => {
  const { address: _none, ...evidence } = {
    address: undefined,
    ...(await lookAt({ port: 443, host: 'no-such-host.invalid', address: undefined as never })),
  };
  expect(stepOf(evidence, 'dns')).toMatchObject({ outcome: 'failed' });
  expect(stepOf(evidence, 'tcp')).toMatchObject({ reason: 'earlier-step-failed' });
});

test('a credential that cannot be used keeps every step from the network', async () => {
  const credential = { certPath: join(directory, 'nowhere.crt'), keyPath: client.keyPath };
  const evidence = await lookAt({ port: 1, credential });
  expect(evidence.steps.map(({ reason }) => reason)).toEqual(stepNames.map(() => 'local-fault'));
  expect(evidence.credential.certificateFile?.error).toBe('ENOENT');
});

test('a stapled OCSP response is asked for, and kept with its status and dates', () => {
  const files = { cert: server.certPath, ca: gatewayCa.certPath, caKey: gatewayCa.keyPath };
  const index = pki.write('index.txt', ocspIndexLine(files.cert));
  pki.write('index.txt.attr', '');
  const request = join(directory, 'request.der');
  const response = join(directory, 'response.der');
  openssl(['ocsp', '-issuer', files.ca, '-cert', files.cert, '-reqout', request, '-no_nonce']);
  openssl([
    ...['ocsp', '-index', index, '-CA', files.ca, '-rsigner', files.ca, '-rkey', files.caKey],
    ...['-reqin', request, '-respout', response, '-ndays', '7'],
  ]);
  return withServer(['-www', '-status_file', response], async ({ port }) => {
    const evidence = await lookAt({ port, credential: { caPath: gatewayCa.certPath } });
    expect(evidence.tls?.ocsp).toMatchObject({
      responseStatus: 'successful',
      certificateStatus: 'good',
      nextUpdate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });
});

/** The certificate as `openssl ca` keeps it in its index: valid, with its serial number. */
function ocspIndexLine(certPath: string): string {
  const printed = openssl(['x509', '-in', certPath, '-noout', '-serial']).toString();
  const serial = printed.split('=')[1]?.trim() ?? '';
  return `V\t360101000000Z\t\t${serial}\tunknown\t/CN=localhost\n`;
}
