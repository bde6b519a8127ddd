import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { homeMetricNames, openHomeMetrics } from '../../src/home/home-metrics.ts';
import { openHome, openSender, reportEvent } from './open-home.ts';
import { connectAgent } from './socket/connect.ts';

test('home tells what it stored, dropped, set aside and holds', async () => {
  const { url, store, ...parts } = await openHome();
  const metrics = await openHomeMetrics({ ...parts, db: store.db, clock: systemClock });
  const agent = await connectAgent({ url });
  agent.say({ type: 'farewell' });
  await expect.poll(() => parts.sockets.unknownMessages).toBe(1);
  expect(await metrics.text()).not.toMatch(/^sidelight_home_oldest_report_age_seconds /m);
  await openSender(url)([reportEvent('a'), reportEvent('b'), reportEvent('a'), 7]);
  const text = await metrics.text();
  const value = (series: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1],
    );
  expect(value('sidelight_home_reports_stored_total')).toBe(2);
  expect(value('sidelight_home_reports_duplicate_total')).toBe(1);
  expect(value('sidelight_home_reports_rejected_total{reason="not-an-object"}')).toBe(1);
  expect(value('sidelight_home_senders')).toBe(1);
  expect(value('sidelight_home_queue_reports')).toBe(0);
  expect(value('sidelight_home_connections')).toBe(2);
  expect(value('sidelight_home_agent_sockets')).toBe(1);
  expect(value('sidelight_home_unknown_messages_total')).toBe(1);
  expect(value('sidelight_home_database_bytes')).toBeGreaterThan(4_096);
  expect(value('sidelight_home_oldest_report_age_seconds')).toBeGreaterThanOrEqual(0);
  for (const name of homeMetricNames) expect(text).toContain(`# HELP ${name} `);
});
