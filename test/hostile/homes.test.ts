/** Homes that do to a delivery what hostile gateways do to a look. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePki } from '../support/openssl.ts';
import { type StubPeer, startStubPeer } from '../support/stub-peer.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { holdCost } from './hold-peers.ts';
import { type HostileHome, hostileHomes } from './peers/homes.ts';
import { onRequest } from './peers/http.ts';
import { type Prober, startProber } from './prober.ts';

/** One that is soon over; and one for a machine that is too busy for it, on which a real failure fails again. */
const timeoutsMs = [400, 4_000] as const;
const directory = temporaryDirectory();
let prober: Prober;

beforeAll(async () => {
  prober = startProber(makePki(directory).ca('CA').certPath);
  // What is loaded once is loaded now, and is no growth of any case.
  const ordinary = await startStubPeer(
    onRequest((socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')),
  );
  const tried = await prober.deliver(`http://127.0.0.1:${ordinary.port}/`, 5_000);
  expect(tried).toMatchObject({ troubles: [], waiting: 0 });
  await ordinary.stop();
});
afterAll(() => prober.stop());

test.for(hostileHomes)('a home that $does is borne', { timeout: 30_000 }, async (hostile) => {
  const home = await startStubPeer(hostile.behave);
  const [first, second] = timeoutsMs;
  try {
    await bear(hostile, home, first).catch(() => bear(hostile, home, second));
  } finally {
    await home.stop();
  }
});

async function bear(
  { trouble, waiting }: HostileHome,
  home: StubPeer,
  timeoutMs: number,
): Promise<void> {
  const tried = await prober.deliver(`http://127.0.0.1:${home.port}/`, timeoutMs);
  expect(tried.troubles.join()).toMatch(new RegExp(`^(?:${trouble})$`));
  expect(tried.waiting).toBe(waiting);
  expect(tried.tookMs).toBeLessThan(2 * timeoutMs + 1_500);
  holdCost(tried);
  await expect.poll(home.openConnections).toBe(0);
}
