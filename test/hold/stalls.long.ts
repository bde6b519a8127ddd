/** A process that is stopped and goes on: what that did to a look is told as our own, and as nobody else's fault. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { type Agent, lastWord, setStage, slow, startAgent, startBetween } from './stage.ts';

const stage = setStage();

function start(command: string, port: number, ...args: readonly string[]): Agent {
  const where = [`https://localhost:${port}/`, '--address', '127.0.0.1'];
  return startAgent(stage, [command, ...where, ...args]);
}

/** Stopped when its ClientHello is out, for longer than it would wait for an answer. */
async function checkStopped(onHello: (towards: Socket) => void): Promise<Report> {
  const known: { check?: Agent } = {};
  const port = await startBetween(stage, (towards) => {
    known.check?.signal('SIGSTOP');
    onHello(towards);
    setTimeout(() => known.check?.signal('SIGCONT'), 2_500);
  });
  known.check = start('check', port, '--timeout', '1s');
  await known.check.ended;
  return JSON.parse(known.check.stdout()) as Report;
}

test(
  'an answer that came while the process was stopped is read, though the deadline is over',
  slow,
  async () => {
    const report = await checkStopped(() => undefined);
    expect(report.outcome).toBe('accepted');
    expect(report.stalledMs).toBeGreaterThan(2_000);
  },
);

test(
  'a peer that lost patience while the process was stopped refused nobody, and is not blamed',
  slow,
  async () => {
    const report = await checkStopped((towards) => towards.resetAndDestroy());
    expect(report.outcome).toBe('failed');
    expect(report.cause).toMatchObject({ code: 'process-stalled', side: 'delegate' });
    expect(report.cause?.evidence[0]).toMatch(
      /^This process did not run for 2\.\d s of this look\.$/,
    );
  },
);

test('a peer that says nothing to a process that runs is blamed as ever', slow, async () => {
  const silent = createServer((socket) => void stage.closing.push(() => socket.destroy()));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  stage.closing.push(() => silent.close());
  const check = start('check', (silent.address() as AddressInfo).port, '--timeout', '1s');
  await check.ended;
  const report = JSON.parse(check.stdout()) as Report;
  expect(report.cause?.code).toBe('handshake-timeout');
});

test(
  'an agent that slept between two looks says how late it was, and reports no trouble',
  slow,
  async () => {
    const port = await startBetween(stage, () => undefined);
    const agent = start('run', port, '--interval', '500ms', '--metrics', '127.0.0.1:0');
    await expect.poll(() => lastWord(agent)).toBe('accepted');
    const [, metricsPort] = /"port":(\d+),"msg":"metrics/.exec(agent.stderr()) ?? [];
    await pause(100);
    agent.signal('SIGSTOP');
    await pause(3_000);
    agent.signal('SIGCONT');
    const late = /look_lateness_seconds_bucket\{[^}]*le="1"\} (\d+)\n.*le="5"\} (\d+)/;
    await expect
      .poll(async () => {
        const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
        const [, within1 = '0', within5 = '0'] = late.exec(text) ?? [];
        return Number(within5) - Number(within1);
      })
      .toBeGreaterThanOrEqual(1);
    expect(new Set(agent.reports().map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
  },
);
