/** A rotation from beginning to end, and the incident: a wrong client CA, caught before the rollout and after it. */

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { runPreflightClient } from '../../src/agent/preflight/client.ts';
import { watchRotation } from '../../src/agent/preflight/watch-rotation.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { CredentialConfig, TargetConfig } from '../../src/config/config.ts';
import { type Gateway, startGateway } from '../../src/demo/gateway.ts';
import type { Preflight } from '../../src/preflight/preflight.ts';
import type { Looked } from '../../src/preflight/rotation.ts';
import { type Issued, makePki, type Pki } from '../support/openssl.ts';
import { sidelight, startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
let pki: Pki;
let oldCa: Issued;
let newCa: Issued;
let wrongCa: Issued;
let gatewayCa: Issued;
let server: Issued;
let oldClient: Issued;
let newClient: Issued;
const closing: (() => unknown)[] = [];

beforeAll(() => {
  pki = makePki(directory);
  oldCa = pki.ca('Delegate CA 2025');
  newCa = pki.ca('Delegate CA 2026');
  wrongCa = pki.ca('Billing Service CA');
  gatewayCa = pki.ca('Gateway CA');
  server = pki.server({ ca: gatewayCa });
  oldClient = pki.leaf({ cn: 'delegate-1', ca: oldCa });
  newClient = pki.leaf({ cn: 'delegate-1', ca: newCa });
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openGateway(): Promise<Gateway> {
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: oldCa.cert,
  });
  closing.push(gateway.close);
  return gateway;
}

const filesOf = ({ certPath, keyPath }: Issued): CredentialConfig => ({ certPath, keyPath });

function aimAt({ port }: Pick<Gateway, 'port'>, credential: CredentialConfig): TargetConfig {
  return {
    url: new URL(`https://localhost:${port}/`),
    address: '127.0.0.1',
    credential: { ...credential, caPath: gatewayCa.certPath },
    tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] },
  };
}

/** A mounted secret, and what swaps it as Kubernetes does. */
function mount(first: Issued): { files: CredentialConfig; swap: (next: Issued) => void } {
  const volume = mkdtempSync(join(directory, 'volume-'));
  let issues = 0;
  const swap = (next: Issued): void => {
    issues += 1;
    mkdirSync(join(volume, `..${issues}`));
    writeFileSync(join(volume, `..${issues}`, 'tls.crt'), next.cert);
    writeFileSync(join(volume, `..${issues}`, 'tls.key'), next.key);
    symlinkSync(`..${issues}`, join(volume, '..tmp'));
    renameSync(join(volume, '..tmp'), join(volume, '..data'));
  };
  swap(first);
  for (const name of ['tls.crt', 'tls.key']) symlinkSync(`..data/${name}`, join(volume, name));
  return {
    files: { certPath: join(volume, 'tls.crt'), keyPath: join(volume, 'tls.key') },
    swap,
  };
}

/** Whether the live gateway accepts the new credential, and the one in use today. */
async function overlaps(gateway: Gateway): Promise<readonly string[]> {
  const checks = await runPreflightClient(
    {
      target: aimAt(gateway, filesOf(newClient)),
      isLive: true,
      current: filesOf(oldClient),
      timeoutMs: 5000,
      experiments: false,
      failOn: 'failed',
      format: 'text',
    },
    { clock: systemClock, signal: new AbortController().signal },
  );
  return checks.slice(-2).map(({ outcome }) => outcome);
}

test('a whole rotation: old, overlap, new, old withdrawn; and the verdict is good', async () => {
  const gateway = await openGateway();
  const secret = mount(oldClient);
  const ending = new AbortController();
  closing.push(() => ending.abort());
  const looks: Looked[] = [];
  const watching = watchRotation(
    { targets: [aimAt(gateway, secret.files)], timeoutMs: 5000, intervalMs: 100, forMs: 60_000 },
    {
      clock: systemClock,
      signal: ending.signal,
      onLook: (_gateway, looked) => void looks.push(looked),
    },
  );
  const nextLook = async (): Promise<string | undefined> => {
    const begun = looks.length + 1;
    await expect.poll(() => looks.length, { interval: 20, timeout: 5000 }).toBeGreaterThan(begun);
    const { diagnosis, evidence } = looks.at(-1) ?? {};
    return `${diagnosis?.outcome} ${evidence?.clientCertificate?.sha256}`;
  };
  expect(await nextLook()).toBe(`accepted ${oldClient.sha256}`);
  expect(await overlaps(gateway)).toEqual(['failed', 'passed']);
  gateway.useClientCa(oldCa.cert + newCa.cert);
  expect(await nextLook()).toBe(`accepted ${oldClient.sha256}`);
  expect(await overlaps(gateway)).toEqual(['passed', 'passed']);
  secret.swap(newClient);
  expect(await nextLook()).toBe(`accepted ${newClient.sha256}`);
  gateway.useClientCa(newCa.cert);
  expect(await nextLook()).toBe(`accepted ${newClient.sha256}`);
  expect(await overlaps(gateway)).toEqual(['passed', 'failed']);
  ending.abort();
  // A resumed handshake has no certificates.
  const handshakes = looks.map(({ evidence: { tls } }) => tls?.serverCertificates?.[0]?.sha256);
  expect(new Set(handshakes)).toEqual(new Set([server.sha256]));
  const [before, throughout, warnings, changes] = await watching;
  const judged = [before, throughout, warnings].map((check) => check?.outcome);
  expect(judged).toEqual(['passed', 'passed', 'passed']);
  const told = changes?.evidence.join('\n') ?? '';
  expect(told).toContain(`clientCertificate.sha256 was ${oldClient.sha256}`);
  expect(told).toContain('tls.certificateAuthorities was ["CN=Delegate CA 2025"]');
  expect(told).toContain('and then ["CN=Delegate CA 2026"].');
});

