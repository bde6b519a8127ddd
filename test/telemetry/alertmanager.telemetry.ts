/** A real Alertmanager takes an incident, shows it for as long as home says so, sends it on, and resolves it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { closed, incidentOf, opened } from '../home/notify/incident-events.ts';
import { announcerFor, openReceiver } from '../home/notify/open-announcer.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const example = resolve(import.meta.dirname, '../../deploy/alertmanager/alertmanager.yml');

interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt: string;
  readonly status: { readonly state: string };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Sends on at once to `webhook`. */
async function startAlertmanager(webhook: string): Promise<string> {
  const directory = temporaryDirectory();
  const config = join(directory, 'alertmanager.yml');
  writeFileSync(
    config,
    `route: { receiver: r, group_wait: 0s, group_interval: 1s, group_by: [alertname, target] }
receivers: [{ name: r, webhook_configs: [{ url: "${webhook}", send_resolved: true }] }]\n`,
  );
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${config}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const isReady = async (): Promise<boolean> => {
    const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    return answer?.ok === true;
  };
  await expect.poll(isReady, { timeout: 30_000 }).toBe(true);
  return `http://${address}/api/v2/alerts`;
}

test('an incident is shown, told again, sent on and resolved', async () => {
  const onCall = await openReceiver();
  const url = await startAlertmanager(onCall.url);
  const shown = async (): Promise<readonly ShownAlert[]> =>
    (await (await fetch(url)).json()) as ShownAlert[];
  const { tell, follow, setOpen, announcer, troubles } = announcerFor(temporaryDirectory(), [
    { url, format: 'alertmanager' },
  ]);
  const incident = incidentOf({ openedMs: Date.now(), firstMs: Date.now() - 5_000 });
  setOpen([incident]);
  // What is open when home starts is told without an event.
  follow();
  await expect.poll(async () => (await shown()).length, { timeout: 10_000 }).toBe(1);
  tell(opened(incident));
  await expect.poll(() => announcer.receivers()[0]).toMatchObject({ sent: 1, waiting: 0 });
  const [alert] = await shown();
  expect(alert).toMatchObject({
    labels: {
      alertname: 'SidelightIncident',
      target: 'https://gateway.example:8443/',
      cause: 'gateway-client-ca-changed',
      side: 'gateway',
      severity: 'critical',
    },
    annotations: { who: 'The gateway must act (certain).' },
    status: { state: 'active' },
  });
  expect(Date.parse(alert?.endsAt ?? '') - Date.now()).toBeGreaterThan(180_000);
  const statuses = (): readonly string[] =>
    onCall.arrived.map(({ body }) => JSON.parse(body).status);
  await expect.poll(statuses, { timeout: 20_000 }).toEqual(['firing']);
  setOpen([]);
  const over = closed({ ...incident, state: 'closed', closedMs: Date.now() });
  tell(over);
  await expect.poll(async () => (await shown()).length, { timeout: 20_000 }).toBe(0);
  await expect.poll(statuses, { timeout: 20_000 }).toEqual(['firing', 'resolved']);
  expect(troubles).toEqual([]);
});

test('the example configuration is one, and sends to whoever must act', () => {
  const amtool = (...args: readonly string[]) => {
    const { status, stdout } = spawnSync('amtool', args, { encoding: 'utf8' });
    return { status, said: stdout.trim() };
  };
  expect(amtool('check-config', example)).toMatchObject({ status: 0 });
  const receiverOf = (...labels: readonly string[]) =>
    amtool(
      'config',
      'routes',
      'test',
      `--config.file=${example}`,
      'alertname=SidelightIncident',
      ...labels,
    );
  expect(receiverOf('side=gateway', 'kind=gateway')).toEqual({
    status: 0,
    said: 'gateway-on-call',
  });
  expect(receiverOf('side=proxy', 'kind=way')).toEqual({ status: 0, said: 'network' });
  expect(receiverOf('side=delegate', 'kind=delegates')).toEqual({ status: 0, said: 'platform' });
});
