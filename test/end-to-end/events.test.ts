/** The events of a real `run`, in the formats that a SIEM takes, on stdout and in a file at once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../src/demo/gateway.ts';
import { parseCef, parseLeef, parseSyslog } from '../format/support/parse-lines.ts';
import { fieldsOf, fitsType, leavesOf } from '../format/support/written-fields.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { type Running, sidelight, startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
let gateway: Gateway;
let delegateCa: Issued;
let wrongCa: Issued;
let target: readonly string[];

beforeAll(async () => {
  const pki = makePki(directory);
  const gatewayCa = pki.ca('Gateway CA');
  delegateCa = pki.ca('Delegate CA');
  wrongCa = pki.ca('Billing Service CA');
  const server = pki.server({ ca: gatewayCa });
  const client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
  const clientCaPem = delegateCa.cert;
  gateway = await startGateway({ certPem: server.cert, keyPem: server.key, clientCaPem });
  target = [
    ...[`https://localhost:${gateway.port}/`, '--address', '127.0.0.1', '--ca', gatewayCa.certPath],
    ...['--cert', client.certPath, '--key', client.keyPath],
  ];
});

afterAll(() => gateway?.close());

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

async function lines(
  running: Running,
  read: () => string,
  count: number,
): Promise<readonly string[]> {
  await expect
    .poll(
      () => {
        running.signal('SIGUSR2');
        return linesOf(read()).length;
      },
      { timeout: 10_000, interval: 200 },
    )
    .toBeGreaterThanOrEqual(count);
  return linesOf(read());
}

test('text on stdout and ECS in a file tell the same story, one event a line', async () => {
  const log = join(directory, 'events.ecs');
  const running = startSidelight([
    ...['run', ...target, '--state-dir', join(directory, 'state'), '--experiments', 'off'],
    ...['--format', 'text', '--log-file', log, '--log-format', 'ecs', '--interval', '1s'],
  ]);
  try {
    const read = (): string => readFileSync(log, 'utf8');
    await expect.poll(() => running.stderr(), { timeout: 5000 }).toContain('started');
    await lines(running, read, 1);
    gateway.useClientCa(wrongCa.cert);
    await lines(running, read, 2);
    gateway.useClientCa(delegateCa.cert);
    const written = await lines(running, read, 3);
    const codes = ['target-accepted', 'target-rejected', 'target-recovered'];
    const documents = written.map((line) => JSON.parse(line));
    expect(documents.map(({ event }) => event.code)).toEqual(codes);
    expect(documents[1].sidelight).toMatchObject({
      cause: { code: 'gateway-client-ca-changed', side: 'gateway' },
      alert: { direction: 'received' },
    });
    expect(documents[2].sidelight.attempt.failed_since).toBe(documents[1]['@timestamp']);
    const shown = linesOf(running.stdout());
    expect(shown.map((line) => line.split(' ')[2])).toEqual(codes);
    expect(shown[1]).toContain('the gateway must act');
    const released = fieldsOf('ecs');
    for (const [name, value] of documents.flatMap((document) => leavesOf('', document))) {
      expect([name, fitsType(released.get(name) ?? '', [value])]).toEqual([name, true]);
    }
  } finally {
    running.signal('SIGKILL');
    await running.ended;
  }
});

const readers = {
  ecs: (line: string) => JSON.parse(line).event.code,
  ocsf: (line: string) => JSON.parse(line).metadata.event_code,
  cef: (line: string) => parseCef(line).header[4],
  leef: (line: string) => parseLeef(line).header[4],
  syslog: (line: string) => parseSyslog(line).header[5],
} as const;

test.for(['ecs', 'ocsf', 'cef', 'leef', 'syslog'] as const)(
  'check prints one line of %s',
  async (format) => {
    const { code, stdout } = await sidelight(['check', ...target, '--format', format]);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toHaveLength(1);
    expect(readers[format](stdout.trimEnd())).toBe('target-accepted');
  },
);

test('what stands within a syslog message is chosen', async () => {
  const { stdout } = await sidelight([
    ...['check', ...target, '--format', 'syslog', '--syslog-content', 'cef'],
  ]);
  expect(parseSyslog(stdout.trimEnd()).message).toMatch(/^CEF:0\|/);
});
