/** `sidelight check` as support runs it, against a gateway whose TLS stack is not ours. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { reportSchema } from '../../src/report/schema.ts';
import { type Issued, makePki, openssl } from '../support/openssl.ts';
import { startSServer } from '../support/s-server.ts';
import { type Ended, sidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const isValid = new Ajv2020({ strict: false }).compile(reportSchema);
let gatewayCa: Issued;
let server: Issued;
let client: Issued;
let serverArguments: readonly string[];

beforeAll(() => {
  const pki = makePki(directory);
  const delegateCa = pki.ca('Delegate CA');
  gatewayCa = pki.ca('Gateway CA');
  server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
  serverArguments = [
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', delegateCa.certPath],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  ];
});

async function check(port: number, ...args: readonly string[]): Promise<Ended> {
  const common = ['--address', '127.0.0.1', '--ca', gatewayCa.certPath, '--state-dir', directory];
  return sidelight(['check', `https://localhost:${port}/`, ...common, ...args]);
}

function parse({ stdout }: Ended): Report {
  const report: Report = JSON.parse(stdout);
  expect(isValid(report), JSON.stringify(isValid.errors)).toBe(true);
  return report;
}

const versions = [
  { flag: '-tls1_3', code: 116, description: 'certificate_required', encrypted: true },
  { flag: '-tls1_2', code: 40, description: 'handshake_failure', encrypted: false },
] as const;

test.for(versions)(
  '$flag: no client certificate is a rejection with its exact alert',
  async (version) => {
    const { flag, code, description, encrypted } = version;
    const running = await startSServer(flag, ...serverArguments);
    try {
      const ended = await check(running.port, '--format', 'json');
      const report = parse(ended);
      expect(ended.code).toBe(1);
      expect(report).toMatchObject({ outcome: 'rejected', layer: 'tls' });
      expect(report.cause).toMatchObject({
        code: 'client-certificate-not-configured',
        side: 'delegate',
        evidence: expect.arrayContaining([
          'Looked for it at --cert, SIDELIGHT_CERT, a configuration file (none given), DELEGATE_CLIENT_CERTIFICATE_PATH, HARNESS_CLIENT_CERT_FILE, /etc/mtls/client.crt.',
        ]),
      });
      expect(report.alerts).toEqual([
        {
          ...{ direction: 'received', level: 'fatal', description, code, encrypted },
          ...{ afterFinished: true, atMs: expect.any(Number) },
        },
      ]);
      const printed = openssl([
        'x509',
        '-in',
        server.certPath,
        '-noout',
        '-fingerprint',
        '-sha256',
      ]);
      const fingerprint = printed
        .toString()
        .split('=')[1]
        ?.trim()
        .replaceAll(':', '')
        .toLowerCase();
      expect(report.tls?.serverCertificates?.[0]?.sha256).toBe(fingerprint);
    } finally {
      await running.stop();
    }
  },
);

test.for(versions)('$flag: a good client certificate is accepted', async ({ flag }) => {
  const running = await startSServer(flag, ...serverArguments);
  try {
    const files = ['--cert', client.certPath, '--key', client.keyPath];
    const ended = await check(running.port, ...files, '--format', 'json');
    expect(ended.code).toBe(0);
    expect(parse(ended)).toMatchObject({ outcome: 'accepted', cause: null, http: { status: 200 } });
  } finally {
    await running.stop();
  }
});

test('the first three lines of the text are the outcome, the cause with its side, and the next step', async () => {
  const running = await startSServer('-tls1_3', ...serverArguments);
  try {
    const { stdout, stderr, code } = await check(running.port);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      `Rejected: localhost port ${running.port} refused this delegate (stopped at tls).`,
      'Cause: The gateway requires a client certificate and none is configured; this side, the delegate, must act (certain).',
      'Next: Configure the client certificate and key of this delegate (--cert and --key).',
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(1);
  } finally {
    await running.stop();
  }
});
