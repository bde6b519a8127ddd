/** `sidelight preflight client` where a delegate runs and where a configuration is, and with a live gateway behind a middlebox. */
import { chmodSync, existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { CheckResult } from '../../src/preflight/check.ts';
import type { Preflight } from '../../src/preflight/preflight.ts';
import { startFilter } from '../support/filter.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { startSServer } from '../support/s-server.ts';
import { sidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const ca = pki.ca('Delegate CA');
const gatewayCa = pki.ca('Gateway CA');
const server = pki.server({ ca: gatewayCa });
const [client, other] = ['delegate-1', 'delegate-2'].map((cn) =>
  owned(pki.leaf({ cn, ca, keyType: 'rsa' })),
);
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function owned(issued: Issued): Issued {
  chmodSync(issued.keyPath, 0o600);
  return issued;
}

async function preflight(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<readonly CheckResult[]> {
  const command = ['preflight', 'client', ...args, '--format', 'json'];
  const { stdout, stderr } = await sidelight(command, env);
  expect(stderr).toBe('');
  const { checks }: Preflight = JSON.parse(stdout);
  return checks;
}

/** The path in the evidence of the check that all files are there. */
const judged = ([first]: readonly CheckResult[]) => first?.evidence[0]?.replace(/,.*/, '');

const broken = (checks: readonly CheckResult[]) =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code);

test("inside a delegate's container the delegate's own files are judged, without an option", async () => {
  const checks = await preflight([], {
    DELEGATE_CLIENT_CERTIFICATE_PATH: `${client?.certPath}`,
    DELEGATE_CLIENT_CERTIFICATE_KEY_PATH: `${client?.keyPath}`,
  });
  expect(judged(checks)).toBe(client?.certPath);
  expect(broken(checks)).toEqual([]);
});

test.runIf(!existsSync('/etc/mtls'))(
  'without a delegate it says which options it needs',
  async () => {
    const { code, stderr } = await sidelight(['preflight', 'client']);
    expect(code).toBe(2);
    expect(stderr).toContain('--cert: is not given');
  },
);

const configured = (name: string, targets: readonly object[]): readonly string[] => [
  ...['--config', pki.write(name, JSON.stringify({ targets, experiments: 'off', timeout: '1s' }))],
];

test('the credential of a configuration file is judged: of its only target, or of the one that is tried', async () => {
  const closed = 'https://localhost:9/';
  const [one, two] = [client, other].map((issued) => ({
    ...{ cert: issued?.certPath, key: issued?.keyPath, address: '127.0.0.1' },
  }));
  const only = configured('one.json', [{ url: closed, ...one }]);
  const checks = await preflight(only);
  expect(judged(checks)).toBe(client?.certPath);
  // It is tried only where that is asked for.
  expect(checks.at(-2)).toMatchObject({ outcome: 'skipped', evidence: ['No --against is given.'] });
  const both = configured('two.json', [
    { url: 'https://localhost:8/', ...one },
    { url: closed, ...two },
  ]);
  const tried = await preflight([...both, '--against', closed]);
  expect(judged(tried)).toBe(other?.certPath);
  expect(broken(tried)).toEqual(['tcp-refused']);
});

test('with a live gateway, experiments tell what a single look cannot', async () => {
  const gateway = await startSServer(
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', ca.certPath],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  );
  closing.push(gateway.stop);
  const filter = await startFilter(gateway.port, (hello) => hello.length <= 1400);
  closing.push(filter.stop);
  const pair = ({ certPath, keyPath }: Issued) => ['--cert', certPath, '--key', keyPath];
  const args = [
    ...pair(client as Issued),
    ...['--against', `https://localhost:${filter.port}/`, '--address', '127.0.0.1'],
    ...['--ca', gatewayCa.certPath, '--timeout', '2s'],
  ];
  const current = ['--current-cert', `${other?.certPath}`, '--current-key', `${other?.keyPath}`];
  expect(broken(await preflight([...args, ...current]))).toEqual([
    'client-hello-too-large',
    'client-hello-too-large',
  ]);
  const connections = filter.connections();
  const [code, ...rest] = broken(await preflight([...args, '--experiments', 'off']));
  expect(rest).toEqual([]);
  expect(code).not.toBe('client-hello-too-large');
  expect(filter.connections()).toBe(connections + 1);
});
