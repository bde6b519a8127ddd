/** promtool has nothing to say against the metrics of a running agent, and the rules fire in their tests. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startGateway } from '../../src/demo/gateway.ts';
import { makePki } from '../support/openssl.ts';
import { startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { metricsPortOf } from './metrics-port.ts';

const rules = resolve(import.meta.dirname, '../../deploy/prometheus');

function promtool(args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    cwd: rules,
    encoding: 'utf8',
    ...(input !== undefined && { input }),
  });
  return { status, said: `${stdout}${stderr}` };
}

test('promtool check metrics is clean, on the port and in the file', async () => {
  const directory = temporaryDirectory();
  const pki = makePki(directory);
  const ca = pki.ca('CA');
  const server = pki.server({ ca });
  const client = pki.leaf({ cn: 'delegate-1', ca });
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: pki.ca('Wrong CA').cert,
  });
  onTestFinished(gateway.close);
  const file = join(directory, 'sidelight.prom');
  const agent = startSidelight([
    ...['run', `https://localhost:${gateway.port}/`, 'https://127.0.0.1:1/'],
    ...['--cert', client.certPath, '--key', client.keyPath, '--ca', ca.certPath],
    ...['--state-dir', join(directory, 'state'), '--experiments', 'off'],
    ...['--metrics', '127.0.0.1:0', '--metrics-textfile', file],
  ]);
  onTestFinished(() => agent.signal('SIGKILL'));
  await expect.poll(() => agent.stderr(), { timeout: 10_000 }).toContain('started');
  agent.signal('SIGUSR2');
  const base = `http://127.0.0.1:${metricsPortOf(agent)}`;
  const ready = async (): Promise<number> => (await fetch(`${base}/readyz`)).status;
  await expect.poll(ready, { timeout: 10_000 }).toBe(200);
  const text = await (await fetch(`${base}/metrics`)).text();
  expect(text).toMatch(/^sidelight_alert_info\{.*direction="received",code="48"/m);
  expect(promtool(['check', 'metrics'], text)).toEqual({ status: 0, said: '' });
  agent.signal('SIGTERM');
  expect(await agent.ended).toBe(0);
  expect(promtool(['check', 'metrics'], readFileSync(file, 'utf8'))).toEqual({
    status: 0,
    said: '',
  });
});

test('the rules are valid and fire in their tests', () => {
  expect(promtool(['check', 'rules', 'rules.yaml'])).toMatchObject({ status: 0 });
  expect(promtool(['test', 'rules', 'rules-tests.yaml'])).toMatchObject({ status: 0 });
});
