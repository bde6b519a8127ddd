/** The executable itself against every hostile peer, with experiments, and `run` against every hostile home: `npm run test:hostile -- [--source] [part of a name]`. */
import { partialDeepStrictEqual } from 'node:assert';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { answerPeers, handshakePeers } from '../test/hostile/peers/all.ts';
import { type HostileHome, hostileHomes } from '../test/hostile/peers/homes.ts';
import { onRequest } from '../test/hostile/peers/http.ts';
import type { HostilePeer } from '../test/hostile/peers/peer.ts';
import { startTlsPeer } from '../test/hostile/peers/tls-peer.ts';
import { makeFiles, wordsFor } from '../test/hostile/prober.ts';
import { makePki } from '../test/support/openssl.ts';
import { startStubPeer } from '../test/support/stub-peer.ts';
import { startMeasured } from './hostile/measured.ts';

const built = join(import.meta.dirname, '../dist/sidelight');
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { source: { type: 'boolean', default: false } },
});
const program =
  existsSync(built) && !given.source
    ? [built]
    : [process.execPath, join(import.meta.dirname, '../bin/sidelight.ts')];
const timeoutMs = 1_000;
/** Three deadlines for the look and for each experiment, of which there are at most six, and time to start. */
const patienceMs = 3 * timeoutMs * 7 + 3_000;
const maxGrowthBytes = 32 * 1024 * 1024;
const plainAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

const directory = mkdtempSync(join(tmpdir(), 'sidelight-hostile-'));
const files = makeFiles(makePki(directory));
const env = { PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: files.caPath };
const answering = onRequest((socket) => void socket.end(plainAnswer));
const wanted = positionals[0] ?? '';

/** Of an ordinary look, and of an ordinary delivery: what the others are held against. */
let ordinaryBytes = 0;
let failures = 0;

function say(does: string, tookMs: number, grewBytes: number, faults: readonly string[]): void {
  const megabytes = (grewBytes / 1024 / 1024).toFixed(1);
  const verdict = faults.length === 0 ? 'ok  ' : 'FAIL';
  failures += faults.length === 0 ? 0 : 1;
  process.stdout.write(
    `${verdict} ${String(Math.round(tookMs)).padStart(6)} ms ${megabytes.padStart(6)} MiB  ${does}\n`,
  );
  for (const fault of faults) process.stdout.write(`     ${fault}\n`);
}

const nameOf = (each: HostilePeer | HostileHome): string =>
  'behave' in each ? `a home that ${each.does}` : `a gateway or proxy that ${each.does}`;

const faultsOf = (checks: Readonly<Record<string, boolean>>): readonly string[] =>
  Object.entries(checks).flatMap(([fault, isSo]) => (isSo ? [fault] : []));

function contradiction({ report, denies }: HostilePeer, stdout: string): readonly string[] {
  try {
    partialDeepStrictEqual(JSON.parse(stdout), report);
    return denies?.test(stdout) ? [`the report says ${denies}`] : [];
  } catch (error) {
    return [String(error).slice(0, 2_000)];
  }
}

async function bearPeer(hostile: HostilePeer): Promise<void> {
  const peer = await hostile.start(files.gateway);
  const words = wordsFor(hostile, peer.port, files, timeoutMs).map((word) =>
    word === 'off' ? 'auto' : word,
  );
  const { code, stdout, tookMs, peakBytes } = await startMeasured([...program, ...words], env)
    .ended;
  await peer.stop();
  const grewBytes = peakBytes - ordinaryBytes;
  say(nameOf(hostile), tookMs, grewBytes, [
    ...faultsOf({
      [`it ended with ${code}`]: code !== 0 && code !== 1,
      'it took too long': tookMs > patienceMs,
      'it took too much memory': grewBytes > maxGrowthBytes,
    }),
    ...contradiction(hostile, stdout),
  ]);
}

/** How long `run` goes on after its first event, and what it may take to end after SIGTERM: one last attempt. */
const lifeMs = 1_000;
const maxGoodbyeMs = 10_000;
const maxDescriptors = 64;

async function runWith(
  home: Pick<HostileHome, 'behave'>,
): Promise<Awaited<ReturnType<typeof startMeasured>['ended']> & { descriptors: number }> {
  const gateway = await startTlsPeer(files.gateway, answering);
  const receiver = await startStubPeer(home.behave);
  const words = [
    ...['run', `https://localhost:${gateway.port}`, '--address', '127.0.0.1', '--proxy', 'none'],
    ...[...files.options, '--home', `http://127.0.0.1:${receiver.port}/`, '--home-proxy', 'none'],
    ...['--format', 'json', '--state-dir', mkdtempSync(join(directory, 'state-'))],
  ];
  const running = startMeasured([...program, ...words], env);
  await running.spoken;
  await new Promise((resolve) => setTimeout(resolve, lifeMs));
  const descriptors = running.descriptors();
  running.stop();
  const ended = await running.ended;
  await Promise.all([gateway.stop(), receiver.stop()]);
  return { ...ended, descriptors };
}

async function bearHome(home: HostileHome): Promise<void> {
  const { code, peakBytes, descriptors, goodbyeMs = 0 } = await runWith(home);
  const grewBytes = peakBytes - ordinaryBytes;
  say(
    nameOf(home),
    goodbyeMs,
    grewBytes,
    faultsOf({
      [`it ended with ${code}`]: code !== 0,
      'it took too long to end': goodbyeMs > maxGoodbyeMs,
      'it took too much memory': grewBytes > maxGrowthBytes,
      [`it has ${descriptors} descriptors`]: descriptors > maxDescriptors,
    }),
  );
}

try {
  const gateway = await startTlsPeer(files.gateway, answering);
  const look = wordsFor({}, gateway.port, files, 5_000);
  ordinaryBytes = (await startMeasured([...program, ...look], env).ended).peakBytes;
  await gateway.stop();
  const isWanted = (each: HostilePeer | HostileHome): boolean => nameOf(each).includes(wanted);
  for (const peer of [...handshakePeers, ...answerPeers].filter(isWanted)) await bearPeer(peer);
  // Late enough that its peak is seen: with its last report delivered, `run` is gone within a few milliseconds.
  const answer = onRequest((socket) => {
    setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'), 500);
  });
  ordinaryBytes = (await runWith({ behave: answer })).peakBytes;
  for (const home of hostileHomes.filter(isWanted)) await bearHome(home);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.stdout.write(`${failures} failures; ${program.join(' ')}\n`);
process.exitCode = failures > 0 ? 1 : 0;
