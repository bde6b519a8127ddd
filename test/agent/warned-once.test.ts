/** What was told of a certificate that nears its end is remembered in the state directory. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../../src/agent/agent.ts';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { type Gateway, startGateway } from '../../src/demo/gateway.ts';
import { eventCodeOf } from '../../src/report/event.ts';
import type { Report } from '../../src/report/report.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const dayMs = 86_400_000;
const pki = makePki(temporaryDirectory());
const ca = pki.ca('Delegate CA');
const gatewayCa = pki.ca('Gateway CA');
const server = pki.server({ ca: gatewayCa });
const at = (days: number): Date => new Date(Date.now() + days * dayMs);
/** 70 % of its life is over. */
const ageing = (): Issued => pki.leaf({ cn: 'delegate-1', ca, notBefore: at(-7), notAfter: at(3) });
let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: ca.cert,
  });
});

afterAll(() => gateway.close());

/** An agent's life: as many looks as make three reports or, without news, a second of them. */
async function live(name: string, { certPath, keyPath }: Issued): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const agent = new Agent(
    {
      homes: [],
      targets: [
        {
          url: new URL(`https://localhost:${gateway.port}/`),
          address: '127.0.0.1',
          credential: { certPath, keyPath, caPath: gatewayCa.certPath },
          tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] },
        },
      ],
      timeoutMs: 5000,
      intervalMs: 20,
      heartbeatMs: 400,
      experiments: false,
      format: 'json',
      delegate: {},
      origins: [],
      stateDir: join(pki.dir, name),
    },
    {
      clock: systemClock,
      random: { ...systemRandom, fraction: () => 0 },
      hostname: 'test',
      signal: new AbortController().signal,
      log: { info: () => undefined, warn: () => undefined },
    },
    (report) => void reports.push(report),
  );
  // Heartbeats come after looks enough to tell all that is new.
  const beats = () => reports.filter(({ event }) => event === 'heartbeat').length;
  await expect.poll(beats, { interval: 20, timeout: 10_000 }).toBeGreaterThan(0);
  await agent.stop();
  return reports;
}

const codes = (reports: readonly Report[]) =>
  reports.map(eventCodeOf).filter((code) => code !== 'heartbeat');

test('a step that was told is not told again after a restart; that of another certificate is', async () => {
  const client = ageing();
  const first = await live('kept', client);
  expect(codes(first)).toEqual(['target-accepted', 'certificate-expiring']);
  expect(first[1]?.warnings).toContainEqual(
    expect.objectContaining({
      code: 'client-certificate-expires-soon',
      threshold: '66-percent',
      certificateSha256: client.sha256,
    }),
  );
  expect(codes(await live('kept', client))).toEqual(['target-accepted']);
  expect(codes(await live('kept', ageing()))).toEqual([
    'client-certificate-changed',
    'certificate-expiring',
  ]);
  // Without the memory, it is told anew.
  expect(codes(await live('other', client))).toEqual(['target-accepted', 'certificate-expiring']);
});
