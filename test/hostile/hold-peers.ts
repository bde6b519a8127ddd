/** Runs `check` against hostile peers in a process that is measured: bounded in time and memory, true, nothing left over. */
import { partialDeepStrictEqual } from 'node:assert';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePki } from '../support/openssl.ts';
import type { StubPeer } from '../support/stub-peer.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import type { Cost } from './looker.ts';
import { onRequest } from './peers/http.ts';
import type { HostilePeer } from './peers/peer.ts';
import { startTlsPeer } from './peers/tls-peer.ts';
import { type Files, makeFiles, type Prober, startProber, wordsFor } from './prober.ts';

/** One that is soon over; and one for a machine that is too busy for it, on which a real failure fails again. */
const timeoutsMs = [600, 4_000] as const;
/** All steps together may take three deadlines; the rest is the goodbye, and a machine that has other things to do. */
const patienceMs = (timeoutMs: number): number => 3 * timeoutMs + 1_200;
const maxGrowthBytes = 32 * 1024 * 1024;
const maxKeptBytes = 1024 * 1024;

/** Bounded in memory, and nothing of it is left. */
export function holdCost({ grewBytes, keptBytes, leaked }: Cost): void {
  expect(grewBytes).toBeLessThan(maxGrowthBytes);
  expect(keptBytes).toBeLessThan(maxKeptBytes);
  expect(leaked).toEqual([]);
}

/** One test for each peer. */
export function holdPeers(peers: readonly HostilePeer[]): void {
  const directory = temporaryDirectory();
  let files: Files;
  let prober: Prober;

  beforeAll(async () => {
    files = makeFiles(makePki(directory));
    prober = startProber(files.caPath);
    // What is loaded once is loaded now, and is no growth of any case.
    const ordinary = await startTlsPeer(
      files.gateway,
      onRequest((socket) => void socket.end(plainAnswer)),
    );
    for (const options of [[], ['--websocket', '/']]) {
      const looked = await prober.check(wordsFor({ options }, ordinary.port, files, 5_000));
      expect(looked.stdout).toContain('"schema"');
    }
    await ordinary.stop();
  });
  afterAll(() => prober.stop());

  test.for(peers)('a peer that $does is borne', { timeout: 40_000 }, async (hostile) => {
    const [first, second] = timeoutsMs;
    const peer = await hostile.start(files.gateway);
    try {
      await bear(hostile, peer, first).catch(() => bear(hostile, peer, second));
    } finally {
      await peer.stop();
    }
  });

  async function bear(hostile: HostilePeer, peer: StubPeer, timeoutMs: number): Promise<void> {
    const looked = await prober.check(wordsFor(hostile, peer.port, files, timeoutMs));
    const report = JSON.parse(looked.stdout);
    partialDeepStrictEqual(report, hostile.report);
    if (hostile.denies) expect(looked.stdout).not.toMatch(hostile.denies);
    // A failure that nobody can name helps nobody.
    if (report.outcome !== 'accepted') expect(report.cause).not.toBe(null);
    expect(looked.tookMs).toBeLessThan(patienceMs(timeoutMs));
    holdCost(looked);
    // Whatever a peer calls itself, a terminal is safe from it.
    expect(looked.stdout).not.toMatch(/[^\n\x20-\x7e\u00a0-\uffff]|[\u202a-\u202e\u2066-\u2069]/);
    await expect.poll(peer.openConnections).toBe(0);
  }
}

const plainAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
