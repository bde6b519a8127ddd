/** `sidelight run` and `sidelight home` as processes: changes of state, signals, sudden death, and the way home. */
import { readFileSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../src/demo/gateway.ts';
import type { Report } from '../../src/report/report.ts';
import { type Issued, makePki, type Pki } from '../support/openssl.ts';
import { type Running, sidelight, startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
let pki: Pki;
let delegateCa: Issued;
let wrongCa: Issued;
let server: Issued;
let client: Issued;
let gatewayCa: Issued;
const closing: (() => unknown)[] = [];

beforeAll(() => {
  pki = makePki(directory);
  delegateCa = pki.ca('Delegate CA');
  wrongCa = pki.ca('Billing Service CA');
  gatewayCa = pki.ca('Gateway CA');
  server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openGateway(): Promise<Gateway> {
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: delegateCa.cert,
  });
  closing.push(gateway.close);
  return gateway;
}

function run(port: number, name: string, ...args: readonly string[]): Running {
  const running = startSidelight([
    ...['run', `https://localhost:${port}/`, '--address', '127.0.0.1', '--interval', '1s'],
    ...['--cert', client.certPath, '--key', client.keyPath, '--ca', gatewayCa.certPath],
    ...['--state-dir', join(directory, name), ...args],
  ]);
  closing.push(() => end(running));
  return running;
}

async function end(running: Running): Promise<number | null> {
  running.signal('SIGKILL');
  return running.ended;
}

const parse = (lines: string): Report[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Waits for that many events; asks for a look at once meanwhile, as the first one may be seconds away. */
async function events(running: Running, count: number): Promise<readonly Report[]> {
  await expect
    .poll(
      () => {
        running.signal('SIGUSR2');
        return parse(running.stdout()).length;
      },
      { timeout: 10_000, interval: 200 },
    )
    .toBeGreaterThanOrEqual(count);
  return parse(running.stdout());
}

async function started(running: Running): Promise<void> {
  await expect.poll(() => running.stderr(), { timeout: 5000 }).toContain('started');
}

test('a change of state is one event, repeats are counted, and SIGTERM ends it within two seconds', async () => {
  const gateway = await openGateway();
  const running = run(gateway.port, 'changes');
  await started(running);
  const [first] = await events(running, 1);
  expect(first).toMatchObject({ outcome: 'accepted', event: 'state-changed', cause: null });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(parse(running.stdout())).toHaveLength(1);
  gateway.useClientCa(wrongCa.cert);
  const [, second] = await events(running, 2);
  expect(second).toMatchObject({
    outcome: 'rejected',
    cause: { code: 'gateway-client-ca-changed', side: 'gateway' },
    attempt: { repeats: expect.toSatisfy((repeats: number) => repeats > 0) },
  });
  const askedMs = performance.now();
  running.signal('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(performance.now() - askedMs).toBeLessThan(2000);
});

test('SIGHUP opens the log file that was moved away, and takes the new configuration', async () => {
  const gateway = await openGateway();
  const log = join(directory, 'events.log');
  const config = pki.write('sidelight.json', JSON.stringify({ targets: [] }));
  const url = `https://localhost:${gateway.port}/`;
  const target = { url, address: '127.0.0.1', ca: gatewayCa.certPath };
  const credential = { cert: client.certPath, key: client.keyPath };
  pki.write('sidelight.json', JSON.stringify({ targets: [{ ...target, ...credential }] }));
  const stateDir = join(directory, 'reload');
  const running = startSidelight([
    ...['run', '--config', config, '--log-file', log, '--state-dir', stateDir],
  ]);
  closing.push(() => end(running));
  await started(running);
  running.signal('SIGUSR2');
  await expect.poll(() => readFileSync(log, 'utf8')).toContain('"accepted"');
  renameSync(log, `${log}.1`);
  pki.write('sidelight.json', JSON.stringify({ targets: [target] }));
  running.signal('SIGHUP');
  await expect
    .poll(() => read(log), { timeout: 5000 })
    .toContain('client-certificate-not-configured');
  expect(readFileSync(`${log}.1`, 'utf8')).not.toContain('client-certificate-not-configured');
  pki.write('sidelight.json', '{ "targetz": [] }');
  running.signal('SIGHUP');
  await expect.poll(() => running.stderr()).toContain('targetz');
});

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

test('an own fault makes no connection, and a mended file is tried at once', async () => {
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  closing.push(() => listener.close());
  const { port } = listener.address() as { port: number };
  const missing = join(directory, 'later.key');
  const again = startSidelight([
    ...['run', `https://localhost:${port}/`, '--address', '127.0.0.1', '--ca', gatewayCa.certPath],
    ...['--cert', client.certPath, '--key', missing, '--state-dir', join(directory, 'local')],
  ]);
  closing.push(() => end(again));
  await started(again);
  const [first] = await events(again, 1);
  expect(first).toMatchObject({ outcome: 'failed', layer: 'local' });
  expect(connections).toBe(0);
  pki.write('later.key', client.key);
  await expect.poll(() => connections, { timeout: 6000 }).toBeGreaterThan(0);
});

test('home is away, three changes happen, the agent is killed and restarted: all arrive, none twice', async () => {
  const gateway = await openGateway();
  const token = pki.write('home.token', 'secret-of-home\n');
  const data = join(directory, 'home');
  const port = await freePort();
  const home = ['--home', `https://localhost:${port}/`, '--home-ca', gatewayCa.certPath];
  const first = run(gateway.port, 'torn', ...home, '--home-token-file', token);
  await started(first);
  await events(first, 1);
  gateway.useClientCa(wrongCa.cert);
  await events(first, 2);
  gateway.useClientCa(delegateCa.cert);
  const logged = (await events(first, 3)).map(({ id }) => id);
  await end(first);

  const receiver = startSidelight([
    ...['home', '--listen', `127.0.0.1:${port}`, '--data', data, '--token-file', token],
    ...['--cert', server.certPath, '--key', server.keyPath],
  ]);
  closing.push(() => end(receiver));
  await expect.poll(() => receiver.stderr(), { timeout: 5000 }).toContain('home listens');
  const second = run(gateway.port, 'torn', ...home, '--home-token-file', token);
  await started(second);
  const stored = async (): Promise<readonly Report[]> =>
    parse((await sidelight(['home', 'list', '--data', data, '--format', 'json'])).stdout);
  // What the second agent sees for itself may be there by then.
  const storedIds = async () => (await stored()).map(({ id }) => id);
  const waited = { timeout: 10_000, interval: 300 };
  await expect.poll(async () => (await storedIds()).slice(0, 3), waited).toEqual(logged);
  const all = await stored();
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  const reports = all.slice(0, 3);
  expect(reports.map(({ outcome }) => outcome)).toEqual(['accepted', 'rejected', 'accepted']);
  expect(`${first.stderr()}${second.stderr()}${receiver.stderr()}`).not.toContain('secret-of-home');
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
