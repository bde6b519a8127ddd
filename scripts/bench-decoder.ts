/** What the tap and the decoder cost on top of Node's own handshake: CPU of this process, pair by pair, against a server in another. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { loadFor } from '../src/agent/credential-store.ts';
import type { TargetConfig } from '../src/config/config.ts';
import { TlsConnection } from '../src/probe/tls-connection.ts';
import { aim } from '../src/target/target.ts';
import { makePki } from '../test/support/openssl.ts';
import { startSServer } from '../test/support/s-server.ts';

const rounds = 15;
const handshakesPerRound = 40;
const goalMs = 3;

const directory = mkdtempSync(join(tmpdir(), 'bench-decoder-'));
const pki = makePki(directory);
const delegateCa = pki.ca('Delegate CA');
const gatewayCa = pki.ca('Gateway CA');
const server = pki.server({ ca: gatewayCa });
const client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
const { signal } = new AbortController();

async function openSocket(port: number): Promise<Socket> {
  const socket = connectTcp({ host: '127.0.0.1', port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  return socket;
}

async function withoutTap(port: number): Promise<void> {
  const socket = connectTls({
    socket: await openSocket(port),
    secureContext,
    servername: 'localhost',
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve).once('error', reject);
  });
  await new Promise<void>((resolve) => void socket.once('close', () => resolve()).destroy());
}

async function withTap(port: number): Promise<void> {
  const connection = new TlsConnection(await openSocket(port), secureContext, target, () =>
    performance.now(),
  );
  const { passed } = await connection.handshake(signal);
  const { tls } = connection.see();
  if (!passed || !tls.serverCertificates?.length) throw new Error('the handshake was not seen');
  await new Promise<void>((resolve) => {
    connection.socket.once('close', () => resolve());
    connection.close();
  });
}

/** CPU milliseconds a handshake. */
async function measure(handshake: (port: number) => Promise<void>, port: number): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < handshakesPerRound; count += 1) await handshake(port);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / handshakesPerRound;
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

function configFor(port: number): TargetConfig {
  return {
    url: new URL(`https://localhost:${port}/`),
    credential: { certPath: client.certPath, keyPath: client.keyPath, caPath: gatewayCa.certPath },
    tls: { minVersion: '1.2', maxVersion: '1.3', alpn: [] },
  };
}

const contextAndTarget = (port: number) => {
  const config = configFor(port);
  const { context } = loadFor(config);
  if (!context) throw new Error('the credential does not load');
  return { secureContext: context, target: aim(config) };
};

let { secureContext, target } = contextAndTarget(1);
let worst = 0;
for (const version of ['-tls1_3', '-tls1_2']) {
  const running = await startSServer(
    ...[version, '-cert', server.certPath, '-key', server.keyPath, '-CAfile', delegateCa.certPath],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  );
  ({ secureContext, target } = contextAndTarget(running.port));
  await measure(withoutTap, running.port);
  await measure(withTap, running.port);
  const pairs: (readonly [number, number])[] = [];
  for (let round = 0; round < rounds; round += 1) {
    pairs.push([await measure(withoutTap, running.port), await measure(withTap, running.port)]);
  }
  await running.stop();
  const bare = median(pairs.map(([without]) => without));
  const ratio = median(pairs.map(([without, tapped]) => tapped / without));
  const extra = median(pairs.map(([without, tapped]) => tapped - without));
  worst = Math.max(worst, extra);
  process.stdout.write(
    `TLS ${version.slice(4).replace('_', '.')}: ${bare.toFixed(2)} ms of CPU a handshake without the tap; with it ` +
      `${ratio.toFixed(2)} times that, ${extra.toFixed(2)} ms more (goal: less than ${goalMs} ms)\n`,
  );
}
rmSync(directory, { recursive: true, force: true });
process.exitCode = worst < goalMs ? 0 : 1;
