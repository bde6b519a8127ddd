/** Few file descriptors: an agent that gets no more says so, blames nobody else, and goes on when there are some again. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventCodeOf } from '../../src/report/event.ts';
import { lastWord, setStage, slow, startAgent, startBetween } from './stage.ts';

const stage = setStage();

const agentAt = (port: number, within: readonly string[] = []) => {
  const where = [`https://localhost:${port}/`, '--address', '127.0.0.1', '--interval', '300ms'];
  return startAgent(stage, ['run', ...where], within);
};

test(
  'no descriptor is left for a socket: our own machine is named, and the recovery is told',
  slow,
  async () => {
    const agent = agentAt(await startBetween(stage, () => undefined));
    await expect.poll(() => lastWord(agent)).toBe('accepted');
    const limit = (files: number): void => {
      execFileSync('prlimit', ['--pid', `${agent.pid}`, `--nofile=${files}:`]);
    };
    // What is open stays open, and nothing more opens.
    limit(3);
    await expect.poll(() => lastWord(agent)).toBe('local-resources-exhausted');
    limit(1_000);
    await expect.poll(() => lastWord(agent)).toBe('accepted');
    const codes = agent.reports().map(eventCodeOf);
    expect(codes).toEqual(['target-accepted', 'target-failed', 'target-recovered']);
  },
);

test(
  'with a thousand descriptors an agent looks again and again and holds no more of them',
  slow,
  async () => {
    let looks = 0;
    const port = await startBetween(stage, () => {
      looks += 1;
    });
    const agent = agentAt(port, ['prlimit', '--nofile=1000']);
    const open = (): number => readdirSync(`/proc/${agent.pid}/fd`).length;
    await expect.poll(() => lastWord(agent)).toBe('accepted');
    await expect.poll(() => looks).toBeGreaterThan(3);
    const early = open();
    const before = looks;
    await expect.poll(() => looks - before).toBeGreaterThan(8);
    // One look's own may be open just now.
    expect(open()).toBeLessThanOrEqual(early + 2);
  },
);
