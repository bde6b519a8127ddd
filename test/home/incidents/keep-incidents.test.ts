/** The incidents of a running home: real reports through its door, and a restart that neither forgets nor reopens. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { templateOf } from '../../../scripts/simulate/conditions.ts';
import { systemClock } from '../../../src/base/clock.ts';
import type { IncidentEvent } from '../../../src/home/incidents/incident.ts';
import { startHome } from '../../../src/home/start-home.ts';
import { cloudEventBatch } from '../../../src/sink/home/cloud-event.ts';
import { temporaryDirectory } from '../../state/temporary.ts';

async function openHome(dataDir: string) {
  const listen = { host: '127.0.0.1', port: 0 };
  const faults: unknown[] = [];
  const home = await startHome({
    listen,
    dataDir,
    clock: systemClock,
    onFault: (error) => faults.push(error),
  });
  onTestFinished(() => home.close().catch(() => {}));
  const events: IncidentEvent[] = [];
  home.incidents.onEvents((told) => events.push(...told));
  return { home, events, faults };
}

/** Agents `from` to below `to` say it, each for itself. */
async function send(url: string, seen: 'accepted' | 'wrong-client-ca', from: number, to: number) {
  for (let agent = from; agent < to; agent += 1) {
    const time = new Date().toISOString();
    const report = {
      ...templateOf(seen, 'openssl', true),
      time,
      agent: {
        name: 'sidelight',
        version: '1',
        host: `pod-${agent}`,
        delegate: { account: 'acme' },
      },
    };
    const document = { id: `${seen}-${agent}-${time}`, time, body: JSON.stringify(report) };
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: cloudEventBatch(`agent-${agent}`, [document]),
    });
    expect(answer.status).toBe(200);
  }
}

test('reports that come through the door open an incident, which outlives a restart of home', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const first = await openHome(dataDir);
  await send(first.home.url, 'accepted', 0, 10);
  await send(first.home.url, 'wrong-client-ca', 0, 4);
  await expect.poll(() => first.events.map(({ kind }) => kind)).toEqual(['opened']);
  const [incident] = first.home.incidents.open();
  expect(incident).toMatchObject({
    kind: 'gateway',
    side: 'gateway',
    affected: 4,
    known: 10,
    signature: { cause: 'gateway-client-ca-changed', alert: { direction: 'received', code: 48 } },
  });
  await first.home.close();

  const second = await openHome(dataDir);
  expect(second.home.incidents.open()).toMatchObject([
    { id: incident?.id, affected: 4, known: 10 },
  ]);
  expect(second.home.incidents.fleet.glance()).toMatchObject({
    delegates: 10,
    targets: [{ known: 10, accepted: 6, failing: 4, silent: 0 }],
  });
  await send(second.home.url, 'wrong-client-ca', 4, 6);
  await send(second.home.url, 'accepted', 0, 3);
  await expect.poll(() => second.home.incidents.open()[0]?.affected).toBe(3);
  expect(second.events.filter(({ kind }) => kind === 'opened')).toEqual([]);
  expect(second.home.incidents.latest(10)).toMatchObject([{ id: incident?.id }]);
  expect(second.home.incidents.find(incident?.id ?? '')).toMatchObject({ state: 'open' });
  expect([...first.faults, ...second.faults]).toEqual([]);
});