test('the incident: a wrong client CA is caught before the rollout', async () => {
  const ended = await sidelight([
    ...['preflight', 'gateway', '--cert', server.certPath, '--key', server.keyPath],
    ...['--client-ca', wrongCa.certPath, '--clients', oldClient.certPath],
    ...['--ca', gatewayCa.certPath, '--server-name', 'localhost', '--format', 'json'],
  ]);
  expect(ended.code).toBe(1);
  const { verdict, checks }: Preflight = JSON.parse(ended.stdout);
  expect(verdict).toBe('broken');
  const broken = checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code);
  expect(new Set(broken)).toEqual(new Set(['client-issuer-not-accepted']));
});

const intervalMs = 1000;

test('the incident: a wrong client CA is told within one interval after the rollout, and is the verdict', async () => {
  const gateway = await openGateway();
  const running = startSidelight([
    ...['watch-rotation', `https://localhost:${gateway.port}/`, '--address', '127.0.0.1'],
    ...['--cert', oldClient.certPath, '--key', oldClient.keyPath, '--ca', gatewayCa.certPath],
    ...['--for', '1h', '--interval', `${intervalMs}ms`, '--format', 'json'],
  ]);
  closing.push(() => running.signal('SIGKILL'));
  await expect.poll(running.stderr, { interval: 20, timeout: 10_000 }).toContain(': accepted\n');
  gateway.useClientCa(wrongCa.cert);
  const rolledOutMs = Date.now();
  await expect.poll(running.stderr, { interval: 20, timeout: 10_000 }).toContain(': rejected');
  running.signal('SIGINT');
  expect(await running.ended).toBe(1);
  const { verdict, checks }: Preflight = JSON.parse(running.stdout());
  expect(verdict).toBe('broken');
  const [before, throughout, , changes] = checks;
  expect(before?.outcome).toBe('passed');
  expect(throughout).toMatchObject({ code: 'gateway-client-ca-changed', outcome: 'failed' });
  const [, refusedAt = ''] =
    /^(\S+): rejected\.$/m.exec(throughout?.evidence.join('\n') ?? '') ?? [];
  expect(Date.parse(refusedAt) - rolledOutMs).toBeLessThanOrEqual(intervalMs);
  expect(changes?.evidence.join('\n')).toContain('and then ["CN=Billing Service CA"].');
});

test('a watch ends with a look when its time is over, however long its interval', async () => {
  const gateway = await openGateway();
  const times: number[] = [];
  const startedMs = Date.now();
  const [, throughout] = await watchRotation(
    {
      targets: [aimAt(gateway, filesOf(oldClient))],
      timeoutMs: 5000,
      ...{ intervalMs: 60_000, forMs: 1500 },
    },
    {
      clock: systemClock,
      signal: new AbortController().signal,
      onLook: () => void times.push(Date.now() - startedMs),
    },
  );
  expect(times).toHaveLength(2);
  expect(times[1]).toBeGreaterThanOrEqual(1490);
  expect(throughout?.evidence[0]).toMatch(/^2 looks from /);
});

test('a watch tells of a gateway that stops asking for certificates', async () => {
  const options = { cert: server.cert, key: server.key };
  let asks = true;
  const open = createServer(options, (_request, answer) => answer.end('ok'));
  const demanding = createServer(
    { ...options, ca: oldCa.cert, requestCert: true },
    (_request, answer) => answer.end('ok'),
  );
  const front = createTcpServer((socket) => (asks ? demanding : open).emit('connection', socket));
  await once(front.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => void front.close());
  const watching = watchRotation(
    {
      targets: [aimAt({ port: (front.address() as AddressInfo).port }, filesOf(oldClient))],
      timeoutMs: 5000,
      ...{ intervalMs: 200, forMs: 1000 },
    },
    {
      clock: systemClock,
      signal: new AbortController().signal,
      onLook: () => {
        asks = false;
      },
    },
  );
  const outcomes = (await watching).map(({ code, outcome }) => [code, outcome]);
  expect(outcomes).toEqual([
    ['compare-before-accepted', 'passed'],
    ['gateway-accepts-client', 'passed'],
    ['compare-warnings', 'warning'],
    ['compare-changes', 'passed'],
  ]);
});

test('a watch that ends with its time is good where nothing turned; a wrong span could not run', async () => {
  const gateway = await openGateway();
  const options = [
    ...['watch-rotation', `https://localhost:${gateway.port}/`, '--address', '127.0.0.1'],
    ...['--cert', oldClient.certPath, '--key', oldClient.keyPath, '--ca', gatewayCa.certPath],
  ];
  const good = await sidelight([...options, '--for', '1s', '--interval', '400ms']);
  expect(good.stdout).toContain('Good: nothing breaks with this rotation.');
  expect(good.stdout).toContain('all accepted after the first');
  expect(good.code).toBe(0);
  const wrong = await sidelight([...options, '--for', 'ever']);
  expect(wrong.stderr).toContain('--for');
  expect(wrong.code).toBe(2);
});
