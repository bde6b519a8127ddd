/** The whole way: agent killed, home away, both back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { listReports } from '../../../src/home/list-reports.ts';
import { startHome } from '../../../src/home/start-home.ts';
import { temporaryDirectory } from '../../state/temporary.ts';
import { sending } from './send.ts';
import { stubHome } from './stub-home.ts';

/** A busy machine is given time; a fault is waited for no longer than a test may last. */
const patience = { timeout: 10_000 };

const src = `${import.meta.dirname}/../../../src`;

/** An agent that adds reports, tries to send them, and waits to be killed. */
const agentScript = `
  const [directory, url, ...ids] = process.argv.slice(1);
  const { openState } = await import('${src}/state/open-state.ts');
  const { systemClock: clock } = await import('${src}/base/clock.ts');
  const { systemRandom: random } = await import('${src}/base/random.ts');
  const { Spool } = await import('${src}/sink/spool/spool.ts');
  const { DeliveryLoop } = await import('${src}/sink/delivery/delivery-loop.ts');
  const { httpsCarrier } = await import('${src}/sink/home/https-carrier.ts');
  globalThis.state = openState({ directory, exclusive: true, clock });
  const spool = new Spool({ state, clock });
  const home = { url: new URL(url) };
  const sender = new DeliveryLoop({
    carrier: httpsCarrier({ home, agentId: '0198f000-0000-7000-8000-000000000001', clock }), spool: spool.cursor('home'), clock, random,
    onTrouble: ({ code }) => console.log(code),
    backoff: { baseMs: 20, capMs: 20, floorMs: 20 },
  });
  sender.start();
  for (const id of ids) {
    spool.add({ schema: 'sidelight.report/1', id, time: new Date().toISOString() });
    sender.wake();
  }
  console.log('added');
`;

async function killedAgent(directory: string, url: string, ids: string[], until: string) {
  const args = ['--input-type=module', '-e', agentScript, directory, url, ...ids];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.includes('added') && said.includes(until)) child.kill('SIGKILL');
  });
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
}

test('three changes while home is down and a SIGKILL: all arrive when both are back, none twice', async () => {
  const directory = temporaryDirectory();
  const dataDir = temporaryDirectory();
  const listen = { host: '127.0.0.1', port: 0 };
  const before = await startHome({ listen, dataDir, clock: systemClock });
  await before.close();
  await killedAgent(directory, before.url, ['one', 'two', 'three'], 'unreachable');
  const after = await startHome({ listen, dataDir, clock: systemClock });
  onTestFinished(() => after.close());
  const { sender, spool } = sending({ url: new URL(after.url) }, { directory });
  expect(spool.stats().waiting).toBe(3);
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect([...listReports(dataDir)].map(({ id }) => id)).toEqual(['one', 'two', 'three']);
  await sender.stop();
});

test('a SIGKILL after home stored and before it answered: sent again under the same key, stored once', async () => {
  const directory = temporaryDirectory();
  const dataDir = temporaryDirectory();
  const listen = { host: '127.0.0.1', port: 0 };
  const home = await startHome({ listen, dataDir, clock: systemClock });
  onTestFinished(() => home.close());
  const between = await stubHome(({ body, headers }, response, number) => {
    const forward = fetch(home.url, {
      method: 'POST',
      headers: { 'content-type': headers['content-type'] ?? '' },
      body,
    });
    // The first answer is lost on the way.
    const reply = number === 1 ? () => response.destroy() : () => response.end();
    forward.then(reply, () => response.destroy());
    return 'handled';
  });
  await killedAgent(directory, between.url.href, ['one', 'two'], 'unreachable');
  const { sender, spool } = sending({ url: between.url }, { directory });
  sender.start();
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
  expect([...listReports(dataDir)].map(({ id }) => id)).toEqual(['one', 'two']);
});

test('home restarts in the middle: every report is stored once, in order', async () => {
  const dataDir = temporaryDirectory();
  const first = await startHome({
    listen: { host: '127.0.0.1', port: 0 },
    dataDir,
    clock: systemClock,
  });
  const { sender, spool, add } = sending({ url: new URL(first.url) });
  sender.start();
  const ids = Array.from({ length: 300 }, (_, i) => `r${String(i).padStart(3, '0')}`);
  for (const id of ids.slice(0, 150)) add(id);
  await systemClock.sleep(20);
  await first.close();
  for (const id of ids.slice(150)) add(id);
  const listen = { host: '127.0.0.1', port: first.port };
  const second = await startHome({ listen, dataDir, clock: systemClock });
  onTestFinished(() => second.close());
  await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), { timeout: 5_000 });
  const stored = [...listReports(dataDir)].map(({ id }) => id);
  expect(stored).toEqual(ids);
  await sender.stop();
});
