/** Known secrets go in by every way there is; nothing that comes out, files and databases included, holds one of them. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../src/demo/gateway.ts';
import { type Issued, makePki, type Pki } from '../support/openssl.ts';
import { type Running, sidelight, startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Each is a dozen processes. */
const patience = { timeout: 60_000 };
const inputs = temporaryDirectory();
const outputs = temporaryDirectory();
const passphrase = 'canary-passphrase';
const proxyUserinfo = 'canary-user:canary-proxy-password';
const secrets = {
  passphrase,
  homeToken: 'canary-home-token',
  proxyPassword: 'canary-proxy-password',
  proxyHeader: Buffer.from(proxyUserinfo).toString('base64'),
  query: 'canary-query',
  userinfo: 'canary-userinfo',
  delegateToken: 'canary-delegate-token',
  accountSecret: 'canary-account-secret',
  storePassword: 'canary-store-password',
  otlpHeader: 'canary-otlp-header',
  otlpQuery: 'canary-otlp-query',
  secondToken: 'canary-second-home-token',
  secondProxyPassword: 'canary-second-proxy-password',
  secondQuery: 'canary-second-home-query',
  operatorToken: 'canary-operator-token',
  notifyPath: 'canary-path-of-a-chat',
  notifyQuery: 'canary-query-of-a-receiver',
  notifySecret: `whsec_${Buffer.from('canary-secret-of-a-webhook').toString('base64')}`,
  notifyProxyPassword: 'canary-notify-proxy-password',
};
const env = {
  DELEGATE_TOKEN: secrets.delegateToken,
  ACCOUNT_SECRET: secrets.accountSecret,
  HTTPS_PROXY: `http://${proxyUserinfo}@127.0.0.1:1`,
  JAVA_OPTS: `-Djavax.net.ssl.trustStore=/nowhere -Djavax.net.ssl.trustStorePassword=${secrets.storePassword}`,
  SIDELIGHT_DEBUG: '1',
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `http://127.0.0.1:1/v1/logs?key=${secrets.otlpQuery}`,
  OTEL_EXPORTER_OTLP_HEADERS: `api-key=${secrets.otlpHeader},authorization=Bearer%20${secrets.otlpHeader}`,
};

let pki: Pki;
let gateway: Gateway;
let gatewayCa: Issued;
let delegateCa: Issued;
let server: Issued;
let client: Issued;
let target: readonly string[];
let home: readonly string[];
const said: Buffer[] = [];

beforeAll(async () => {
  pki = makePki(inputs);
  gatewayCa = pki.ca('Gateway CA');
  delegateCa = pki.ca('Delegate CA');
  server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
  gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: delegateCa.cert,
  });
  const token = pki.write('home.token', `${secrets.homeToken}\n`);
  const url = `https://localhost:${gateway.port}/status?token=${secrets.query}`;
  target = [
    ...[url, '--address', '127.0.0.1', '--ca', gatewayCa.certPath, '--cert', client.certPath],
    ...['--key', pki.encryptedKey(client, passphrase)],
    ...['--passphrase-file', pki.write('passphrase', `${passphrase}\n`)],
    ...['--state-dir', join(outputs, 'state')],
  ];
  home = ['--home', 'http://127.0.0.1:1/', '--home-token-file', token, '--home-proxy', 'none'];
});

afterAll(() => gateway.close());

async function runs(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr, code } = await sidelight(args, { ...env, ...more });
  said.push(Buffer.from(stdout), Buffer.from(stderr));
  return code;
}

async function ends(running: Running): Promise<void> {
  running.signal('SIGTERM');
  await running.ended;
  said.push(Buffer.from(running.stdout()), Buffer.from(running.stderr()));
}

test('check says none, whatever the format, the way and the outcome', patience, async () => {
  const direct = [...target, ...home, '--proxy', 'none'];
  expect(await runs(['check', ...direct, '--otlp', 'env', '--show-config'])).toBe(0);
  for (const format of ['text', 'json', 'html', 'ecs', 'syslog']) {
    expect(await runs(['check', ...direct, '--format', format, '--verbose'])).toBe(0);
  }
  // Through a proxy that is not there, and with a passphrase that does not fit.
  const proxy = ['--proxy', `http://${proxyUserinfo}@127.0.0.1:1`];
  expect(await runs(['check', ...target, ...proxy, '--format', 'json'])).toBe(1);
  const wrong = pki.write('wrong', 'canary-passphrase-too\n');
  const args = target.map((word) => (word.endsWith('/passphrase') ? wrong : word));
  expect(await runs(['check', ...args, '--proxy', 'none'])).toBe(1);
  // Errors name options, not their values.
  expect(await runs(['check', `https://${secrets.userinfo}@x/`])).toBe(2);
  expect(
    await runs(['check', ...target, '--proxy', `ftp://${proxyUserinfo}@x`, '--crt', 'a']),
  ).toBe(2);
});

const receivers = [
  `operations http://127.0.0.1:1/in?key=${secrets.notifyQuery}`,
  `alerts alertmanager+http://127.0.0.1:1/${secrets.notifyPath}`,
];

