/** `sidelight run` and `sidelight home` as processes that speak by WebSocket: sudden death of either, and a look that home asks for. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { listReports } from '../../src/home/list-reports.ts';
import { type Issued, makePki, type Pki } from '../support/openssl.ts';
import { type Running, sidelight, startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const patience = { timeout: 12_000 };
let pki: Pki;
let ca: Issued;
let server: Issued;
let tokens: string;
let token: string;

beforeAll(() => {
  pki = makePki(directory);
  ca = pki.ca('Test CA');
  server = pki.server({ ca });
  tokens = pki.write('tokens', 'alpha the-token\n');
  token = pki.write('token', 'the-token\n');
});

function started(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const running = startSidelight(args, env);
  onTestFinished(async () => {
    running.signal('SIGKILL');
    await running.ended;
  });
  return running;
}

interface Home extends Running {
  readonly port: number;
  readonly data: string;
}

async function home(name: string, port = 0): Promise<Home> {
  const data = join(directory, name);
  const running = started([
    ...['home', '--listen', `127.0.0.1:${port}`, '--data', data],
    ...['--cert', server.certPath, '--key', server.keyPath, '--token-file', tokens],
  ]);
  await expect.poll(() => running.stderr(), patience).toContain('home listens');
  const listens = Number(/url=https:\/\/127\.0\.0\.1:(\d+)/.exec(running.stderr())?.[1]);
  return { ...running, port: listens, data };
}

function agent(name: string, homePort: number, gatewayPort: number): Running {
  const args = [
    ...['run', `https://localhost:${gatewayPort}/`, '--address', '127.0.0.1', '--interval', '1h'],
    ...['--ca', ca.certPath, '--state-dir', join(directory, name), '--experiments', 'off'],
    ...['--home', `wss://localhost:${homePort}/`, '--home-ca', ca.certPath],
    ...['--home-token-file', token],
  ];
  return started(args, { DELEGATE_NAME: 'eu-1' });
}

interface Gateway {
  readonly port: number;
  readonly looks: () => number;
  behave(status: number): void;
}

async function gateway(): Promise<Gateway> {
  let looks = 0;
  let status = 200;
  const listener = createServer({ cert: server.cert, key: server.key }, (_, response) => {
    looks += 1;
    response.writeHead(status, { connection: 'close' }).end();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    listener.closeAllConnections();
    listener.close();
  });
  return {
    port: (listener.address() as AddressInfo).port,
    looks: () => looks,
    behave: (next) => {
      status = next;
    },
  };
}

const idsIn = (data: string): readonly string[] => [...listReports(data)].map(({ id }) => id);
const idsOf = (running: Running): readonly string[] =>
  running
    .stdout()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).id);

test('reports arrive by WebSocket, and a look that is asked for at home is made', async () => {
  const { port, looks, behave } = await gateway();
  const receiver = await home('asked');
  const running = agent('asking', receiver.port, port);
  await expect.poll(() => running.stderr(), patience).toContain('started');
  running.signal('SIGUSR2');
  await expect.poll(() => idsIn(receiver.data).length, patience).toBe(1);
  expect(idsIn(receiver.data)).toEqual(idsOf(running));
  const before = looks();
  behave(503);
  const asking = ['home', 'probe-now', '--data', receiver.data];
  const nobody = await sidelight([...asking, '--delegate', 'elsewhere']);
  expect([nobody.code, nobody.stdout]).toEqual([1, '0 agents were asked for a look\n']);
  const asked = await sidelight([...asking, '--delegate', 'eu-1']);
  expect([asked.code, asked.stdout, asked.stderr]).toEqual([
    0,
    '1 agent was asked for a look\n',
    '',
  ]);
  await expect.poll(looks, patience).toBeGreaterThan(before);
  await expect.poll(() => idsIn(receiver.data).length, patience).toBe(2);
  expect(running.stderr()).toContain('home asks for a look at once');
  expect((await sidelight([...asking, '--all'])).code).toBe(0);
  await expect.poll(() => running.stderr(), patience).toContain('too often');
  expect(running.stderr()).not.toContain('the-token');
}, 40_000);

test('nobody is asked where no home runs', async () => {
  const data = join(directory, 'absent');
  const { code, stderr } = await sidelight(['home', 'probe-now', '--all', '--data', data]);
  expect([code, stderr.includes('--data')]).toEqual([2, true]);
});

test('a home and an agent that are killed lose nothing and store nothing twice', async () => {
  const { port, behave } = await gateway();
  const receiver = await home('killed');
  const first = agent('killed-agent', receiver.port, port);
  await expect.poll(() => first.stderr(), patience).toContain('started');
  first.signal('SIGUSR2');
  await expect.poll(() => idsIn(receiver.data).length, patience).toBe(1);
  receiver.signal('SIGKILL');
  await receiver.ended;
  behave(503);
  first.signal('SIGUSR2');
  await expect.poll(() => idsOf(first).length, patience).toBe(2);
  first.signal('SIGKILL');
  await first.ended;
  const again = await home('killed', receiver.port);
  const second = agent('killed-agent', receiver.port, port);
  await expect.poll(() => idsIn(again.data).length, patience).toBeGreaterThanOrEqual(2);
  await expect.poll(() => second.stderr(), patience).toContain('started');
  const stored = idsIn(again.data);
  expect(new Set(stored).size).toBe(stored.length);
  expect(stored).toEqual(expect.arrayContaining([...idsOf(first)]));
}, 40_000);
