/** A notice and the incident that it tells of are on disk together, or neither is, and then both are tried again. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { templateOf } from '../../../scripts/simulate/conditions.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { startHome } from '../../../src/home/start-home.ts';
import { cloudEventBatch } from '../../../src/sink/home/cloud-event.ts';
import { temporaryDirectory } from '../../state/temporary.ts';
import { openReceiver } from './open-announcer.ts';

test('a database that takes no notice keeps no incident, and both follow when it does', async () => {
  const { url, arrived } = await openReceiver();
  const faults: unknown[] = [];
  const home = await startHome({
    listen: { host: '127.0.0.1', port: 0 },
    dataDir: join(temporaryDirectory(), 'data'),
    clock: systemClock,
    onFault: (error) => faults.push(error),
    notify: { receivers: [{ name: 'hook', format: 'cloudevents', url: new URL(url) }] },
  });
  onTestFinished(() => home.close().catch(() => {}));
  const { db } = home.store;
  db.exec(
    "CREATE TEMP TRIGGER no_notice BEFORE INSERT ON notice BEGIN SELECT raise(ABORT, 'full'); END",
  );
  const time = new Date().toISOString();
  for (const seen of ['accepted', 'wrong-client-ca'] as const) {
    for (let agent = 0; agent < 4; agent += 1) {
      const identity = { name: 'sidelight', version: '1', host: `pod-${agent}` };
      const report = { ...templateOf(seen, 'openssl', true), time, agent: identity };
      const document = { id: `${seen}-${agent}`, time, body: JSON.stringify(report) };
      const answer = await fetch(home.url, {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents-batch+json' },
        body: cloudEventBatch(`agent-${agent}`, [document]),
      });
      expect(answer.status).toBe(200);
    }
  }
  await expect.poll(() => faults.length).toBeGreaterThan(0);
  expect(home.incidents.open()).toHaveLength(1);
  expect(home.incidents.latest(10)).toEqual([]);
  expect(arrived).toEqual([]);
  db.exec('DROP TRIGGER no_notice');
  await expect.poll(() => arrived.length, { timeout: 5_000 }).toBe(1);
  expect(JSON.parse(arrived[0]?.body ?? '').type).toBe('io.sidelight.incident.opened.v1');
  expect(home.incidents.latest(10)).toHaveLength(1);
});
