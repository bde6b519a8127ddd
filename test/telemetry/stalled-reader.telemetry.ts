/** A stdout whose reader stops for a minute, or STALL_SECONDS: no look is late for it, and the loss is told afterwards. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, createReadStream, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startGateway } from '../../src/demo/gateway.ts';
import type { Report } from '../../src/report/report.ts';
import { makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { metricsPortOf } from './metrics-port.ts';

const stallMs = Number(process.env['STALL_SECONDS'] ?? 60) * 1_000;
const program = resolve(import.meta.dirname, '../../bin/sidelight.ts');
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

interface Agent {
  /** Begins to read what it writes. */
  read(): void;
  readonly events: Report[];
  readonly stderr: () => string;
  end(): Promise<number | null>;
}

/** With a pipe for stdout, as a shell or a container makes it; nobody reads it yet. */
async function startAgent(
  directory: string,
  name: string,
  args: readonly string[],
): Promise<Agent> {
  const pipe = join(directory, `${name}.pipe`);
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(pipe, constants.O_WRONLY);
  const child = spawn(
    process.execPath,
    [program, ...args, '--state-dir', join(directory, name), '--metrics', '127.0.0.1:0'],
    { stdio: ['ignore', writer, 'pipe'] },
  );
  closeSync(writer);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  onTestFinished(() => void child.kill('SIGKILL'));
  const events: Report[] = [];
  await expect.poll(() => said, { timeout: 10_000 }).toContain('started');
  child.kill('SIGUSR2');
  return {
    read: () => readLines(reader, events),
    events,
    stderr: () => said,
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function readLines(descriptor: number, events: Report[]): void {
  let rest = '';
  // A path of its own, for reading blocks a thread until there is something.
  const stream = createReadStream(`/proc/self/fd/${descriptor}`, { encoding: 'utf8' });
  stream.on('data', (text) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) events.push(JSON.parse(line));
  });
  stream.on('end', () => closeSync(descriptor));
}

/** How many looks there were, and how many of them began more than 50 ms after they were due. */
async function looksOf(agent: Agent): Promise<{ readonly all: number; readonly late: number }> {
  const answer = await fetch(`http://127.0.0.1:${metricsPortOf(agent)}/metrics`);
  const text = await answer.text();
  const bucket = (bound: string): number =>
    Number(
      new RegExp(`^sidelight_look_lateness_seconds_bucket\\{le="${bound}"\\} (\\d+)$`, 'm').exec(
        text,
      )?.[1],
    );
  return { all: bucket('\\+Inf'), late: bucket('\\+Inf') - bucket('0\\.05') };
}

test(`a reader that stops for ${stallMs / 1_000} s delays no look, and the loss is told afterwards`, {
  timeout: stallMs + 60_000,
}, async () => {
  const directory = temporaryDirectory();
  const pki = makePki(directory);
  const ca = pki.ca('CA');
  const server = pki.server({ ca });
  const client = pki.leaf({ cn: 'delegate-1', ca });
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: ca.cert,
  });
  onTestFinished(gateway.close);
  const url = `https://localhost:${gateway.port}`;
  const args = [
    ...['run', `${url}/a`, `${url}/b`, `${url}/c`, `${url}/d`, '--address', '127.0.0.1'],
    ...['--cert', client.certPath, '--key', client.keyPath, '--ca', ca.certPath],
    ...['--interval', '200ms', '--heartbeat', '200ms'],
  ];
  const stalled = await startAgent(directory, 'stalled', args);
  // The same beside it, with a reader: what is late there is late for want of this machine.
  const control = await startAgent(directory, 'control', args);
  control.read();
  await pause(3_000);
  const before = await Promise.all([looksOf(stalled), looksOf(control)]);
  await pause(stallMs);
  const after = await Promise.all([looksOf(stalled), looksOf(control)]);
  const [during, beside] = [0, 1].map((index) => ({
    looks: (after[index]?.all ?? 0) - (before[index]?.all ?? 0),
    late: (after[index]?.late ?? 0) - (before[index]?.late ?? 0),
  }));
  process.stdout.write(`${JSON.stringify({ stalled: during, control: beside })}\n`);
  expect(during?.looks).toBeGreaterThan(stallMs / 100);
  // A busy machine makes looks of both late, and a hitch of it may meet one agent's and not the other's.
  expect(during?.late).toBeLessThanOrEqual((beside?.late ?? 0) * 1.5 + 3);

  stalled.read();
  await expect.poll(() => stalled.stderr(), { timeout: 10_000 }).toContain('events were lost');
  await pause(1_000);
  expect(await stalled.end()).toBe(0);
  expect(await control.end()).toBe(0);
  const last = stalled.events.at(-1);
  const dropped = last?.eventsDropped?.stdout ?? 0;
  expect(dropped).toBeGreaterThan(0);
  expect(lostBetween(stalled.events)).toBe(dropped);
  const told = stalled
    .stderr()
    .split('\n')
    .filter((line) => line.includes('events were lost'))
    .map((line) => JSON.parse(line).events as number);
  expect(told.reduce((sum, count) => sum + count, 0)).toBe(dropped);
  expect(control.events.some(({ eventsDropped }) => eventsDropped !== undefined)).toBe(false);
});

test('a socket whose reader stops, which only its owner could make give way, does not hold up the end', async () => {
  const directory = temporaryDirectory();
  const pki = makePki(directory);
  const ca = pki.ca('CA');
  const server = pki.server({ ca });
  const client = pki.leaf({ cn: 'delegate-1', ca });
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: ca.cert,
  });
  onTestFinished(gateway.close);
  const url = `https://localhost:${gateway.port}`;
  const child = spawn(
    process.execPath,
    [
      ...[program, 'run', `${url}/a`, `${url}/b`, `${url}/c`, `${url}/d`],
      ...['--address', '127.0.0.1', '--interval', '100ms', '--heartbeat', '100ms'],
      ...['--cert', client.certPath, '--key', client.keyPath, '--ca', ca.certPath],
      ...['--state-dir', join(directory, 'socket')],
    ],
    // What Node makes for `pipe` is a socket.
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await expect.poll(() => said, { timeout: 10_000 }).toContain('started');
  child.kill('SIGUSR2');
  await pause(5_000);
  const ended = new Promise((done) => child.once('exit', (...how) => done(how)));
  const beforeMs = performance.now();
  child.kill('SIGTERM');
  expect(await ended).toEqual([null, 'SIGTERM']);
  expect(performance.now() - beforeMs).toBeLessThan(2_500);
  await expect.poll(() => said).toContain('ended');
});

/** Looks that no event tells of, by the agent's own count of them. */
function lostBetween(events: readonly Report[]): number {
  const byTarget = Map.groupBy(events, ({ target }) => target.url);
  return [...byTarget.values()].reduce((sum, each) => {
    const told = each.reduce((count, { attempt }) => count + 1 + attempt.repeats, 0);
    return sum + (each.at(-1)?.attempt.number ?? 0) - told;
  }, 0);
}
