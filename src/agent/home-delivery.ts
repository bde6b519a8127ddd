/** The way home of one agent: reports into the spool, and from there to the receiver for as long as it takes. */
import type { HomeConfig } from '../config/config.ts';
import type { Delivery, Report } from '../report/report.ts';
import { DeliveryLoop } from '../sink/delivery/delivery-loop.ts';
import { httpsCarrier } from '../sink/home/https-carrier.ts';
import { Spool } from '../sink/spool/spool.ts';
import { agentId } from '../state/identity.ts';
import type { OpenState } from '../state/open-state.ts';
import type { Ports } from './ports.ts';

export interface HomeDelivery {
  /** Durable when it returns, where the state is. */
  add(report: Report): void;
  stats(): Delivery;
  /** Sends what waits, as far as home takes it at once; the rest stays in the spool. */
  stop(flushMs: number): Promise<void>;
}

export function startDelivery(home: HomeConfig, state: OpenState, ports: Ports): HomeDelivery {
  const { clock, random, log } = ports;
  const spool = new Spool({ state, clock });
  const loop = new DeliveryLoop({
    carrier: httpsCarrier({ home, agentId: agentId(state.db, clock, random), clock }),
    spool,
    clock,
    random,
    onTrouble: (trouble) => {
      if (trouble.code === 'none') log.info('home takes reports again');
      else log.warn('home does not take reports', { ...trouble });
    },
  });
  loop.start();
  return {
    add: (report) => {
      const outcome = spool.add(report);
      if (outcome !== 'kept') log.warn('a report is lost', { reason: outcome, report: report.id });
      loop.wake();
    },
    stats: () => {
      const { waiting, lost } = spool.stats();
      return { waiting, lost };
    },
    stop: async (flushMs) => {
      await loop.flush(flushMs);
      await loop.stop();
    },
  };
}
