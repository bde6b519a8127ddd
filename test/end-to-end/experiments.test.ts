/** Experiments as users meet them: in the report of a check, on a terminal, and in the events of a run. */
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { ExperimentSeen } from '../../src/evidence/evidence.ts';
import type { Report } from '../../src/report/report.ts';
import { runMain } from '../cli/run-main.ts';
import { type Filter, startFilter } from '../support/filter.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { startSServer } from '../support/s-server.ts';
import { sidelight, startSidelight } from '../support/sidelight.ts';
import { startStubPeer } from '../support/stub-peer.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const closing: (() => unknown)[] = [];
let gatewayCa: Issued;
let client: Issued;
let stranger: Issued;
let serverArguments: readonly string[];

beforeAll(() => {
  const pki = makePki(directory);
  const delegateCa = pki.ca('Delegate CA');
  gatewayCa = pki.ca('Gateway CA');
  const server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
  stranger = pki.leaf({ cn: 'delegate-2', ca: pki.ca('Wrong CA') });
  serverArguments = [
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', delegateCa.certPath],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  ];
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A gateway behind a middlebox that counts connections and lets through what `passes`. */
async function openGateway(passes: (hello: Buffer) => boolean = () => true): Promise<Filter> {
  const gateway = await startSServer(...serverArguments);
  const filter = await startFilter(gateway.port, passes);
  closing.push(gateway.stop, filter.stop);
  return filter;
}

function commandLine(command: 'check' | 'run', port: number, who: Issued, ...more: string[]) {
  return [
    ...[command, `https://localhost:${port}/`, '--address', '127.0.0.1'],
    ...['--cert', who.certPath, '--key', who.keyPath, '--ca', gatewayCa.certPath],
    ...['--state-dir', join(directory, command), ...more],
  ];
}

const asJson = ['--format', 'json'];

const outcomes = ({ experiments = [] }: Report) =>
  experiments.map(({ changed, outcome }: ExperimentSeen) => `${changed} ${outcome}`);

test('a middlebox that drops a large ClientHello is found out in one check', async () => {
  const { port } = await openGateway((hello) => hello.length <= 1400);
  const startedMs = performance.now();
  const { code, stdout } = await sidelight(commandLine('check', port, client, ...asJson));
  expect(performance.now() - startedMs).toBeLessThan(5000);
  const report: Report = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(outcomes(report)).toContain('classic-groups-only accepted');
  expect(outcomes(report)).toContain('again failed');
  expect(report.cause).toMatchObject({
    code: 'client-hello-too-large',
    side: 'network',
    confidence: 'certain',
  });
});

test('one report is printed, with the experiments in it', async () => {
  const { port } = await openGateway();
  const { stdout } = await sidelight(commandLine('check', port, stranger));
  expect(stdout.match(/^Rejected: /gm)).toHaveLength(1);
  expect(stdout).toMatch(
    /\nExperiments\n {2}- Without a client certificate: the alert 116 \(certificate_required\)/,
  );
});

test('--experiments off makes none', async () => {
  const gateway = await openGateway();
  const line = commandLine('check', gateway.port, stranger, ...asJson, '--experiments', 'off');
  const { stdout } = await sidelight(line);
  expect(JSON.parse(stdout)).not.toHaveProperty('experiments');
  expect(gateway.connections()).toBe(1);
});

test('an accepted look makes none', async () => {
  const gateway = await openGateway();
  const { stdout } = await sidelight(commandLine('check', gateway.port, client, ...asJson));
  expect(JSON.parse(stdout)).not.toHaveProperty('experiments');
  expect(gateway.connections()).toBe(1);
});

test('a run makes them once for a change of state, and not for its repeats', async () => {
  const gateway = await openGateway();
  const rhythm = ['--interval', '1s', '--heartbeat', '1s'];
  const running = startSidelight(commandLine('run', gateway.port, stranger, ...rhythm));
  closing.push(() => {
    running.signal('SIGKILL');
    return running.ended;
  });
  const events = (): readonly Report[] =>
    running
      .stdout()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  await expect.poll(() => running.stderr(), { timeout: 5000 }).toContain('started');
  await expect
    .poll(
      () => {
        running.signal('SIGUSR2');
        return events().length;
      },
      { timeout: 10_000, interval: 300 },
    )
    .toBeGreaterThanOrEqual(2);
  const [first, second] = events();
  expect(first).toMatchObject({ event: 'state-changed', outcome: 'rejected' });
  expect(second).toMatchObject({ event: 'heartbeat' });
  expect(first?.experiments?.length).toBeGreaterThan(3);
  expect(second?.experiments).toEqual(first?.experiments);
  expect(second?.cause).toEqual(first?.cause);
  const looks = (second?.attempt.number ?? 0) + 1;
  expect(gateway.connections()).toBeLessThanOrEqual(looks + (first?.experiments?.length ?? 0));
  running.signal('SIGTERM');
  expect(await running.ended).toBe(0);
});

test('SIGTERM ends a run in the midst of experiments, and the change of state is told all the same', async () => {
  let connections = 0;
  const silent = await startStubPeer(() => {
    connections += 1;
  });
  closing.push(silent.stop);
  const running = startSidelight(commandLine('run', silent.port, client, '--timeout', '1s'));
  closing.push(() => {
    running.signal('SIGKILL');
    return running.ended;
  });
  await expect.poll(() => running.stderr(), { timeout: 5000 }).toContain('started');
  running.signal('SIGUSR2');
  await expect.poll(() => connections, { timeout: 8000 }).toBeGreaterThan(1);
  const askedMs = performance.now();
  running.signal('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(performance.now() - askedMs).toBeLessThan(2000);
  const report: Report = JSON.parse(running.stdout());
  expect(report).toMatchObject({ event: 'state-changed', outcome: 'failed', layer: 'tls' });
  expect(report).not.toHaveProperty('experiments');
});

const eraseLine = '\r\u001b[K';

async function onTerminal(port: number, who: Issued, env: Record<string, string> = {}) {
  let shown = '';
  const stderr = {
    isTerminal: true,
    write: (text: string) => {
      shown += text;
    },
  };
  await runMain(commandLine('check', port, who), { stderr, env });
  return shown;
}

test('a terminal is shown what goes on, in one line that leaves no trace', async () => {
  const { port } = await openGateway();
  const shown = await onTerminal(port, stranger);
  const lines = shown.split(eraseLine);
  expect(lines).toContain('looking: tls …');
  expect(lines).toContain('experiments: 0 of 5 …');
  expect(lines).toContain('experiments: 5 of 5 …');
  expect(lines.at(-1)).toBe('');
  expect(shown).not.toContain('\n');
});

test('a terminal that cannot erase a line is shown nothing', async () => {
  const { port } = await openGateway();
  expect(await onTerminal(port, stranger, { TERM: 'dumb' })).toBe('');
});

test('where standard error is no terminal, nothing is said', async () => {
  const { port } = await openGateway();
  expect((await sidelight(commandLine('check', port, stranger))).stderr).toBe('');
});
