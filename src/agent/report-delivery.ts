/** The way of one agent's reports: into the spool, and from there to every receiver for as long as it takes. */
import { isoTime } from '../base/clock.ts';
import type { Delivery, Report } from '../report/report.ts';
import type { ReceiverStatus, ReceiverTrouble } from '../report/status.ts';
import { DeliveryLoop } from '../sink/delivery/delivery-loop.ts';
import { lateCarrier } from '../sink/delivery/late-carrier.ts';
import type { Trouble } from '../sink/delivery/trouble.ts';
import type { SpoolLimits } from '../sink/spool/limits.ts';
import type { LossCounts } from '../sink/spool/losses.ts';
import { Spool } from '../sink/spool/spool.ts';
import type { OpenState } from '../state/open-state.ts';
import type { Ports } from './ports.ts';
import type { Receiver } from './receivers.ts';

export interface ReportDelivery {
  /** The report with its number; durable when it returns, where the state is. */
  add(report: Report): Report;
  stats(): DeliveryStats;
  /** Whether the disk takes no reports now, so that they are held in memory. */
  isHolding(): boolean;
  /** Each receiver by itself, with what keeps it from taking reports now. */
  receivers(): readonly ReceiverStatus[];
  /** Losses that no heartbeat has told of. */
  newlyLost(): number;
  /** A heartbeat tells of all of them. */
  lossesTold(): void;
  /** How many reports end with this process, since nothing keeps them. */
  inMemory(): number;
  /** Sends what waits, as far as it is taken at once; the rest stays in the spool. */
  stop(flushMs: number): Promise<void>;
}

export type DeliveryStats = Required<Omit<Delivery, 'newlyLost'>>;

export interface DeliveryPorts extends Pick<Ports, 'clock' | 'random' | 'log'> {
  /** Of the spool, where they are not the usual ones. */
  readonly limits?: Partial<SpoolLimits>;
}

/** How often the disk is asked again whether it takes what is held in memory. */
const askDiskMs = 1_000;

export function startDelivery(
  receivers: readonly Receiver[],
  state: OpenState,
  { clock, random, log, limits = {} }: DeliveryPorts,
): ReportDelivery {
  const spool = new Spool({ state, clock, limits, receivers: receivers.map(({ name }) => name) });
  const ending = new AbortController();
  const troubles = new Map<string, ReceiverTrouble>();
  const loops = receivers.map(({ name, carrier, timeoutMs }) => {
    const loop = new DeliveryLoop({
      carrier: lateCarrier(carrier),
      spool: spool.cursor(name),
      clock,
      random,
      ...(timeoutMs !== undefined && { timeoutMs }),
      onTrouble: (trouble) => {
        if (trouble.code === 'gone') spool.retire(name);
        const since = troubles.get(name)?.since ?? isoTime(clock.now());
        if (trouble.code === 'none') troubles.delete(name);
        else troubles.set(name, { ...trouble, since });
        tell(name, trouble, log);
      },
    });
    loop.start();
    return loop;
  });
  let asking: Promise<void> | undefined;
  /** Until the disk has taken what is held, and the directory can be used. */
  const askDisk = async (): Promise<void> => {
    while (!ending.signal.aborted && !spool.writeHeld()) {
      await clock.sleep(askDiskMs, ending.signal);
    }
  };
  const beginToAsk = (): void => {
    // It may be over before it waits for anything.
    asking ??= askDisk().finally(() => {
      asking = undefined;
      // What waits there could not be read until now.
      for (const loop of loops) loop.wake();
    });
  };
  if (state.isWaiting) beginToAsk();
  const stats = (): DeliveryStats => {
    const { waiting, lost, receivers: homes } = spool.stats();
    const counted = homes.map((home) => ({ ...home, lost: lossesInReport(home.lost) }));
    return { waiting, lost: lossesInReport(lost), homes: counted };
  };
  return {
    add: (report) => {
      const added = spool.add(report);
      if (added.outcome === 'too-large') {
        log.warn('a report is lost', { reason: added.outcome, report: report.id });
      } else if (added.outcome === 'held' && !asking) {
        log.warn('the disk does not take reports: they are held in memory');
        beginToAsk();
      }
      for (const loop of loops) loop.wake();
      return added.report;
    },
    stats,
    isHolding: () => asking !== undefined,
    receivers: () =>
      stats().homes.map((home) => {
        const trouble = troubles.get(home.name);
        return { ...home, ...(trouble && { trouble }) };
      }),
    newlyLost: () => spool.newlyLost(),
    lossesTold: () => spool.lossesTold(),
    inMemory: () => spool.inMemory(),
    stop: async (flushMs) => {
      await Promise.all(loops.map((loop) => loop.flush(flushMs)));
      await Promise.all(loops.map((loop) => loop.stop()));
      ending.abort();
      await asking;
      spool.writeHeld();
    },
  };
}

function tell(receiver: string, trouble: Trouble, log: Ports['log']): void {
  // The one that most have needs no name.
  const who = receiver === 'home' ? {} : { receiver };
  if (trouble.code === 'none') log.info('home takes reports again', who);
  else log.warn('home does not take reports', { ...who, ...trouble });
}

/** As a report says them: `storage` only where there are some. */
export function lossesInReport({ storage, ...lost }: LossCounts): Delivery['lost'] {
  return { ...lost, ...(storage > 0 && { storage }) };
}
