/** `check` with homes: every one of them gets the report, under a number that `run` shares. */
import { expect, test } from 'vitest';
import { runCheck } from '../../src/agent/check.ts';
import type { Ports } from '../../src/agent/ports.ts';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { Config, NamedHome, TargetConfig } from '../../src/config/config.ts';
import type { Report } from '../../src/report/report.ts';
import { openState } from '../../src/state/open-state.ts';
import { lastSequence } from '../../src/state/sequence.ts';
import { stubHome } from '../sink/home/stub-home.ts';
import { temporaryDirectory } from '../state/temporary.ts';

const ports: Ports = {
  clock: systemClock,
  random: systemRandom,
  hostname: 'test',
  signal: new AbortController().signal,
  log: { info: () => undefined, warn: () => undefined },
};

/** Nothing listens there. */
const target: TargetConfig = {
  url: new URL('https://localhost:9/'),
  address: '127.0.0.1',
  credential: {},
  tls: { minVersion: '1.2', maxVersion: '1.3', alpn: [] },
};

async function check(stateDir: string, homes: readonly NamedHome[]): Promise<Report> {
  const config: Config = {
    ...{ targets: [target], timeoutMs: 2_000, intervalMs: 60_000, heartbeatMs: 60_000 },
    ...{ experiments: false, format: 'json', delegate: {}, origins: [], stateDir, homes },
  };
  let shown: Report | undefined;
  const report = await runCheck(config, target, ports, (first) => {
    shown = first;
  });
  expect(shown).toBe(report);
  return report;
}

test('each home gets the report with its number, and a check without a home takes none', async () => {
  const stateDir = temporaryDirectory();
  const [one, other] = [await stubHome(), await stubHome()];
  const homes = [
    { name: 'home', url: one.url },
    { name: 'other', url: other.url },
  ];
  const first = await check(stateDir, homes);
  expect(first.sequence).toBe(1);
  expect((await check(stateDir, [])).sequence).toBeUndefined();
  const third = await check(stateDir, homes);
  expect(third.sequence).toBe(2);
  expect(third.agent.id).toBe(first.agent.id);
  for (const home of [one, other]) {
    const events = home.received.flatMap(({ body }) => JSON.parse(body));
    expect(events.map(({ id, sequence, data }) => [id, sequence, data.sequence])).toEqual([
      [first.id, '1', 1],
      [third.id, '2', 2],
    ]);
  }
  const state = openState({ directory: stateDir, exclusive: true, clock: systemClock });
  expect(lastSequence(state.db)).toBe(2);
  state.close();
});
