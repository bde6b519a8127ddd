/** A process that is stopped and goes on: what that did to a look is told as our own, and as nobody else's fault. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startGateway } from '../../src/demo/gateway.ts';
import type { Report } from '../../src/report/report.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { type Running, startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const closing: (() => unknown)[] = [];
let server: Issued;
let client: Issued;
let gatewayCa: Issued;
let delegateCa: Issued;

beforeAll(() => {
  const pki = makePki(directory);
  delegateCa = pki.ca('Delegate CA');
  gatewayCa = pki.ca('Gateway CA');
  server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Between agent and gateway; told when the agent has begun its handshake, before the gateway hears of it. */
async function startBetween(onHello: (towards: Socket) => void): Promise<number> {
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: delegateCa.cert,
  });
  closing.push(gateway.close);
  const between = createServer((agent) => {
    const upstream = connect(gateway.port, '127.0.0.1');
    for (const socket of [agent, upstream]) socket.on('error', () => {});
    closing.push(
      () => agent.destroy(),
      () => upstream.destroy(),
    );
    agent.once('data', () => onHello(agent));
    agent.pipe(upstream).pipe(agent);
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  closing.push(() => between.close());
  return (between.address() as AddressInfo).port;
}

function start(command: string, port: number, ...args: readonly string[]): Running {
  const running = startSidelight([
    ...[command, `https://localhost:${port}/`, '--address', '127.0.0.1', '--experiments', 'off'],
    ...['--cert', client.certPath, '--key', client.keyPath, '--ca', gatewayCa.certPath],
    ...['--proxy', 'none', '--format', 'json', ...args],
  ]);
  closing.push(async () => {
    running.signal('SIGKILL');
    await running.ended;
  });
  return running;
}

/** Stopped when its ClientHello is out, for longer than it would wait for an answer. */
async function checkStopped(onHello: (towards: Socket) => void): Promise<Report> {
  const known: { check?: Running } = {};
  const port = await startBetween((towards) => {
    known.check?.signal('SIGSTOP');
    onHello(towards);
    setTimeout(() => known.check?.signal('SIGCONT'), 2_500);
  });
  known.check = start('check', port, '--timeout', '1s');
  await known.check.ended;
  return JSON.parse(known.check.stdout()) as Report;
}

test('an answer that came while the process was stopped is read, though the deadline is over', async () => {
  const report = await checkStopped(() => undefined);
  expect(report.outcome).toBe('accepted');
  expect(report.stalledMs).toBeGreaterThan(2_000);
});

test('a peer that lost patience while the process was stopped refused nobody, and is not blamed', async () => {
  const report = await checkStopped((towards) => towards.resetAndDestroy());
  expect(report.outcome).toBe('failed');
  expect(report.cause).toMatchObject({ code: 'process-stalled', side: 'delegate' });
  expect(report.cause?.evidence[0]).toMatch(
    /^This process did not run for 2\.\d s of this look\.$/,
  );
});

test('a peer that says nothing to a process that runs is blamed as ever', async () => {
  const silent = createServer((socket) => void closing.push(() => socket.destroy()));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  closing.push(() => silent.close());
  const check = start('check', (silent.address() as AddressInfo).port, '--timeout', '1s');
  await check.ended;
  const report = JSON.parse(check.stdout()) as Report;
  expect(report.cause?.code).toBe('handshake-timeout');
  expect(report.stalledMs).toBeUndefined();
});

test('an agent that slept between two looks says how late it was, and reports no trouble', async () => {
  const port = await startBetween(() => undefined);
  const agent = start('run', port, '--interval', '500ms', '--metrics', '127.0.0.1:0');
  await expect.poll(() => agent.stderr()).toContain('started');
  const [, metricsPort] = /"port":(\d+),"msg":"metrics/.exec(agent.stderr()) ?? [];
  agent.signal('SIGUSR2');
  await expect.poll(() => agent.stdout()).toContain('"outcome":"accepted"');
  await pause(100);
  agent.signal('SIGSTOP');
  await pause(3_000);
  agent.signal('SIGCONT');
  const late = /look_lateness_seconds_bucket\{[^}]*le="1"\} (\d+)\n.*le="5"\} (\d+)/;
  await expect
    .poll(async () => {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const [, within1 = '0', within5 = '0'] = late.exec(text) ?? [];
      return Number(within5) - Number(within1);
    })
    .toBeGreaterThanOrEqual(1);
  const outcomes = agent
    .stdout()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as Report).outcome);
  expect(new Set(outcomes)).toEqual(new Set(['accepted']));
});
