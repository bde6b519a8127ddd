/** One process of senders, which does what its parent says: its processor time is not home's. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './sample-body.ts';
import { emptyTally, type Fleet, openFleet, type Place, type Tally } from './senders.ts';

export type Order =
  | {
      readonly kind: 'open';
      readonly place: Place;
      readonly first: number;
      readonly count: number;
      readonly keepMs: number;
    }
  | {
      readonly kind: 'phase';
      readonly outcome: Outcome;
      readonly perSecond: number;
      readonly seconds: number;
    }
  | { readonly kind: 'end' };

/** To `phase`. */
export interface Done {
  readonly tally: Tally;
  readonly tookMs: number;
  readonly cpuMs: number;
}

/** To `end`: of everything that was answered as stored. */
export type Stored = readonly string[];

const settleMs = 60_000;
let fleet: Fleet | undefined;

process.on('message', (order: Order) => void carryOut(order));

async function carryOut(order: Order): Promise<void> {
  switch (order.kind) {
    case 'open':
      fleet = openFleet(order.place, order);
      process.send?.('open');
      return;
    case 'phase':
      process.send?.(fleet && (await phase(fleet, order)));
      return;
    case 'end':
      process.send?.(fleet?.ids ?? [], () => process.disconnect());
      fleet?.close();
  }
}

/** At an even rate, which falling behind does not lower. */
async function phase(
  { tally, send, settle }: Fleet,
  { outcome, perSecond, seconds }: Extract<Order, { kind: 'phase' }>,
): Promise<Done> {
  Object.assign(tally, emptyTally());
  const before = process.cpuUsage();
  const began = performance.now();
  const total = Math.round(perSecond * seconds);
  while (tally.sent < total) {
    const due = Math.min(total, ((performance.now() - began) / 1_000) * perSecond);
    while (tally.sent < due) send(outcome);
    await sleep(5);
  }
  await settle(settleMs);
  const { user, system } = process.cpuUsage(before);
  return { tally, tookMs: performance.now() - began, cpuMs: (user + system) / 1_000 };
}
