/** `sidelight home` as users run it: incidents to a webhook, a log and standard output, through a kill that nobody announced. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { templateOf } from '../../../scripts/simulate/conditions.ts';
import { cloudEventBatch } from '../../../src/sink/home/cloud-event.ts';
import { temporaryDirectory } from '../../state/temporary.ts';
import { type Running, sidelight, startSidelight } from '../../support/sidelight.ts';
import { openReceiver } from './open-announcer.ts';

interface Program extends Running {
  readonly url: string;
}

async function startHome(dataDir: string, options: readonly string[]): Promise<Program> {
  const args = ['home', '--listen', '127.0.0.1:0', '--data', dataDir, ...options];
  const running = startSidelight(args);
  onTestFinished(() => running.signal('SIGKILL'));
  const urlIn = (): string | undefined =>
    /http:\/\/127\.0\.0\.1:\d+/.exec(
      running
        .stderr()
        .split('\n')
        .find((line) => line.includes('home listens')) ?? '',
    )?.[0];
  await expect.poll(urlIn, { timeout: 15_000 }).toBeDefined();
  return { ...running, url: urlIn() ?? '' };
}

async function send(url: string, seen: 'accepted' | 'wrong-client-ca', count: number) {
  for (let agent = 0; agent < count; agent += 1) {
    const time = new Date().toISOString();
    const identity = { name: 'sidelight', version: '1', host: `pod-${agent}` };
    const report = { ...templateOf(seen, 'openssl', true), time, agent: identity };
    const document = { id: `${seen}-${agent}`, time, body: JSON.stringify(report) };
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: cloudEventBatch(`agent-${agent}`, [document]),
    });
    expect(answer.status).toBe(200);
  }
}

test('an incident that was seen before a kill is notified after the restart, once and with the same id', async () => {
  const dataDir = temporaryDirectory();
  let isWell = false;
  const { url, arrived } = await openReceiver((response) => {
    response.writeHead(isWell ? 200 : 503).end();
  });
  const log = join(dataDir, 'events.log');
  const file = join(dataDir, 'receivers');
  writeFileSync(file, `# who is told\non-call ${url}\n`);
  const options = [
    '--notify-file',
    file,
    '--log-file',
    log,
    '--public-url',
    'https://home.example/',
  ];
  const first = await startHome(dataDir, [...options, '--format', 'text', '--log-format', 'json']);
  await send(first.url, 'accepted', 10);
  await send(first.url, 'wrong-client-ca', 4);
  await expect.poll(() => arrived.length, { timeout: 15_000 }).toBeGreaterThan(0);
  await expect.poll(first.stdout).toContain(' high incident-opened Incident: ');
  await expect
    .poll(first.stderr)
    .toMatch(/notifications cannot be delivered receiver=on-call code=\S+ status=503\n/);
  first.signal('SIGKILL');
  await first.ended;
  const [before] = arrived.splice(0);
  isWell = true;
  const second = await startHome(dataDir, options);
  await expect.poll(() => arrived.length, { timeout: 15_000 }).toBe(1);
  expect(arrived[0]?.body).toBe(before?.body);
  expect(arrived[0]?.headers['webhook-id']).toBe(before?.headers['webhook-id']);
  expect(JSON.parse(arrived[0]?.body ?? '')).toMatchObject({
    type: 'io.sidelight.incident.opened.v1',
    data: {
      url: expect.stringMatching(/^https:\/\/home\.example\/ui\/incident\?id=/),
      incident: { affected: 3, known: 10, cause: 'gateway-client-ca-changed', side: 'gateway' },
    },
  });
  second.signal('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(arrived).toHaveLength(1);
  // The URL of a receiver may be a secret.
  expect(first.stderr() + second.stderr()).not.toContain('/hook');
  const [line = ''] = readFileSync(log, 'utf8').split('\n');
  expect(JSON.parse(line).id).toBe(before?.headers['webhook-id']);
});

test.for([
  ['http://receiver.example/hook', 'would carry notifications in clear over a network'],
  ['pager+https://receiver.example/hook', 'has a format that is none of'],
  ['https://user:secret@receiver.example/', 'holds a user or password'],
  ['ftp://receiver.example/', 'is no [FORMAT+]URL'],
] as const)('%s is told, without the URL', async ([url, what]) => {
  const { code, stderr } = await sidelight([
    'home',
    '--data',
    temporaryDirectory(),
    '--notify',
    url,
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain(what);
  expect(stderr).not.toContain('receiver.example');
});