test('several homes, and settings of home that cannot be, say none', patience, async () => {
  const second = {
    ...{ name: 'second', url: `https://localhost:1/in?key=${secrets.secondQuery}` },
    ...{ tokenFile: pki.write('second.token', `${secrets.secondToken}\n`) },
    proxy: `http://u:${secrets.secondProxyPassword}@127.0.0.1:1`,
  };
  const config = pki.write('homes.json', JSON.stringify({ homes: [second] }));
  const direct = [...target, ...home, '--proxy', 'none', '--config', config];
  expect(await runs(['check', ...direct, '--show-config', '--verbose'])).toBe(0);
  const wrong = {
    ...second,
    proxy: `ftp://u:${secrets.secondProxyPassword}@x`,
    tokenFile: '/none',
  };
  const file = pki.write('wrong.json', JSON.stringify({ homes: [second, wrong] }));
  expect(await runs(['check', ...target, '--config', file])).toBe(2);
  const notifying = ['home', '--data', join(outputs, 'none'), '--notify-file'];
  const bad = `x https://u:${secrets.userinfo}@y/${secrets.notifyPath}\nftp://${secrets.notifyPath}\n`;
  expect(await runs([...notifying, pki.write('bad-receivers', bad)])).toBe(2);
  const short = pki.write('short', `${secrets.notifySecret.slice(0, 20)}!\n`);
  expect(await runs([...notifying, short, '--notify-secret-file', short])).toBe(2);
  expect(await runs(['home', '--notify', `ftp://y/${secrets.notifyPath}`])).toBe(2);
});

test('run and home say none in events, log, spool, database and metrics', patience, async () => {
  const port = String(20_000 + (process.pid % 20_000));
  const receiver = startSidelight(
    [
      ...['home', '--listen', `127.0.0.1:${port}`, '--data', join(outputs, 'home')],
      ...['--token-file', join(inputs, 'home.token')],
      ...['--operator-token-file', pki.write('operators', `olga ${secrets.operatorToken}\n`)],
      ...['--notify', `slack+http://127.0.0.1:1/services/${secrets.notifyPath}`],
      ...['--notify-file', pki.write('receivers', `${receivers.join('\n')}\n`)],
      ...['--notify-secret-file', pki.write('signed-with', `${secrets.notifySecret}\n`)],
      ...['--notify-proxy', `http://u:${secrets.notifyProxyPassword}@127.0.0.1:1`],
    ],
    env,
  );
  const textfile = join(outputs, 'metrics.prom');
  const running = startSidelight(
    [
      ...['run', ...target, '--proxy', 'none', '--log-file', join(outputs, 'events.log')],
      ...['--home', `http://127.0.0.1:${port}/`, '--home-token-file', join(inputs, 'home.token')],
      ...['--home-proxy', 'none', '--metrics-textfile', textfile, '--verbose'],
      ...['--otlp', 'env'],
    ],
    env,
  );
  const events = (): string => {
    running.signal('SIGUSR2');
    return readFileSync(join(outputs, 'events.log'), { encoding: 'utf8', flag: 'a+' });
  };
  await expect.poll(() => running.stderr(), { timeout: 8000 }).toContain('started');
  await expect.poll(events, { timeout: 8000, interval: 200 }).toContain('"accepted"');
  for (const format of ['text', 'json']) {
    const asked = ['status', '--state-dir', join(outputs, 'state'), '--format', format];
    expect(await runs(asked)).not.toBe(2);
  }
  await ends(running);
  await ends(receiver);
  expect(await runs(['home', 'list', '--data', join(outputs, 'home')])).toBe(0);
});

test('preflight and bundle say none', patience, async () => {
  const files = ['--cert', client.certPath, '--key', client.keyPath];
  // What Java would refuse counts beside a delegate; the exit code is not the matter here.
  await runs(['preflight', 'client', ...files, '--format', 'json']);
  const secret = ['--cert', server.certPath, '--key', server.keyPath];
  const ca = ['--client-ca', delegateCa.certPath];
  await runs(['preflight', 'gateway', ...secret, ...ca]);
  const archive = join(outputs, 'bundle.tar.gz');
  expect(
    await runs(['bundle', ...target, '--proxy', 'none', '--output', archive], {
      SIDELIGHT_OTLP: 'env',
    }),
  ).toBe(0);
  expect(await runs(['show', archive])).toBe(0);
});

test('and so nothing that came out holds one', () => {
  mkdirSync(outputs, { recursive: true });
  const left = readdirSync(outputs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
  const keyLines = [client.key, server.key].map((pem) => pem.split('\n')[1] ?? '');
  expect(said.length).toBeGreaterThan(20);
  expect(left.length).toBeGreaterThan(4);
  for (const canary of [...Object.values(secrets), ...keyLines]) {
    expect(canary.length).toBeGreaterThan(10);
    const leaks = [...said, ...left].filter((trace) => trace.includes(canary));
    expect(
      leaks.map((leak) => leak.toString('latin1').slice(0, 300)),
      canary,
    ).toEqual([]);
  }
});
