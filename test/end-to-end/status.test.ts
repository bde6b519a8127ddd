/** `sidelight status` beside a running agent, as processes: what it says of targets and receivers, sudden death, and that metrics and heartbeats say the same. */
import { lstatSync, readdirSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { startGateway } from '../../src/demo/gateway.ts';
import type { Report } from '../../src/report/report.ts';
import type { Status } from '../../src/report/status.ts';
import { type Issued, makePki, type Pki } from '../support/openssl.ts';
import { type Ended, type Running, sidelight, startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const patience = { timeout: 20_000, interval: 300 };
let pki: Pki;
let delegateCa: Issued;
let server: Issued;
let client: Issued;
let gatewayCa: Issued;

beforeAll(() => {
  pki = makePki(directory);
  delegateCa = pki.ca('Delegate CA');
  gatewayCa = pki.ca('Gateway CA');
  server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
});

async function openGateway(): Promise<number> {
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: delegateCa.cert,
  });
  onTestFinished(gateway.close);
  return gateway.port;
}

function started(args: readonly string[]): Running {
  const running = startSidelight(args);
  onTestFinished(async () => {
    running.signal('SIGKILL');
    await running.ended;
  });
  return running;
}

async function openHome(name: string): Promise<number> {
  const running = started(['home', '--listen', '127.0.0.1:0', '--data', join(directory, name)]);
  await expect.poll(running.stderr, patience).toContain('home listens');
  return Number(/url=http:\/\/127\.0\.0\.1:(\d+)/.exec(running.stderr())?.[1]);
}

