/** What faults are played on: a gateway, something between it and the agent, and the agent as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { startGateway } from '../../src/demo/gateway.ts';
import type { Report } from '../../src/report/report.ts';
import { type Issued, makePki, type Pki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Processes start, stop and go on: seconds each, and more where others work beside us. */
export const slow = { timeout: 40_000 } as const;

export interface Stage {
  readonly directory: string;
  readonly pki: Pki;
  readonly delegateCa: Issued;
  readonly gatewayCa: Issued;
  readonly server: Issued;
  readonly client: Issued;
  /** Called after the test, the last first. */
  readonly closing: (() => unknown)[];
}

export function setStage(): Stage {
  const directory = temporaryDirectory();
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  const pki = makePki(directory);
  const delegateCa = pki.ca('Delegate CA');
  const gatewayCa = pki.ca('Gateway CA');
  const server = pki.server({ ca: gatewayCa });
  const client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
  return { directory, pki, delegateCa, gatewayCa, server, client, closing };
}

/** Between agent and gateway; told when an agent has begun its handshake, before the gateway hears of it. */
export async function startBetween(
  { server, delegateCa, closing }: Stage,
  onHello: (towards: Socket) => unknown,
): Promise<number> {
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: delegateCa.cert,
  });
  closing.push(gateway.close);
  const between = createServer((agent) => {
    const upstream = connect(gateway.port, '127.0.0.1');
    for (const socket of [agent, upstream]) {
      socket.on('error', () => {});
      closing.push(() => socket.destroy());
    }
    agent.once('data', async (hello) => {
      agent.pause();
      await onHello(agent);
      upstream.write(hello);
      agent.pipe(upstream).pipe(agent);
    });
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  closing.push(() => between.close());
  return (between.address() as AddressInfo).port;
}

export interface Agent {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<unknown>;
  /** Every event so far. */
  reports(): readonly Report[];
  signal(name: NodeJS.Signals): void;
  /** At most twice a second, and once it has begun: before that the signal would end it. */
  askForLook(): void;
}

const askMs = 500;

/** `within`: a command that runs another, in whose place it is then; empty: none. */
export function startAgent(
  { directory, client, gatewayCa, closing }: Stage,
  args: readonly string[],
  within: readonly string[] = [],
): Agent {
  const program = [process.execPath, join(import.meta.dirname, '../../bin/sidelight.ts')];
  const credential = ['--cert', client.certPath, '--key', client.keyPath];
  const usual = ['--ca', gatewayCa.certPath, '--proxy', 'none', '--format', 'json'];
  const own = ['--state-dir', mkdtempSync(join(directory, 'state-')), '--experiments', 'off'];
  const all = [...program, ...args, ...credential, ...usual, ...own];
  const [command = '', ...rest] = [...within, ...all];
  const child = spawn(command, rest, {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: heard(child, 'stdout'), stderr: heard(child, 'stderr') };
  const ended = once(child, 'close');
  let nextAskMs = 0;
  closing.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid: child.pid ?? 0,
    ...said,
    ended,
    reports: () =>
      said
        .stdout()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Report),
    signal: (name) => void child.kill(name),
    askForLook: () => {
      if (!said.stderr().includes('started') || performance.now() < nextAskMs) return;
      nextAskMs = performance.now() + askMs;
      child.kill('SIGUSR2');
    },
  };
}

function heard(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[stream]?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return () => text;
}

/** What the last event says: `accepted`, or the cause. Asks for a look, as the next may be far away. */
export function lastWord(agent: Agent): string | undefined {
  agent.askForLook();
  const last = agent.reports().at(-1);
  return last?.cause?.code ?? last?.outcome;
}
