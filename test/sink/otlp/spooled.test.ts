/** From the spool through the loop to the Collector: what is lost is counted, and everything else arrives. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { DeliveryLoop } from '../../../src/sink/delivery/delivery-loop.ts';
import type { Trouble } from '../../../src/sink/delivery/trouble.ts';
import { otlpCarrier } from '../../../src/sink/otlp/otlp-carrier.ts';
import { Spool } from '../../../src/sink/spool/spool.ts';
import { openState } from '../../../src/state/open-state.ts';
import { acceptedReport, configFor } from './carrying.ts';
import { idsIn, stubCollector } from './stub-collector.ts';

const patience = { timeout: 10_000 };

function delivering(url: string) {
  const clock = systemClock;
  const state = openState({ exclusive: false, clock });
  const spool = new Spool({ state, clock, receivers: ['otlp'] });
  const troubles: Trouble[] = [];
  const cursor = spool.cursor('otlp');
  const loop = new DeliveryLoop({
    carrier: otlpCarrier({ otlp: configFor(url), clock, warn: () => {}, inform: () => {} }),
    spool: cursor,
    clock,
    random: systemRandom,
    onTrouble: (trouble) => troubles.push(trouble),
    backoff: { baseMs: 10, capMs: 20, floorMs: 5 },
  });
  onTestFinished(async () => {
    await loop.stop();
    state.close();
  });
  for (const id of ['a', 'b', 'c', 'd']) spool.add(acceptedReport(id));
  loop.start();
  const isEmpty = () => vi.waitFor(() => expect(cursor.stats().waiting).toBe(0), patience);
  return { cursor, troubles, isEmpty };
}

test('what passes is waited for: everything arrives once 429, 502, 503, 504 and a reset are over', async () => {
  const rough = [429, 502, 503, 504];
  const collector = await stubCollector((_received, number, response) => {
    if (number === 5) {
      response.destroy();
      return 'handled';
    }
    return { status: rough[number - 1] ?? 200 };
  });
  const { cursor, isEmpty } = delivering(collector.url);
  await isEmpty();
  expect(collector.of('logs').map(idsIn)).toEqual(Array(6).fill(['a', 'b', 'c', 'd']));
  expect(cursor.stats().lost.rejected).toBe(0);
});

test('Retry-After is a floor of the wait', async () => {
  const at: number[] = [];
  const collector = await stubCollector((_received, number) => {
    at.push(performance.now());
    return number === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 };
  });
  const { isEmpty } = delivering(collector.url);
  await isEmpty();
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(990);
});

test('a 500 is never sent again: its reports are set aside and counted', async () => {
  const collector = await stubCollector(() => ({ status: 500 }));
  const { cursor, troubles, isEmpty } = delivering(collector.url);
  await isEmpty();
  expect(collector.received).toHaveLength(1);
  expect(cursor.stats().lost.rejected).toBe(4);
  expect(troubles).toEqual([{ code: 'reports-refused', status: 500 }]);
});

test('a partial success is counted as lost and never sent again', async () => {
  const collector = await stubCollector(({ signal }) => ({
    status: 200,
    answer: signal === 'logs' ? { partialSuccess: { rejectedLogRecords: '3' } } : {},
  }));
  const { cursor, isEmpty } = delivering(collector.url);
  await isEmpty();
  expect(collector.of('logs')).toHaveLength(1);
  expect(cursor.stats().lost.rejected).toBe(3);
});

test('a batch that is too large comes in parts, and one report that is still too large is set aside', async () => {
  const collector = await stubCollector((received) => {
    if (received.signal === 'metrics') return { status: 200 };
    const ids = idsIn(received);
    return { status: ids.length > 1 || ids.includes('c') ? 413 : 200 };
  });
  const { cursor, isEmpty } = delivering(collector.url);
  await isEmpty();
  const taken = collector.of('metrics').length;
  expect(taken).toBe(3);
  expect(cursor.stats().lost.rejected).toBe(1);
});
