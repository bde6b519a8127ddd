/** The agent as a whole: changes of configuration that overtake each other, and faults of its own. */
import { expect, test } from 'vitest';
import { Agent } from '../../src/agent/agent.ts';
import type { Ports } from '../../src/agent/ports.ts';
import { runAgent } from '../../src/agent/run.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { Config } from '../../src/config/config.ts';

const quiet = { info: () => undefined, warn: () => undefined };

function portsWith(clock: Clock): Ports {
  const { signal } = new AbortController();
  const random = { ...systemRandom, fraction: () => 0 };
  return { clock, random, hostname: 'test', signal, log: quiet };
}

/** Nothing listens at any of its ports. */
function configOf(given: Partial<Config>): Config {
  return {
    targets: [],
    timeoutMs: 200,
    intervalMs: 60_000,
    heartbeatMs: 60_000,
    experiments: false,
    homes: [],
    format: 'json',
    delegate: {},
    origins: [],
    ...given,
  };
}

const homeAt = (port: number): Partial<Config> => ({
  homes: [{ name: 'home', url: new URL(`http://127.0.0.1:${port}/`) }],
});

const closedPort: Partial<Config> = {
  targets: [
    {
      url: new URL('https://localhost:9/'),
      address: '127.0.0.1',
      credential: {},
      tls: { minVersion: '1.2', maxVersion: '1.3', alpn: [] },
    },
  ],
};

test('two configurations at once leave one way home, and nothing goes on after the end', async () => {
  let asleep = 0;
  const clock: Clock = {
    ...systemClock,
    sleep: async (delayMs, signal) => {
      asleep += 1;
      await systemClock.sleep(delayMs, signal);
      asleep -= 1;
    },
  };
  const agent = new Agent(configOf(homeAt(9)), portsWith(clock), () => undefined);
  const taken = [2, 3].map((port) => agent.reconfigure(configOf(homeAt(port))));
  await Promise.all(taken);
  expect(asleep).toBe(1);
  await agent.stop();
  expect(asleep).toBe(0);
});

test('a configuration that comes while the agent ends begins nothing', async () => {
  const agent = new Agent(configOf(homeAt(9)), portsWith(systemClock), () => undefined);
  const ended = agent.stop();
  await expect(agent.reconfigure(configOf(homeAt(2)))).resolves.toBeUndefined();
  await ended;
});

test('a fault of ours in one watch is told, and the agent can still be stopped', async () => {
  const fault = new TypeError('a fault of ours');
  const agent = new Agent(configOf(closedPort), portsWith(systemClock), () => {
    throw fault;
  });
  await expect(agent.failed).rejects.toBe(fault);
  await agent.stop();
});

test('run ends with the fault of a watch, for its caller to print', async () => {
  const fault = new TypeError('a fault of ours');
  const ports = portsWith({
    ...systemClock,
    monotonicMs: () => {
      throw fault;
    },
  });
  const signals = {
    onReload: () => () => undefined,
    onProbeNow: () => () => undefined,
    load: () => configOf({}),
  };
  await expect(runAgent(configOf(closedPort), ports, signals)).rejects.toBe(fault);
});
