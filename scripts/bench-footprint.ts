/** What the executable costs beside the least that could do the same work: time and memory of `check`, memory of `run`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makePki } from '../test/support/openssl.ts';
import { startSServer } from '../test/support/s-server.ts';
import {
  type Command,
  compare,
  highWaterBytes,
  peakBytes,
  verdictMs,
  wallMs,
} from './footprint/measure.ts';

const { values } = parseArgs({
  options: {
    executable: { type: 'string', default: join(import.meta.dirname, '../dist/sidelight') },
    pairs: { type: 'string', default: '21' },
    /** Of `run`. At one look a second instead of one a minute, a minute holds an hour's looks. */
    seconds: { type: 'string', default: '60' },
    only: { type: 'string' },
  },
});
const { executable } = values;
const pairs = Number(values.pairs);
const runMs = Number(values.seconds) * 1000;
const intervalMs = 1000;
const targets = 4;

if (!existsSync(executable)) throw new Error(`${executable} is missing: npm run build makes it`);
const directory = mkdtempSync(join(tmpdir(), 'bench-footprint-'));
const pki = makePki(directory);
const delegateCa = pki.ca('Delegate CA');
const gatewayCa = pki.ca('Gateway CA');
const server = pki.server({ ca: gatewayCa });
const client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
const serverArguments = [
  ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', delegateCa.certPath],
  ...['-Verify', '1', '-verify_return_error', '-www'],
];
const ownFiles = [gatewayCa.certPath, client.certPath, client.keyPath];
const gateways = await Promise.all(
  Array.from({ length: targets }, () => startSServer(...serverArguments)),
);
const ports = gateways.map(({ port }) => String(port));

try {
  if (values.only !== 'run') await benchCheck();
  if (values.only !== 'check') await benchRun();
} finally {
  await Promise.all(gateways.map(({ stop }) => stop()));
  rmSync(directory, { recursive: true, force: true });
}

async function benchCheck(): Promise<void> {
  const [port = ''] = ports;
  const ours: Command = {
    file: executable,
    args: [
      ...['check', `https://localhost:${port}/`, '--address', '127.0.0.1'],
      ...['--ca', gatewayCa.certPath, '--cert', client.certPath, '--key', client.keyPath],
      ...['--state-dir', join(directory, 'check')],
    ],
  };
  const bare: Command = { file: process.execPath, args: [script('bare-check'), port, ...ownFiles] };
  const verdict = await compare(ours, bare, pairs, verdictMs);
  print('check, start to verdict', verdict.ratio, inMs(verdict.ours), inMs(verdict.bare), 1.5);
  const time = await compare(ours, bare, pairs, wallMs);
  print('check, start to exit', time.ratio, inMs(time.ours), inMs(time.bare), 1.5);
  const memory = await compare(ours, bare, pairs, peakBytes);
  print('check, peak memory', memory.ratio, inMb(memory.ours), inMb(memory.bare), 1.3);
}

/** Both at the same time: what disturbs the machine disturbs both. */
async function benchRun(): Promise<void> {
  const homePort = String(await freePort());
  const home = start(executable, [
    ...['home', '--listen', `127.0.0.1:${homePort}`, '--data', join(directory, 'home')],
  ]);
  const ours = start(executable, [
    ...['run', ...ports.map((port) => `https://localhost:${port}/`), '--address', '127.0.0.1'],
    ...['--ca', gatewayCa.certPath, '--cert', client.certPath, '--key', client.keyPath],
    ...['--state-dir', join(directory, 'run'), '--home', `http://127.0.0.1:${homePort}`],
    ...['--interval', `${intervalMs}ms`, '--format', 'json'],
  ]);
  const bare = start(process.execPath, [
    ...[script('bare-run'), String(intervalMs), ...ownFiles, ...ports],
  ]);
  try {
    await sleep(runMs);
    const [a, b] = [ours, bare].map(({ pid = 0 }) => highWaterBytes(pid));
    if (a === undefined || b === undefined) throw new Error(`one ended early: see ${directory}`);
    print(`run, peak memory in ${runMs / 1000} s`, a / b, inMb(a), inMb(b), 1.25);
  } finally {
    await Promise.all([ours, bare, home].map(end));
  }
}

function start(file: string, args: readonly string[]): ChildProcess {
  const output = openSync(join(directory, 'output'), 'a');
  return spawn(file, args, {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', output, output],
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function script(name: string): string {
  return join(import.meta.dirname, 'footprint', `${name}.mjs`);
}

function print(what: string, ratio: number, ours: string, bare: string, goal: number): void {
  const against = `${ours} against ${bare} bare`;
  process.stdout.write(`${what}: ${ratio.toFixed(2)} (${against}; goal ${goal})\n`);
}

function inMs(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`;
}

function inMb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
