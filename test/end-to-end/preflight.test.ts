/** `sidelight preflight` as a pipeline runs it. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readXml } from '../preflight/xml.ts';
import { makePki } from '../support/openssl.ts';
import { type Ended, sidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const pki = makePki(directory);
const clientCa = pki.ca('Delegate CA');
const wrongCa = pki.ca('Wrong CA');
const gatewayCa = pki.ca('Gateway CA');
const server = pki.server({ ca: gatewayCa });
const client = pki.leaf({ cn: 'delegate-1', ca: clientCa });
const other = pki.leaf({ cn: 'delegate-2', ca: clientCa });
const samples = join(directory, 'samples');
mkdirSync(samples);
copyFileSync(client.certPath, join(samples, 'delegate-1.crt'));
copyFileSync(client.keyPath, join(samples, 'delegate-1.key'));
for (const { keyPath } of [client, other]) chmodSync(keyPath, 0o600);

const judgeClient = (keyPath: string, ...args: readonly string[]): Promise<Ended> =>
  sidelight(['preflight', 'client', '--cert', client.certPath, '--key', keyPath, ...args]);
const judgeGateway = (ca: string, ...args: readonly string[]): Promise<Ended> => {
  const secret = ['--cert', server.certPath, '--key', server.keyPath, '--client-ca', ca];
  return sidelight(['preflight', 'gateway', ...secret, '--clients', samples, ...args]);
};

test('a good credential: exit code 0, and the contract as JSON', async () => {
  const { code, stdout, stderr } = await judgeClient(client.keyPath, '--format', 'json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({ schema: 'sidelight.preflight/1', verdict: 'good' });
  for (const check of document.checks) {
    expect(check).toEqual({
      code: expect.stringMatching(/^[a-z0-9-]+$/),
      outcome: expect.stringMatching(/^(?:passed|skipped)$/),
      title: expect.any(String),
      evidence: expect.any(Array),
      remedy: null,
      documentation: expect.stringMatching(/^docs\/(?:causes|preflight)\.md#/),
    });
  }
});

test('a broken credential: exit code 1; verdict, what failed and the next step first', async () => {
  const { code, stdout, stderr } = await judgeClient(other.keyPath);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout.split('\n').slice(0, 5)).toEqual([
    'Broken: not all is well with this client credential.',
    'Failed: The private key belongs to the certificate: The key is not the one in',
    '  the certificate.',
    'Next: Put the certificate and the private key of the same issue together.',
    expect.stringMatching(/^1 failed, 0 warnings, /),
  ]);
  expect(stdout).not.toContain('PRIVATE KEY--');
});

test('a warning breaks the verdict where it is told to', async () => {
  const exposed = pki.write('exposed.key', client.key);
  chmodSync(exposed, 0o644);
  expect((await judgeClient(exposed)).code).toBe(0);
  expect((await judgeClient(exposed, '--fail-on', 'warning')).code).toBe(1);
});

test('the incident: a wrong client CA is caught before the rollout, as JUnit XML', async () => {
  const path = join(directory, 'preflight.xml');
  const told = ['--format', 'junit', '--output', path];
  const { code, stdout, stderr } = await judgeGateway(wrongCa.certPath, ...told);
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: '' });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const [suites] = readXml(readFileSync(path, 'utf8'));
  expect(suites?.attributes).toMatchObject({ failures: '2' });
  expect(readFileSync(path, 'utf8')).toContain('type="client-issuer-not-accepted"');
});

test('the right secret: exit code 0', async () => {
  const { code, stdout } = await judgeGateway(clientCa.certPath, '--server-name', 'localhost');
  expect(code, stdout).toBe(0);
  expect(stdout).toContain('passed   The client delegate-1 is accepted on TLS 1.3');
});

test.for([
  [['preflight', 'client'], '--cert: is not given'],
  [['preflight', 'client', '--cert', 'a'], '--cert: is given without --key'],
  [['preflight', 'client', '--cert', 'a', '--key', 'b', '--current-cert', 'c'], '--current-key'],
  [['preflight', 'gateway', '--cert', 'a', '--key', 'b'], '--client-ca: is not given'],
  [['preflight', 'compare', '--before', 'a'], '--after: is not given'],
  [['preflight', 'compare', '--before', 'absent', '--after', 'absent'], 'ENOENT'],
  [['preflight', 'client', '--cert', 'a', '--key', 'b', '--format', 'xml'], '"xml"'],
  [['preflight'], 'one of preflight client, preflight gateway, preflight compare'],
] as const)('%j: exit code 2', async ([args, expected]) => {
  const { code, stdout, stderr } = await sidelight(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(expected);
});

test('files that are not there are a finding', async () => {
  const { code, stdout } = await sidelight([
    ...['preflight', 'client', '--cert', '/absent.crt', '--key', '/absent.key'],
    ...['--format', 'json'],
  ]);
  expect(code).toBe(1);
  const failed = JSON.parse(stdout).checks.filter(
    ({ outcome }: { outcome: string }) => outcome === 'failed',
  );
  expect(failed).toMatchObject([{ code: 'client-certificate-file-missing' }]);
});
