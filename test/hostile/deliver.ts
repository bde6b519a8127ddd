/** One report for a home, by the agent's own rooms, with a deadline that a test can wait for. */
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { DeliveryLoop } from '../../src/sink/delivery/delivery-loop.ts';
import { httpsCarrier } from '../../src/sink/home/https-carrier.ts';
import { Spool } from '../../src/sink/spool/spool.ts';
import { openState } from '../../src/state/open-state.ts';
import { corpus } from '../report/corpus.ts';

export interface DeliveryTried {
  readonly troubles: readonly string[];
  readonly waiting: number;
}

export async function deliver(url: string, timeoutMs: number): Promise<DeliveryTried> {
  const clock = systemClock;
  const state = openState({ exclusive: false, clock });
  const spool = new Spool({ state, clock, receivers: ['home'] });
  const troubles: string[] = [];
  const loop = new DeliveryLoop({
    ...{ spool: spool.cursor('home'), clock, timeoutMs, random: systemRandom },
    carrier: httpsCarrier({ home: { url: new URL(url) }, agentId: 'agent', clock }),
    onTrouble: ({ code }) => void troubles.push(code),
  });
  const [report] = Object.values(corpus);
  if (report) spool.add(report);
  loop.start();
  await loop.flush(10 * timeoutMs);
  const { waiting } = spool.stats();
  await loop.stop();
  state.close();
  return { troubles, waiting };
}