/** A receiver that refuses every report for good. */
async function openRefuser(): Promise<number> {
  const refuser = createHttpServer((request, response) => {
    request.resume().once('end', () => response.writeHead(422).end());
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void refuser.close().closeAllConnections());
  await new Promise((resolve) => refuser.once('listening', resolve));
  return (refuser.address() as AddressInfo).port;
}

/** One that nobody listens at. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

const ask = (stateDir: string, ...args: readonly string[]): Promise<Ended> =>
  sidelight(['status', '--state-dir', stateDir, ...args]);

async function statusIn(stateDir: string): Promise<Status & { readonly code: number | null }> {
  const { code, stdout } = await ask(stateDir, '--format', 'json');
  return { ...JSON.parse(stdout), code };
}

/** Before that, a signal that asks for a look ends the process. */
async function awake(running: Running): Promise<void> {
  await expect.poll(running.stderr, patience).toContain('started');
}

function reports(running: Running): readonly Report[] {
  return running
    .stdout()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

test('an agent is asked from its start through trouble to sudden death; metrics, heartbeats and status agree', async () => {
  const [gateway, home, refuser, nobody, metrics] = await Promise.all([
    openGateway(),
    openHome('home'),
    openRefuser(),
    freePort(),
    freePort(),
  ]);
  const stateDir = join(directory, 'state');
  const config = pki.write(
    'agent.json',
    JSON.stringify({
      stateDir,
      home: { url: `http://127.0.0.1:${home}/` },
      homes: [
        { name: 'vendor', url: `http://127.0.0.1:${nobody}/` },
        { name: 'strict', url: `http://127.0.0.1:${refuser}/` },
      ],
      targets: [{ url: `https://localhost:${gateway}/?token=hidden`, address: '127.0.0.1' }],
    }),
  );
  const agent = started([
    ...['run', '--config', config, '--interval', '1s', '--heartbeat', '1s'],
    ...['--cert', client.certPath, '--key', client.keyPath, '--ca', gatewayCa.certPath],
    ...['--metrics', `127.0.0.1:${metrics}`],
  ]);
  await awake(agent);
  await expect
    .poll(() => {
      agent.signal('SIGUSR2');
      return reports(agent).some(({ delivery }) => delivery?.homes?.[2]?.lost.rejected === 1);
    }, patience)
    .toBe(true);
  await expect
    .poll(async () => (await statusIn(stateDir)).findings, patience)
    .toEqual(['receiver-troubled']);

  const status = await statusIn(stateDir);
  const { code, ...document } = status;
  const schema = JSON.parse((await sidelight(['schema', '--of', 'status'])).stdout);
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  validate(document);
  expect(validate.errors).toBeNull();
  const [report] = reports(agent);
  expect(status).toMatchObject({
    code: 1,
    verdict: 'troubled',
    source: 'agent',
    agent: {
      running: true,
      pid: agent.pid,
      runId: report?.runId,
      id: report?.agent.id,
      version: report?.agent.version,
    },
    state: { directory: stateDir, durable: true },
    targets: [
      {
        label: `https://localhost:${gateway}/ 127.0.0.1`,
        outcome: 'accepted',
        since: report?.time,
      },
    ],
    eventsDropped: { stdout: 0 },
  });
  const [target] = status.targets;
  expect(target?.attempts).toBeGreaterThan(1);
  expect(target?.lastLookAt?.localeCompare(target.since ?? '')).toBe(1);
  expect(target?.nextLookAt?.localeCompare(status.time)).toBeGreaterThanOrEqual(0);
  expect(status.agent.memoryBytes).toBeGreaterThan(20_000_000);

  // Depth, oldest, losses by reason and last success of each receiver, thrice.
  const heartbeat = reports(agent).findLast(({ event }) => event === 'heartbeat');
  const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
  for (const receivers of [status.receivers, heartbeat?.delivery?.homes]) {
    expect(receivers).toMatchObject([
      { name: 'home', lost: { age: 0, size: 0, rejected: 0 }, lastSuccessTime: expect.any(String) },
      { name: 'vendor', lost: { age: 0, size: 0, rejected: 0 }, oldestTime: report?.time },
      { name: 'strict', lost: { age: 0, size: 0 } },
    ]);
    expect(receivers?.[1]?.waiting).toBeGreaterThan(0);
    expect(receivers?.[1]?.waitingBytes).toBeGreaterThan(1000);
    expect(receivers?.[1]).not.toHaveProperty('lastSuccessTime');
    expect(receivers?.[2]?.lost.rejected).toBeGreaterThan(0);
  }
  for (const metric of [
    /^sidelight_receiver_spool_reports\{receiver="vendor"\} [1-9]/m,
    /^sidelight_receiver_spool_bytes\{receiver="vendor"\} [1-9]\d{3}/m,
    /^sidelight_receiver_oldest_report_timestamp_seconds\{receiver="vendor"\} \d{10}/m,
    /^sidelight_receiver_last_success_timestamp_seconds\{receiver="home"\} \d{10}/m,
    /^sidelight_receiver_reports_lost_total\{receiver="vendor",reason="(?:age|size|rejected)"\} 0/m,
    /^sidelight_receiver_reports_lost_total\{receiver="strict",reason="rejected"\} [1-9]/m,
  ]) {
    expect(text).toMatch(metric);
  }
  expect(status.receivers[0]).not.toHaveProperty('trouble');
  expect(status.receivers[1]?.trouble).toMatchObject({
    code: 'unreachable',
    error: 'ECONNREFUSED',
    since: expect.any(String),
  });

  const spoken = await ask(stateDir);
  expect(spoken).toMatchObject({ code: 1, stderr: '' });
  expect(spoken.stdout).toMatch(
    /^Trouble: (?:vendor does|2 of 3 receivers do) not take reports\.\nNext: look at the way /,
  );
  expect(spoken.stdout + JSON.stringify(status)).not.toContain('hidden');
  expect(await sidelight(['status', '--config', config])).toMatchObject({ code: 1 });

  const socket = join(stateDir, 'agent.sock');
  expect(lstatSync(socket).mode & 0o777).toBe(0o600);
  agent.signal('SIGKILL');
  await agent.ended;
  expect(lstatSync(socket).isSocket()).toBe(true);
  const left = readdirSync(stateDir);
  const after = await statusIn(stateDir);
  expect(readdirSync(stateDir)).toEqual(left);
  expect(after).toMatchObject({
    code: 1,
    findings: ['agent-not-running'],
    source: 'directory',
    agent: { running: false, id: report?.agent.id },
    targets: [{ label: `https://localhost:${gateway}/ 127.0.0.1` }],
  });
  expect(after.receivers.map(({ name }) => name)).toEqual(['home', 'strict', 'vendor']);
  expect(after.receivers[2]?.waiting).toBeGreaterThan(0);
}, 60_000);

test('all is well: exit 0; the socket of a killed agent makes room, and an orderly end leaves none', async () => {
  const gateway = await openGateway();
  const stateDir = join(directory, 'well');
  const args = [
    ...['run', `https://localhost:${gateway}/`, '--address', '127.0.0.1', '--interval', '1s'],
    ...['--cert', client.certPath, '--key', client.keyPath, '--ca', gatewayCa.certPath],
    ...['--state-dir', stateDir],
  ];
  const killed = started(args);
  await expect.poll(() => readdirSafe(stateDir), patience).toContain('agent.sock');
  killed.signal('SIGKILL');
  await killed.ended;
  const agent = started(args);
  await awake(agent);
  await expect
    .poll(async () => {
      agent.signal('SIGUSR2');
      return (await statusIn(stateDir)).verdict;
    }, patience)
    .toBe('good');
  expect(await ask(stateDir)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^Good: the agent runs and every target accepts this delegate\.\n/,
    ),
  });
  agent.signal('SIGTERM');
  expect(await agent.ended).toBe(0);
  expect(readdirSafe(stateDir)).not.toContain('agent.sock');
}, 60_000);

function readdirSafe(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

test('where no agent ever was, exit 2, and nothing is made', async () => {
  const { code, stdout } = await ask('/nowhere');
  expect(code).toBe(2);
  expect(stdout).toMatch(/^Unknown: \/nowhere does not tell of an agent \(not-there\)\.\nNext: /);
});
