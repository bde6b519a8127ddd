/** Open pages learn that something changed, soon and not often, and only pages of ours that may. */
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../../src/base/clock.ts';
import { temporaryDirectory } from '../../state/temporary.ts';
import { reportEvent } from '../open-home.ts';
import { connectAgent } from '../socket/connect.ts';
import { formTokenIn, openPages, type Pages } from './open-page.ts';

function listen({ url }: Pick<Pages, 'url'>, headers: Record<string, string> = {}): WebSocket {
  const origin = url.slice(0, -1);
  const socket = new WebSocket(`${url.replace('http', 'ws')}ui/live`, {
    headers: { origin, ...headers },
  });
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return socket;
}

async function refusalOf(socket: WebSocket): Promise<number> {
  const [, { statusCode }] = await once(socket, 'unexpected-response');
  return statusCode as number;
}

const sender = { name: 's', identity: 's' };

test('what arrives is told within a second, and much of it not more often than that', async () => {
  const home = await openPages();
  const socket = listen(home);
  await once(socket, 'open');
  const told: number[] = [];
  socket.on('message', () => told.push(performance.now()));
  const beganMs = performance.now();
  for (let count = 0; count < 24; count += 1) {
    await home.intake.take([reportEvent(`r-${count}`)], sender);
    await sleep(100);
  }
  await expect.poll(() => told.length).toBeGreaterThanOrEqual(2);
  expect((told[0] ?? 0) - beganMs).toBeLessThan(1_000);
  const gaps = told.slice(1).map((atMs, index) => atMs - (told[index] ?? 0));
  for (const gap of gaps) expect(gap).toBeGreaterThan(900);
});

test.for([
  ['of another site', { origin: 'https://evil.example' }, 403],
  ['of another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
  ['without an origin', { origin: 'null' }, 403],
  ['of a rebound name', { origin: 'http://evil.example', host: 'evil.example' }, 401],
] as const)('a page %s is not told', async ([, headers, status]) => {
  const home = await openPages();
  expect(await refusalOf(listen(home, { ...headers }))).toBe(status);
});

test('without a session nobody is told; with one, until its operator is gone', async () => {
  const path = join(temporaryDirectory(), 'operators');
  writeFileSync(path, 'ops op-token-1\n');
  const due = new Set<() => void>();
  const clock = {
    ...systemClock,
    after: (delayMs: number, callback: () => void) => {
      if (delayMs === 10_000) due.add(callback);
      return systemClock.after(delayMs, callback);
    },
  };
  const home = await openPages({ operatorTokens: path, clock });
  expect(await refusalOf(listen(home))).toBe(401);
  const cookie = await home.logIn('op-token-1');
  const socket = listen(home, { cookie });
  await once(socket, 'open');
  writeFileSync(`${path}.new`, 'others op-token-2\n');
  renameSync(`${path}.new`, path);
  for (const callback of [...due]) callback();
  const [code] = await once(socket, 'close');
  expect(code).toBe(4401);
});

test('a page that speaks is closed', async () => {
  const home = await openPages();
  const socket = listen(home);
  await once(socket, 'open');
  socket.send('hello');
  const [code] = await once(socket, 'close');
  expect(code).toBe(1003);
  await expect.poll(() => home.page?.listeners()).toBe(0);
});

test('a page asks a connected agent for a look, and one that is not connected has no button', async () => {
  const home = await openPages();
  await home.intake.take([reportEvent('r', { ...told, source: 'urn:sidelight:agent:a' })], sender);
  const path = `/ui/delegate?of=${encodeURIComponent('urn:sidelight:agent:a')}`;
  expect((await home.ask(path)).text).not.toContain('Ask it for a look');
  const agent = await connectAgent(home);
  agent.say({ type: 'hello', source: 'urn:sidelight:agent:a', agent: 'x', delegate: 'a' });
  const asked = async () => (await home.ask(path)).text;
  await expect.poll(asked).toContain('Ask it for a look');
  const form = { form: formTokenIn(await asked()), of: 'urn:sidelight:agent:a' };
  const { status, location = '' } = await home.ask('/ui/probe-now', { form });
  expect([status, location]).toEqual([303, `${path}&asked=1`]);
  await expect.poll(() => agent.heard).toContainEqual({ type: 'probe-now' });
  expect((await home.ask(location)).text).toContain('It was asked for a look');
});

const told = {
  agent: { host: 'h', delegate: { name: 'a' } },
  target: { url: 'https://gateway.example/', host: 'gateway.example', port: 443 },
  outcome: 'accepted',
};
