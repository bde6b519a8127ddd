/** What rsyslog receives over UDP, TCP and TLS is, field by field, what was sent. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { SyslogConfig } from '../../src/config/config.ts';
import { startGateway } from '../../src/demo/gateway.ts';
import { formats } from '../../src/format/formats.ts';
import { lineFormatNames } from '../../src/format/line-formats.ts';
import { SyslogSender } from '../../src/sink/syslog/syslog-sender.ts';
import { corpus } from '../report/corpus.ts';
import { makePki } from '../support/openssl.ts';
import { startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { fieldsOf, startRsyslog } from './rsyslog.ts';

const example = readFileSync(
  resolve(import.meta.dirname, '../../deploy/rsyslog/sidelight.conf'),
  'utf8',
);
const template = /^template\([\s\S]*?^}/m.exec(example)?.[0] ?? '';

/** The example's template behind another way in. */
function plainConfig(directory: string, module: string, port: number): string {
  return `
    global(maxMessageSize="256k" parser.escapeControlCharacterTab="off")
    module(load="${module}")
    ${template}
    ruleset(name="sidelight") {
      action(type="omfile" file="${directory}/events.jsonl" template="sidelight")
    }
    input(type="${module}" address="127.0.0.1" port="${port}" ruleset="sidelight")`;
}

/** The example as it stands, with paths and port of this test. */
function tlsConfig(directory: string, port: number): string {
  return example
    .replaceAll('/etc/rsyslog.d/sidelight', directory)
    .replaceAll('/var/log/sidelight', directory)
    .replaceAll('"6514"', `"${port}"`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

/** Every report of the corpus in every format that can stand in a message. */
const messages = lineFormatNames.flatMap((syslogContent) =>
  Object.values(corpus).map((report) =>
    formats.syslog(report, { colour: false, verbose: false, syslogContent }).replace(/\n$/, ''),
  ),
);

function sender(syslog: SyslogConfig): SyslogSender {
  const made = new SyslogSender({ syslog, clock: systemClock, random: systemRandom });
  onTestFinished(() => void made.close(0));
  return made;
}

function filesFor(directory: string) {
  const pki = makePki(directory);
  const ca = pki.ca('Syslog CA');
  const server = pki.server({ ca });
  pki.write('ca.crt', ca.cert);
  pki.write('server.crt', server.cert);
  pki.write('server.key', server.key);
  return { pki, ca, server, client: pki.leaf({ cn: 'agent', ca }) };
}

test.for([
  ['udp', 'imudp'],
  ['tcp', 'imtcp'],
] as const)('over %s', async ([protocol, module]) => {
  const directory = temporaryDirectory();
  const port = await freePort();
  const config = plainConfig(directory, module, port);
  const receiver = await startRsyslog(directory, config, protocol === 'tcp' ? port : undefined);
  const log = sender({ protocol, host: '127.0.0.1', port });
  for (const message of messages) {
    log.write(message);
    // A receiver of datagrams loses what comes faster than it reads.
    if (protocol === 'udp') await systemClock.sleep(2);
  }
  expect(await log.close(5_000)).toBe(true);
  await expect.poll(() => receiver.received().length, { timeout: 10_000 }).toBe(messages.length);
  expect(receiver.received()).toEqual(messages.map(fieldsOf));
});

test('over TLS, with certificates on both sides, to the example configuration', async () => {
  const directory = temporaryDirectory();
  const { pki, ca, client } = filesFor(directory);
  const port = await freePort();
  const receiver = await startRsyslog(directory, tlsConfig(directory, port), port);
  const tls = { protocol: 'tls', host: 'localhost', port, caPath: ca.certPath } as const;
  const log = sender({ ...tls, certPath: client.certPath, keyPath: client.keyPath });
  for (const message of messages) log.write(message);
  expect(await log.close(10_000)).toBe(true);
  await expect.poll(() => receiver.received().length, { timeout: 10_000 }).toBe(messages.length);
  expect(receiver.received()).toEqual(messages.map(fieldsOf));

  const stranger = pki.leaf({ cn: 'stranger', ca: pki.ca('Other CA') });
  const refused = sender({ ...tls, certPath: stranger.certPath, keyPath: stranger.keyPath });
  refused.write('<14>1 - - - - - - from a stranger');
  await systemClock.sleep(1_000);
  expect(await refused.close(100)).toBe(false);
  expect(receiver.received()).toHaveLength(messages.length);
});

test('what an agent writes to stdout as syslog is what rsyslog gets from it over TLS', async () => {
  const directory = temporaryDirectory();
  const { ca, server, client } = filesFor(directory);
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: ca.cert,
  });
  onTestFinished(gateway.close);
  const port = await freePort();
  const receiver = await startRsyslog(directory, tlsConfig(directory, port), port);
  const files = ['--cert', client.certPath, '--key', client.keyPath, '--ca', ca.certPath];
  const agent = startSidelight([
    ...['run', `https://localhost:${gateway.port}/`, '--address', '127.0.0.1', ...files],
    ...['--state-dir', join(directory, 'state'), '--interval', '300ms', '--heartbeat', '300ms'],
    ...['--format', 'syslog', '--syslog', `tls://localhost:${port}`],
    ...['--syslog-ca', ca.certPath, '--syslog-cert', client.certPath],
    ...['--syslog-key', client.keyPath],
  ]);
  onTestFinished(() => agent.signal('SIGKILL'));
  await expect.poll(() => agent.stderr(), { timeout: 5_000 }).toContain('started');
  await expect
    .poll(
      () => {
        agent.signal('SIGUSR2');
        return receiver.received().length;
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBeGreaterThan(5);
  agent.signal('SIGTERM');
  expect(await agent.ended).toBe(0);
  const written = agent.stdout().trimEnd().split('\n').map(fieldsOf);
  await expect.poll(() => receiver.received().length).toBe(written.length);
  expect(receiver.received()).toEqual(written);
});
