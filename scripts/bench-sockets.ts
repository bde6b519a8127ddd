/**
 * How much memory idle connections cost home: `npm run bench:sockets -- --connections 10000`, by WebSocket, and by
 * HTTPS kept alive, which is the measure; `--plain` without TLS, as behind a proxy that ends it.
 */
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { systemClock } from '../src/base/clock.ts';
import { usualLimits } from '../src/home/connections.ts';
import { startHome } from '../src/home/start-home.ts';
import { homeSubprotocol } from '../src/sink/home/socket/protocol.ts';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    role: { type: 'string', default: 'client' },
    dir: { type: 'string', default: '' },
    plain: { type: 'boolean', default: false },
  },
});
const count = Number(values.connections);
const host = '127.0.0.1';
const servername = 'localhost';

interface Measured {
  readonly open: number;
  readonly rss: number;
  readonly heap: number;
}

async function serve(dir: string): Promise<void> {
  const home = await startHome({
    listen: { host: '127.0.0.1', port: 0 },
    dataDir: join(dir, 'data'),
    ...(!values.plain && {
      cert: readFileSync(join(dir, 'cert.pem'), 'utf8'),
      key: readFileSync(join(dir, 'key.pem'), 'utf8'),
    }),
    // All are to stay open, to be counted.
    limits: { ...usualLimits, kept: count },
    clock: systemClock,
  });
  process.on('message', () => {
    globalThis.gc?.();
    const { rss, heapUsed: heap } = process.memoryUsage();
    process.send?.({ open: home.connections.open, rss, heap } satisfies Measured);
  });
  process.send?.(home.port);
}

async function measure(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'sidelight-sockets-'));
  try {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const out = ['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', ['req', '-x509', ...key, ...out, ...subject], { stdio: 'ignore' });
    const https = await cost(dir, 'HTTP kept alive', openRequest);
    const webSocket = await cost(dir, 'WebSocket', openWebSocket);
    process.stdout.write(`a WebSocket costs ${(webSocket / https).toFixed(2)} of it\n`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

type Open = (index: number, port: number, ca: Buffer) => Promise<() => void>;

/** Of one connection in octets of RSS. */
async function cost(dir: string, what: string, open: Open): Promise<number> {
  const role = ['--role', 'home', '--dir', dir, ...(values.plain ? ['--plain'] : [])];
  const home = fork(import.meta.filename, role, { execArgv: ['--expose-gc'] });
  const next = <T>(): Promise<T> => new Promise((resolve) => home.once('message', resolve));
  const port = await next<number>();
  const ask = (): Promise<Measured> => {
    const answer = next<Measured>();
    home.send('measure');
    return answer;
  };
  const before = await ask();
  const began = performance.now();
  const end = await openAll(open, port, readFileSync(join(dir, 'cert.pem')));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const after = await ask();
  const each = (key: 'rss' | 'heap'): number => (after[key] - before[key]) / after.open;
  const kib = (octets: number): string => `${(octets / 1024).toFixed(1)} KiB`;
  const total = `home has ${(after.rss / 2 ** 20).toFixed(0)} MiB`;
  process.stdout.write(
    `${what}: ${after.open} open after ${seconds} s; ${total}; each costs ${kib(each('rss'))} of RSS, ${kib(each('heap'))} of it heap\n`,
  );
  end();
  home.kill('SIGKILL');
  if (after.open < count) process.exitCode = 1;
  return each('rss');
}

async function openAll(open: Open, port: number, ca: Buffer): Promise<() => void> {
  const ends: (() => void)[] = [];
  let started = 0;
  const worker = async (): Promise<void> => {
    while (started < count) {
      started += 1;
      ends.push(await open(started, port, ca));
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return () => {
    for (const end of ends) end();
  };
}

/** Many addresses of loopback, as one address may show no more than so many strangers, and has so many ports. */
function from(index: number): { readonly localAddress: string } {
  return { localAddress: `127.0.1.${1 + (index % 200)}` };
}

async function openWebSocket(index: number, port: number, ca: Buffer): Promise<() => void> {
  const scheme = values.plain ? 'ws' : 'wss';
  const socket = new WebSocket(`${scheme}://${host}:${port}/`, homeSubprotocol, {
    ...{ ca, servername, perMessageDeflate: false },
    ...from(index),
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify({ type: 'hello', source: `urn:sidelight:agent:${index}` }));
  return () => socket.terminate();
}

async function openRequest(index: number, port: number, ca: Buffer): Promise<() => void> {
  const options = { host, port, ...from(index) };
  const socket = values.plain ? connect(options) : connectTls({ ...options, ca, servername });
  const type = 'content-type: application/cloudevents-batch+json';
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${type}\r\ncontent-length: 2\r\n\r\n[]`);
  await new Promise((resolve, reject) => socket.once('data', resolve).once('error', reject));
  return () => socket.destroy();
}

if (values.role === 'home') await serve(values.dir);
else await measure();
