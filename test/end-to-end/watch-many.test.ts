/** `sidelight watch-rotation` of many gateways at once: every one with its own verdict, every handshake a full one. */
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../src/demo/gateway.ts';
import type { Preflight } from '../../src/preflight/preflight.ts';
import { readClientHello } from '../../src/tls/messages/client-hello.ts';
import { runMain, type Said } from '../cli/run-main.ts';
import { readXml } from '../preflight/xml.ts';
import { startFilter } from '../support/filter.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { startSServer } from '../support/s-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const closing: (() => unknown)[] = [];
let ca: Issued;
let wrongCa: Issued;
let gatewayCa: Issued;
let server: Issued;
let client: Issued;

beforeAll(() => {
  const pki = makePki(directory);
  ca = pki.ca('Delegate CA');
  wrongCa = pki.ca('Billing Service CA');
  gatewayCa = pki.ca('Gateway CA');
  server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca });
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openGateway(): Promise<Gateway> {
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: ca.cert,
  });
  closing.push(gateway.close);
  return gateway;
}

/** The same port at another address leads to another gateway, as replicas have it. */
async function alsoAt(address: string, port: number, gateway: Gateway): Promise<void> {
  const relay = createServer((socket) => {
    const upstream = connect(gateway.port, '127.0.0.1');
    socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  await once(relay.listen(port, address), 'listening');
  closing.push(() => void relay.close());
}

const credential = () => [
  ...['--cert', client.certPath, '--key', client.keyPath, '--ca', gatewayCa.certPath],
];

interface Watch {
  readonly stderr: () => string;
  readonly end: () => void;
  readonly ended: Promise<Said>;
}

/** Goes on until `end`, or for a second. */
function watch(args: readonly string[], isTerminal = false): Watch {
  let told = '';
  let end = (): void => undefined;
  const write = (text: string): void => {
    told += text;
  };
  const ended = runMain(
    ['watch-rotation', ...args, ...credential(), '--interval', '100ms', '--timeout', '2s'],
    {
      stderr: { isTerminal, write },
      env: isTerminal ? { TERM: 'xterm' } : {},
      onSignal: (_name, listener) => {
        end = listener;
        return () => undefined;
      },
    },
  );
  return { stderr: () => told, end: () => end(), ended };
}

const outcomesOf = ({ checks }: Preflight) =>
  Object.fromEntries(
    checks
      .filter(({ title }) => title.endsWith(' accepts us throughout'))
      .map(({ title, code, outcome }) => [
        title.replace(' accepts us throughout', ''),
        `${outcome} ${code}`,
      ]),
  );

test('of two replicas behind one name, the one that was rolled out wrong is told by its address', async () => {
  const [good, bad] = [await openGateway(), await openGateway()];
  await alsoAt('127.0.0.2', good.port, bad);
  const url = `https://localhost:${good.port}/`;
  const watching = watch([url, '--address', '127.0.0.1,127.0.0.2', '--format', 'json']);
  const first = (address: string) => `${url} at ${address}: accepted\n`;
  await expect.poll(watching.stderr, { timeout: 5000 }).toContain(first('127.0.0.1'));
  await expect.poll(watching.stderr, { timeout: 5000 }).toContain(first('127.0.0.2'));
  bad.useClientCa(wrongCa.cert);
  await expect.poll(watching.stderr, { timeout: 5000 }).toContain('127.0.0.2: rejected');
  watching.end();
  const { code, stdout } = await watching.ended;
  expect(outcomesOf(JSON.parse(stdout))).toEqual({
    [`${url} at 127.0.0.1`]: 'passed gateway-accepts-client',
    [`${url} at 127.0.0.2`]: 'failed gateway-client-ca-changed',
  });
  expect(code).toBe(1);
});

test('several URLs and several addresses: each pair is watched, in JUnit a case each', async () => {
  const [one, other] = [await openGateway(), await openGateway()];
  await alsoAt('127.0.0.2', one.port, one);
  await alsoAt('127.0.0.2', other.port, other);
  const urls = [one, other].map(({ port }) => `https://localhost:${port}/`);
  const addresses = ['--address', '127.0.0.1', '--address', '127.0.0.2'];
  const { ended } = watch([...urls, ...addresses, '--for', '1s', '--format', 'junit']);
  const { code, stdout } = await ended;
  expect(code).toBe(0);
  const names = [...stdout.matchAll(/<testcase [^>]*name="([^"]+)"/g)].map(([, name]) => name);
  expect(names).toHaveLength(16);
  expect(new Set(names).size).toBe(16);
  for (const url of urls) {
    for (const address of ['127.0.0.1', '127.0.0.2']) {
      expect(names).toContain(`${url} at ${address} accepts us throughout`);
    }
  }
  expect(() => readXml(stdout)).not.toThrow();
});

test('all addresses are those that the name resolves to', async () => {
  const { port } = await openGateway();
  const url = `https://localhost:${port}/`;
  const { ended } = watch([url, '--address', 'all', '--for', '1s', '--format', 'json']);
  const found = await lookup('localhost', { all: true });
  const expected = [...new Set(found.map(({ address }) => `${url} at ${address}`))];
  expect(Object.keys(outcomesOf(JSON.parse((await ended).stdout))).toSorted()).toEqual(
    expected.toSorted(),
  );
});

test('a name that is not known is one gateway, whose looks say so', async () => {
  const url = 'https://nowhere.invalid/';
  const { code, stdout } = await watch([url, '--address', 'all', '--for', '1s', '--format', 'json'])
    .ended;
  expect(code).toBe(1);
  const [outcome] = Object.values(outcomesOf(JSON.parse(stdout)));
  expect(outcome).toMatch(/^failed dns-/);
});

test('what is no address could not run', async () => {
  const { code } = await watch(['https://localhost/', '--address', '127.0.0.1,gateway']).ended;
  expect(code).toBe(2);
});

test('a terminal is shown how things stand, in one line that leaves no trace', async () => {
  const [one, other] = [await openGateway(), await openGateway()];
  other.useClientCa(wrongCa.cert);
  const urls = [one, other].map(({ port }) => `https://localhost:${port}/`);
  const watching = watch([...urls, '--address', '127.0.0.1', '--for', '1s'], true);
  await watching.ended;
  const lines = watching.stderr().split('\r\u001b[K');
  expect(lines.some((line) => /: \d+ looks, (accepted|rejected) at 1, \w+ at 1$/.test(line))).toBe(
    true,
  );
  expect(lines.at(-1)).toBe('');
});

/** RFC 9846 section 4.2: what a client sends that wants to resume. */
const preSharedKey = 41;

/** The session id and the ClientHello of a first record. */
function seeHello(record: Buffer) {
  const message = record.subarray(9);
  const sessionIdLength = message[34];
  return { sessionIdLength, extensions: readClientHello(message)?.hello.extensions ?? [] };
}

test.for([['1.3'], ['1.2']])(
  'no handshake of TLS %s is resumed, though tickets were given',
  async ([version]) => {
    const gateway = await startSServer(
      ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', ca.certPath],
      ...['-Verify', '1', '-verify_return_error', '-www'],
    );
    closing.push(gateway.stop);
    const hellos: ReturnType<typeof seeHello>[] = [];
    const filter = await startFilter(gateway.port, (record) => {
      hellos.push(seeHello(record));
      return true;
    });
    closing.push(filter.stop);
    const { ended } = watch([
      ...[`https://localhost:${filter.port}/`, '--address', '127.0.0.1', '--for', '1s'],
      ...['--tls-min', `${version}`, '--tls-max', `${version}`],
    ]);
    expect((await ended).code).toBe(0);
    expect(hellos.length).toBeGreaterThan(3);
    const offered = hellos.filter(({ extensions }) => extensions.includes(preSharedKey));
    expect(offered).toEqual([]);
    // TLS 1.2 resumes by a session id; in TLS 1.3 it is a random one, for middleboxes.
    const sessionIds = new Set(hellos.map(({ sessionIdLength }) => sessionIdLength));
    expect(sessionIds).toEqual(new Set([version === '1.2' ? 0 : 32]));
    expect(await resumes(filter.port, `TLSv${version}` as 'TLSv1.3')).toBe(true);
    const { sessionIdLength, extensions } = hellos.at(-1) ?? {};
    expect(version === '1.2' ? sessionIdLength : extensions?.includes(preSharedKey)).toBeTruthy();
  },
);

/** Whether a client that wants to resume can, with this gateway: two connections. */
async function resumes(port: number, version: 'TLSv1.2' | 'TLSv1.3'): Promise<boolean> {
  const { cert, key } = client;
  const options = {
    ...{ port, host: '127.0.0.1', servername: 'localhost', cert, key, ca: gatewayCa.cert },
    ...{ minVersion: version, maxVersion: version },
  };
  const first = connectTls(options, () => first.write('GET / HTTP/1.0\r\n\r\n'));
  const [session] = (await once(first, 'session')) as [Buffer];
  first.destroy();
  const second = connectTls({ ...options, session });
  await once(second, 'secureConnect');
  const isReused = second.isSessionReused();
  second.destroy();
  return isReused;
}
